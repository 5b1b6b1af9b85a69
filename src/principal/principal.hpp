#pragma once
// principal: who is acting, how well that was shown, and what they may do. The vocabulary of authorisation.
//
// Owns: nothing stored. Never: reads a request, a clock or a database; decides who somebody is.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/enum_text.hpp"
#include "base/id.hpp"
#include "base/small_vector.hpp"
#include "base/time.hpp"

namespace cardea {

/// A way of showing who one is.
enum class AuthMethod { password, totp, passkey, security_key, email_code, sms_code, recovery_code, federated };
constexpr auto enum_texts(AuthMethod) {
  return std::to_array<EnumText<AuthMethod>>({{AuthMethod::password, "password"},
                                              {AuthMethod::totp, "totp"},
                                              {AuthMethod::passkey, "passkey"},
                                              {AuthMethod::security_key, "security_key"},
                                              {AuthMethod::email_code, "email_code"},
                                              {AuthMethod::sms_code, "sms_code"},
                                              {AuthMethod::recovery_code, "recovery_code"},
                                              {AuthMethod::federated, "federated"}});
}

/// Authenticator assurance level (NIST SP 800-63B): one factor, or two of different kinds.
enum class Level { aal1, aal2 };
constexpr auto enum_texts(Level) {
  return std::to_array<EnumText<Level>>({{Level::aal1, "aal1"}, {Level::aal2, "aal2"}});
}

/// A method and when it was last shown.
struct Shown {
  AuthMethod method;
  Time at;
  friend bool operator==(const Shown&, const Shown&) = default;
};

/// What was shown in a session so far; at most once per method, the latest.
struct Assurance {
  SmallVector<Shown, enum_texts(AuthMethod{}).size()> shown = {};  // copied with every request

  /// Adds that `method` was shown at `at`.
  void add(AuthMethod method, Time at);
  /// The level that the methods shown reach together.
  [[nodiscard]] Level level() const;
  /// When a level was last shown. For aal1 the latest proof of any kind; for aal2 the instant at which its second kind
  /// of proof was complete. Absent: not reached.
  [[nodiscard]] std::optional<Time> shown_at(Level level) const;
  /// Authentication method references (RFC 8176): "pwd", "otp", "hwk", "sms", "fed"; "mfa" when the level is aal2.
  [[nodiscard]] std::vector<std::string_view> amr() const;

  friend bool operator==(const Assurance&, const Assurance&) = default;
};
/// The stored form: "password 1795435200000000,totp 1795435260000000" (microseconds).
[[nodiscard]] std::string to_text(const Assurance& assurance);
/// Throws std::runtime_error for a text that `to_text` could not have written.
[[nodiscard]] Assurance parse_assurance(std::string_view text);

/// What an account is to this installation, from the most to the least.
enum class Role { owner, admin, support, auditor, user };
constexpr auto enum_texts(Role) {
  return std::to_array<EnumText<Role>>({{Role::owner, "owner"},
                                        {Role::admin, "admin"},
                                        {Role::support, "support"},
                                        {Role::auditor, "auditor"},
                                        {Role::user, "user"}});
}

/// A set of roles.
class Roles {
 public:
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  [[nodiscard]] constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }

 private:
  static constexpr std::uint8_t bit(Role role) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(role)); }
  std::uint8_t bits_ = 0;
};

/// Something that can be permitted. A feature declares its own, beside what they guard, with the roles that hold them.
struct Permission {
  std::string_view name;  // "users.update": dotted, stable
  Roles held_by;
  std::string_view doc;  // one sentence for the reference
};

/// What somebody may do.
class Permissions {
 public:
  Permissions() = default;  // nothing
  explicit Permissions(Role role) : role_(role) {}
  [[nodiscard]] bool has(const Permission& permission) const { return permission.held_by.contains(role_); }

 private:
  Role role_ = Role::user;
};

/// Who is acting.
struct Principal {
  std::optional<AccountId> account = {};
  std::optional<SessionId> session = {};
  std::optional<ApiKeyId> key = {};
  std::optional<ClientId> client = {};
  Permissions permissions = {};
  Assurance assurance = {};
  bool by_access_token = false;  // nothing but an access token was shown
  bool key_is_stale = false;  // the session is bound to a device, which must show its key anew before a step-up
};

}  // namespace cardea
