#include "identity/address_rules.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "base/text.hpp"
#include "encoding/unicode.hpp"

namespace cardea::identity {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20U;

/// As addresses have it: in lower case and ASCII. Absent for what is no domain. A single label is one: ".edu".
std::optional<std::string> canonical_domain(std::string_view text) {
  constexpr std::string_view before = "x@a.";
  const auto address = unicode::email(std::string{before}.append(text));
  return address ? std::optional{address->substr(before.size())} : std::nullopt;
}

/// "example.com" or ".example.com"; absent for what is neither.
std::optional<std::string> canonical_pattern(std::string_view text) {
  const bool is_below = text.starts_with('.');
  auto domain = canonical_domain(text.substr(is_below ? 1 : 0));
  if (domain && is_below) domain->insert(domain->begin(), '.');
  return domain;
}

bool matches(const std::vector<std::string>& patterns, std::string_view domain) {
  return std::any_of(patterns.begin(), patterns.end(), [domain](const std::string& pattern) {
    return pattern.starts_with('.') ? domain.ends_with(pattern) : domain == pattern;
  });
}

std::string problem_with_patterns(std::string_view key, const std::vector<std::string>& patterns) {
  for (const auto& each : patterns) {
    if (!canonical_pattern(each)) {
      return std::string{key} + ": \"" + each +
             "\" is no domain; write \"example.com\", or \".example.com\" for those "
             "below it";
    }
  }
  return {};
}

std::vector<std::string> canonical_patterns(const std::vector<std::string>& patterns) {
  std::vector<std::string> all;
  for (const auto& each : patterns) {
    if (auto pattern = canonical_pattern(each)) all.push_back(std::move(*pattern));
  }
  return all;
}

/// The domains of a file, one on a line; a line that is none, or behind a "#", is passed over, because such lists come
/// from elsewhere and one bad line should not stop a server. Absent when the file cannot be read, or holds none.
std::optional<std::unordered_set<std::string>> read_domains(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text(largest_file + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad() || in.gcount() == 0 || static_cast<std::size_t>(in.gcount()) > largest_file) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  std::unordered_set<std::string> domains;
  for (const auto line : text::split(text, '\n')) {
    const auto word = text::trim(line.substr(0, line.find_first_of("#\r")));
    if (word.empty()) continue;
    if (auto domain = canonical_domain(word)) domains.insert(std::move(*domain));
  }
  return domains.empty() ? std::nullopt : std::optional{std::move(domains)};
}

bool holds_domain_or_above(const std::unordered_set<std::string>& domains, std::string_view domain) {
  for (;;) {
    if (domains.contains(std::string{domain})) return true;
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos) return false;
    domain.remove_prefix(dot + 1);
  }
}

std::string unreadable(const std::string& path) {
  return "signup.disposable_file: " + path + ": it cannot be read, or holds no domain";
}

}  // namespace

void describe_addresses(config::Section& signup, AddressSettings& settings) {
  signup.texts("domains_allowed", settings.allowed,
               "The domains of e-mail addresses that people may sign up with or change to: \"example.com\", or "
               "\".example.com\" for those below it. Empty: all. `cardea user` and invitations for an address may give "
               "others.");
  signup.texts("domains_refused", settings.refused, "Those that they may not, written alike.");
  signup.text("disposable_file", settings.disposable_file,
              "A file of domains that give addresses away, one on a line, each with those below it; refused too. It is "
              "read again when it changes.");
  signup.flag("mx", settings.mx,
              "Whether DNS is asked if the domain of an address takes mail, and one that does not is refused. Where no "
              "name server answers, every domain is taken.");
  signup.text(
      "mx_server", settings.mx_server,
      "The name server that is asked, an IPv4 address such as \"192.0.2.53\" or \"127.0.0.1:5353\". Empty: that "
      "of the machine.");
  signup.check([&settings] { return problem_with_patterns("signup.domains_allowed", settings.allowed); });
  signup.check([&settings] { return problem_with_patterns("signup.domains_refused", settings.refused); });
  signup.check([&settings]() -> std::string {
    const auto& path = settings.disposable_file;
    return path.empty() || read_domains(path) ? "" : unreadable(path);
  });
}

AddressRules::AddressRules(const AddressSettings& settings)
    : settings_(settings),
      allowed_(canonical_patterns(settings.allowed)),
      refused_(canonical_patterns(settings.refused)) {
  if (!settings_.disposable_file.empty() && !disposable()) {
    throw std::runtime_error(unreadable(settings_.disposable_file));
  }
}

std::shared_ptr<const AddressRules::Domains> AddressRules::disposable() const {
  const auto found = identity_of_file(settings_.disposable_file);
  const std::scoped_lock lock{mutex_};
  if (found.is_there() && found != seen_) {
    seen_ = found;
    if (auto domains = read_domains(settings_.disposable_file)) {
      disposable_ = std::make_shared<const Domains>(std::move(*domains));
    }
  }
  return disposable_;
}

std::optional<FieldError> AddressRules::problem_with(std::string_view address) const {
  const auto domain = address.substr(address.rfind('@') + 1);
  if (!allowed_.empty() && !matches(allowed_, domain)) {
    return FieldError{"email", "email_domain_not_allowed", "Addresses of this domain are not taken here. Use another."};
  }
  if (matches(refused_, domain)) {
    return FieldError{"email", "email_domain_refused", "Addresses of this domain are not taken here. Use another."};
  }
  const auto disposable_domains = settings_.disposable_file.empty() ? nullptr : disposable();
  if (disposable_domains && holds_domain_or_above(*disposable_domains, domain)) {
    return FieldError{"email", "email_disposable", "This address is for one-time use. Use a lasting one."};
  }
  return std::nullopt;
}

}  // namespace cardea::identity
