#pragma once
// Sessions, tokens and sign-ins on the wire.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "encoding/wire.hpp"
#include "identity/account_view.hpp"
#include "principal/principal.hpp"
#include "session/session.hpp"

namespace cardea::authn {

struct SessionView {
  static constexpr std::string_view schema_name = "Session";
  static constexpr std::string_view schema_example =
      R"({"id":"ses_01K2V7F3T4Q9M6W8X5Y0Z1A2B4","current":true,"created_at":"2026-11-23T12:00:00.000Z",)"
      R"("authenticated_at":"2026-11-23T12:00:00.000Z","last_seen_at":"2026-11-23T12:00:00.000Z",)"
      R"("expires_at":"2026-12-07T12:00:00.000Z","user_agent":"curl/7.88.1","address":"192.0.2.7",)"
      R"("methods":["password","totp"],"device_bound":false})";
  SessionId id;
  bool current = false;
  Time created_at;
  Time authenticated_at;
  Time last_seen_at;
  Time expires_at;
  std::string user_agent;
  std::string address;
  std::vector<AuthMethod> methods;
  bool device_bound = false;
};
template <class D>
void describe(D& d, wire::Of<D, SessionView>& session) {
  d.required("id", session.id);
  d.required("current", session.current, {.doc = "Whether it is the session of this request."});
  d.required("created_at", session.created_at);
  d.required("authenticated_at", session.authenticated_at, {.doc = "When a credential was last shown in it."});
  d.required("last_seen_at", session.last_seen_at, {.doc = "To the minute."});
  d.required("expires_at", session.expires_at, {.doc = "When it ends if it is not used again."});
  d.required("user_agent", session.user_agent, {.max = wire::unlimited, .doc = "Of the client that signed in."});
  d.required("address", session.address,
             {.max = wire::unlimited, .doc = "The IP address of that client, or \"unknown via\" that of a proxy."});
  d.required("methods", session.methods, {.max = wire::unlimited, .doc = "What was shown in it, each method once."});
  d.required(
      "device_bound", session.device_bound,
      {.doc = "Whether it is bound to a key of the device on which it began: its cookie is worth nothing elsewhere."});
}

struct AccessToken {
  static constexpr std::string_view schema_name = "AccessToken";
  static constexpr std::string_view schema_example =
      R"({"access_token":"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2ln","token_type":"Bearer",)"
      R"("expires_in":300})";
  std::string access_token;
  std::int64_t expires_in = 0;
  std::string_view token_type = "Bearer";
};
template <class D>
void describe(D& d, wire::Of<D, AccessToken>& token) {
  d.required("access_token", token.access_token,
             {.max = wire::unlimited, .doc = "A JWT for Authorization: Bearer; dies with the session."});
  d.required("token_type", token.token_type, {.max = wire::unlimited, .doc = "Bearer."});
  d.required("expires_in", token.expires_in, {.doc = "Seconds."});
}

/// Tells a completed sign-in from a pending one; each has the one value.
enum class CompleteState { complete };
constexpr auto enum_texts(CompleteState) {
  return std::to_array<EnumText<CompleteState>>({{CompleteState::complete, "complete"}});
}
enum class EnrolState { enrol_required };
constexpr auto enum_texts(EnrolState) {
  return std::to_array<EnumText<EnrolState>>({{EnrolState::enrol_required, "enrol_required"}});
}
enum class PendingState { mfa_required };
constexpr auto enum_texts(PendingState) {
  return std::to_array<EnumText<PendingState>>({{PendingState::mfa_required, "mfa_required"}});
}

enum class VerifyState { verify_required };
constexpr auto enum_texts(VerifyState) {
  return std::to_array<EnumText<VerifyState>>({{VerifyState::verify_required, "verify_required"}});
}

enum class RestoreState { restore_required };
constexpr auto enum_texts(RestoreState) {
  return std::to_array<EnumText<RestoreState>>({{RestoreState::restore_required, "restore_required"}});
}

/// A word with an answer to a password that was right.
template <class D, class Leaked>
void describe_leak(D& d, Leaked& leaked) {
  d.if_present("password_breached", leaked,
               {.doc = "True when the password that was just shown has appeared in a data leak; otherwise absent. Ask "
                       "for another one."});
}

struct SignedInView {
  static constexpr std::string_view schema_name = "SignedIn";
  static constexpr std::string_view schema_example =
      R"({"state":"complete","user":{"id":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","uid":"carol","name":"Carol",)"
      R"("email":"carol@example.com","email_verified":true,"status":"active","role":"user",)"
      R"("created_at":"2026-11-23T12:00:00.000Z","updated_at":"2026-11-23T12:00:00.000Z"},"session":{)"
      R"("id":"ses_01K2V7F3T4Q9M6W8X5Y0Z1A2B4","current":true,"created_at":"2026-11-23T12:00:00.000Z",)"
      R"("authenticated_at":"2026-11-23T12:00:00.000Z","last_seen_at":"2026-11-23T12:00:00.000Z",)"
      R"("expires_at":"2026-12-07T12:00:00.000Z","user_agent":"curl/7.88.1","address":"192.0.2.7",)"
      R"("methods":["password"],"device_bound":false},)"
      R"("access_token":"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.c2ln","token_type":"Bearer",)"
      R"("expires_in":300})";
  CompleteState state = CompleteState::complete;
  identity::AccountView user;
  SessionView session;
  std::optional<std::int64_t> codes_left;
  AccessToken token;
  std::optional<bool> password_breached = {};
};
template <class D>
void describe(D& d, wire::Of<D, SignedInView>& in) {
  d.required("state", in.state);
  d.required("user", in.user);
  d.required("session", in.session);
  d.if_present("codes_left", in.codes_left,
               {.doc = "After a code that works once, as a recovery code: how many of them are left."});
  describe(d, in.token);
  describe_leak(d, in.password_breached);
}

/// A sign-in that waits for its next step; `methods` says what the methods are to it.
template <class D, class Waiting>
void describe_step(D& d, Waiting& pending, std::string_view methods) {
  d.required("state", pending.state);
  d.required("methods", pending.methods, {.max = wire::unlimited, .doc = methods});
  d.required("expires_at", pending.expires_at, {.doc = "When the sign-in must be complete."});
  describe_leak(d, pending.password_breached);
}

struct MfaRequired {
  static constexpr std::string_view schema_name = "MfaRequired";
  static constexpr std::string_view schema_example =
      R"({"state":"mfa_required","methods":["totp"],"expires_at":"2026-11-23T12:00:00.000Z"})";
  PendingState state = PendingState::mfa_required;
  std::vector<AuthMethod> methods;
  Time expires_at;
  std::optional<bool> unusual = {};
  std::optional<bool> password_breached = {};
};
template <class D>
void describe(D& d, wire::Of<D, MfaRequired>& pending) {
  describe_step(d, pending, "Any one of them is the next step. The strongest first.");
  d.if_present("unusual", pending.unusual,
               {.doc = "True when the account has no second factor, and is asked because both the browser and the "
                       "network are new to it; otherwise absent."});
}

struct EnrolRequired {
  static constexpr std::string_view schema_name = "EnrolRequired";
  static constexpr std::string_view schema_example =
      R"({"state":"enrol_required","methods":["totp"],"expires_at":"2026-11-23T12:00:00.000Z"})";
  EnrolState state = EnrolState::enrol_required;
  std::vector<AuthMethod> methods;
  Time expires_at;
  std::optional<bool> password_breached = {};
};
template <class D>
void describe(D& d, wire::Of<D, EnrolRequired>& pending) {
  describe_step(d, pending, "Second factors of which the account must get one, the strongest first.");
}

struct VerifyRequired {
  static constexpr std::string_view schema_name = "VerifyRequired";
  static constexpr std::string_view schema_example =
      R"({"state":"verify_required","email":"carol@example.com","expires_at":"2026-11-23T12:00:00.000Z"})";
  VerifyState state = VerifyState::verify_required;
  std::optional<std::string> email;
  Time expires_at;
  std::optional<bool> password_breached = {};
};
template <class D>
void describe(D& d, wire::Of<D, VerifyRequired>& pending) {
  d.required("state", pending.state);
  d.required("email", pending.email,
             {.max = wire::unlimited,
              .doc = "The address that must be confirmed, to which a code and a link were sent. Null: the account has "
                     "none, and one must be given."});
  d.required("expires_at", pending.expires_at, {.doc = "When the sign-in must be complete."});
  describe_leak(d, pending.password_breached);
}

struct RestoreRequired {
  static constexpr std::string_view schema_name = "RestoreRequired";
  static constexpr std::string_view schema_example =
      R"({"state":"restore_required","erase_at":"2026-12-07T12:00:00.000Z","expires_at":"2026-11-23T12:00:00.000Z"})";
  RestoreState state = RestoreState::restore_required;
  Time erase_at;
  Time expires_at;
  std::optional<bool> password_breached = {};
};
template <class D>
void describe(D& d, wire::Of<D, RestoreRequired>& pending) {
  d.required("state", pending.state);
  d.required("erase_at", pending.erase_at,
             {.doc = "When the account will be erased, unless its owner says that they keep it."});
  d.required("expires_at", pending.expires_at, {.doc = "When the sign-in must be complete."});
  describe_leak(d, pending.password_breached);
}

/// What the first step of a sign-in, and each further one, is answered with.
using SignInView = std::variant<SignedInView, MfaRequired, EnrolRequired, VerifyRequired, RestoreRequired>;

/// The account of a session, as far as memory holds it.
struct CurrentUser {
  static constexpr std::string_view schema_name = "CurrentUser";
  AccountId id;
  std::optional<std::string> uid;
  std::string name;
  std::optional<std::string> email;
  Role role = Role::user;
};
template <class D>
void describe(D& d, wire::Of<D, CurrentUser>& user) {
  d.required("id", user.id);
  d.required("uid", user.uid, {.max = identity::longest_uid, .doc = "User id."});
  d.required("name", user.name, {.max = identity::longest_name, .doc = "Display name."});
  d.required("email", user.email, {.max = 320, .format = "email"});
  d.required("role", user.role);
}

struct CurrentSession {
  static constexpr std::string_view schema_name = "CurrentSession";
  static constexpr std::string_view schema_example =
      R"({"session":{"id":"ses_01K2V7F3T4Q9M6W8X5Y0Z1A2B4","current":true,)"
      R"("created_at":"2026-11-23T12:00:00.000Z","authenticated_at":"2026-11-23T12:00:00.000Z",)"
      R"("last_seen_at":"2026-11-23T12:00:00.000Z","expires_at":"2026-12-07T12:00:00.000Z",)"
      R"("user_agent":"curl/7.88.1","address":"192.0.2.7","methods":["password"],"device_bound":false},"user":{)"
      R"("id":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","uid":"carol","name":"Carol","email":null,"role":"user"}})";
  SessionView session;
  CurrentUser user;
};
template <class D>
void describe(D& d, wire::Of<D, CurrentSession>& current) {
  d.required("session", current.session);
  d.required("user", current.user);
}

/// A session as it looks from the session `current`.
[[nodiscard]] SessionView view(const session::Session& session, const SessionId& current);

}  // namespace cardea::authn
