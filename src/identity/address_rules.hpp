#pragma once
// Which e-mail addresses people may sign up with, or change to: by their domain.
//
// Never: applies to what the operator of the machine gives somebody, or to an address that an account has.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/error.hpp"
#include "base/file_identity.hpp"
#include "config/section.hpp"

namespace cardea::identity {

/// Domains are written "example.com", which is that one alone, or ".example.com", which is every domain below it.
struct AddressSettings {
  std::vector<std::string> allowed = {};  // empty: every domain
  std::vector<std::string> refused = {};
  std::string disposable_file = {};  // one domain on a line, each with those below it; empty: none
  bool mx = false;  // whether DNS is asked if the domain takes mail
  std::string mx_server = {};  // which name server; empty: those of the machine
};
void describe_addresses(config::Section& signup, AddressSettings& settings);

/// The rules in force. Follows the file of disposable domains: a change of it counts from the next address on, and one
/// that cannot be read leaves what was known. Thread-safe.
class AddressRules {
 public:
  /// `settings` outlives this. Throws std::runtime_error when the file cannot be read.
  explicit AddressRules(const AddressSettings& settings);

  /// What is wrong with `address`, an address that unicode::email gave. Codes: email_domain_not_allowed,
  /// email_domain_refused, email_disposable.
  [[nodiscard]] std::optional<FieldError> problem_with(std::string_view address) const;

 private:
  using Domains = std::unordered_set<std::string>;
  [[nodiscard]] std::shared_ptr<const Domains> disposable() const;

  const AddressSettings& settings_;
  std::vector<std::string> allowed_;
  std::vector<std::string> refused_;
  mutable std::mutex mutex_;
  mutable FileIdentity seen_;
  mutable std::shared_ptr<const Domains> disposable_;
};

}  // namespace cardea::identity
