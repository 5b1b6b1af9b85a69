#include "tests/api/authorisation_rows.hpp"

#include <algorithm>
#include <iterator>

namespace cardea::api_tests {
namespace {

using enum Asks;

Row for_visitors(Row row, std::string_view visitor, std::string_view with_cookie = {}) {
  row.visitor = visitor;
  row.visitor_with_cookie = with_cookie;
  return row;
}
Row own_needs_proof(Row row) {
  row.own_needs_proof = true;
  return row;
}
Row recorded(Row row) {
  row.is_recorded = true;
  return row;
}
/// Changes how one gets into the account, or ends it: by the cookie of a session alone.
Row by_cookie(Row row) {
  row.by_cookie_alone = true;
  return row;
}

std::vector<Row> asset_rows() {
  return {
      {"GET /assets/auth.*.css", nothing, "200"},    {"GET /assets/auth.*.js", nothing, "200"},
      {"GET /assets/favicon.*.svg", nothing, "200"}, {"GET /assets/touch-icon.*.png", nothing, "200"},
      {"GET /assets/live.*.js", nothing, "200"},     {"GET /assets/writing.*.js", nothing, "200"},
      {"GET /assets/making.*.js", nothing, "200"},   {"GET /assets/proving.*.js", nothing, "200"},
      {"GET /assets/work.*.js", nothing, "200"},
  };
}

std::vector<Row> open_rows() {
  return {
      {"GET /.well-known/change-password", nothing, "302"},
      {"GET /.well-known/jwks.json", nothing, "200"},
      {"GET /.well-known/oauth-authorization-server", nothing, "200"},
      {"GET /.well-known/passkey-endpoints", nothing, "200"},
      {"GET /healthz", nothing, "200"},
      {"GET /metrics", nothing, "401"},  // has a token of its own
      {"GET /openapi.json", nothing, "200"},
      {"GET /readyz", nothing, "200"},
      {"GET /", perhaps, "200"},
      {"GET /activity/secured", perhaps, "200"},
      {"GET /docs/errors", perhaps, "200"},
      {"GET /docs/errors/{code}", perhaps, "200"},
      {"GET /language", perhaps, "200"},
      {"GET /password-reset", perhaps, "410"},
      {"GET /v1/forward-auth", perhaps, "400"},  // it asks about a request; tests/api/forward_auth_test.cpp
      {"GET /forward-auth/failed", nothing, "403"},
      for_visitors({"GET /signin", perhaps, "303"}, "200"),
      for_visitors({"GET /signin/verify", perhaps, "303"}, "303 signin"),
      for_visitors({"GET /signin/verify/{method}", perhaps, "303"}, "303 signin"),
      for_visitors({"GET /signin/enrol", perhaps, "303"}, "303 signin"),
      {"GET /signin/enrol/totp", perhaps, "303"},
      {"POST /signin/enrol/totp", perhaps, "303", "code=123456"},
      {"POST /signin/enrol/totp/start", perhaps, "303"},
      for_visitors({"GET /signout", perhaps, "200"}, "303", "200"),
      {"GET /signup", perhaps, "200"},
      {"GET /invite", perhaps, "410"},
      {"POST /api/users", nothing, "200", R"({"name":"New","uid":"newcomer","password":"violet tractor lagoon 93"})"},
      {"POST /api/users/authenticate", nothing, "200", R"({"uid":"{uid}","password":"violet tractor lagoon 93"})"},
      {"POST /language", perhaps, "303", "language=de"},
      {"POST /password-reset", perhaps, "410", "link=none&password=violet+tractor+lagoon+93"},
      {"POST /signin", perhaps, "303", "uid={uid}&password=violet+tractor+lagoon+93"},
      for_visitors({"POST /signin/verify", perhaps, "303", "method=totp&code=123456"}, "303 signin"),
      {"POST /signout", perhaps, "303"},
      {"POST /signup", perhaps, "303",
       "name=New&uid=newcomer&password=violet+tractor+lagoon+93&password_confirm=violet+tractor+lagoon+93"},
      {"POST /v1/passkeys/authenticate", nothing, "422", "{}"},  // tests/api/passkey_test.cpp
      {"POST /v1/passkeys/authenticate/options", nothing, "200"},
      // Whoever is signed in may have to show a key again.
      by_cookie(for_visitors({"POST /v1/passkeys/second-factor/options", perhaps, "200"}, "401")),
      {"POST /v1/signin", nothing, "200", R"({"uid":"{uid}","password":"violet tractor lagoon 93"})"},
      {"POST /v1/signin/{method}", nothing, "401", R"({"code":"123456"})"},
      {"POST /v1/signin/enrol/totp", nothing, "401"},
      {"POST /v1/signin/enrol/totp/confirm", nothing, "401", R"({"code":"123456"})"},
      // In a world without a gateway for text messages.
      for_visitors({"POST /signin/verify/sms_code/send", perhaps, "303"}, "303"),
      by_cookie(for_visitors({"POST /v1/sms/send", perhaps, "404"}, "401")),
      {"POST /v1/signout", perhaps, "204"},
      {"DELETE /api/users/authenticate", perhaps, "200"},
      {"GET /v1/signup/challenge", nothing, "200"},
      {"POST /v1/signup", nothing, "201", R"({"name":"New","uid":"newcomer","password":"violet tractor lagoon 93"})"},
  };
}

/// Of letters, in a world without mail.
std::vector<Row> letter_rows() {
  return {
      {"GET /recover", perhaps, "404"},
      {"POST /recover", perhaps, "404", "uid=ann"},
      {"POST /v1/recover", nothing, "503", R"({"uid":"{uid}"})"},
      {"POST /v1/recover/complete", nothing, "410", R"({"link":"none","password":"violet tractor lagoon 93"})"},
      {"GET /verify/link", perhaps, "410"},
      {"POST /verify/link", perhaps, "410", "link=none"},
      {"POST /verify/refuse", perhaps, "410", "link=none"},
      {"GET /verify/undo", perhaps, "410"},
      {"POST /verify/undo", perhaps, "410", "link=none"},
      by_cookie({"POST /v1/verify/link", perhaps, "410", R"({"link":"none"})"}),
      // Whoever is not signed in may be about to: tests/api/verify_required_test.cpp.
      for_visitors({"GET /verify", perhaps, "303"}, "303 signin"),
      for_visitors({"POST /verify", perhaps, "303", "code=123456"}, "303 signin"),
      for_visitors({"POST /verify/resend", perhaps, "303"}, "303 signin"),
      for_visitors({"POST /verify/address", perhaps, "303", "email=ann%40example.com"}, "303 signin"),
      for_visitors({"POST /verify/continue", perhaps, "303"}, "303 signin"),
      {"GET /verify/state", perhaps, "200"},
      {"POST /v1/verify/signin", nothing, "401", R"({"code":"123456"})"},
      {"POST /v1/verify/signin/continue", nothing, "401"},
      {"POST /v1/verify/signin/resend", nothing, "401"},
      {"POST /v1/verify/signin/address", nothing, "401", R"({"email":"ann@example.com"})"},
      by_cookie({"POST /v1/verify", sign_in, "409", R"({"code":"123456"})"}),
      by_cookie({"POST /v1/verify/resend", sign_in, "409"}),
  };
}

/// Codes by e-mail, in a world without mail and where no sign-in begins by them: tests/api/email_code_test.cpp.
std::vector<Row> email_code_rows() {
  return {
      {"GET /account/security/email-codes", sign_in, "404"},
      {"POST /account/security/email-codes", sign_in, "404", "code=123456"},
      {"POST /account/security/email-codes/start", proof, "404"},
      {"POST /account/security/email-codes/remove", proof, "303"},
      {"POST /second-factor/email", perhaps, "303"},
      {"GET /signin/email", perhaps, "403"},
      {"POST /signin/email", perhaps, "403", "email=ann%40example.com"},
      {"GET /signin/email/code", perhaps, "403"},
      {"POST /signin/email/code", perhaps, "403", "code=12345678"},
      by_cookie({"GET /v1/me/email-code", sign_in, "200"}),
      by_cookie({"POST /v1/me/email-code", proof, "409"}),
      by_cookie({"POST /v1/me/email-code/confirm", sign_in, "401", R"({"code":"123456"})"}),
      by_cookie({"DELETE /v1/me/email-code", proof, "404"}),
      by_cookie(for_visitors({"POST /v1/email-code/second-factor", perhaps, "404"}, "401")),
      {"POST /v1/email-code/signin", nothing, "403", R"({"email":"ann@example.com"})"},
      {"POST /v1/email-code/signin/complete", nothing, "403", R"({"code":"12345678"})"},
  };
}

/// Deletion and its undoing, where nobody waits for it: tests/api/account_deletion_test.cpp.
std::vector<Row> deletion_rows() {
  return {
      for_visitors({"GET /signin/keep", perhaps, "303"}, "303 signin"),
      for_visitors({"POST /signin/keep", perhaps, "303"}, "303 signin"),
      {"POST /v1/signin/restore", nothing, "401"},
      by_cookie(own_needs_proof({"DELETE /v1/users/{id}", sign_in, "204", {}, "403", administrators, administrators})),
      by_cookie({"POST /v1/users/{id}/restore", sign_in, "409", {}, "403", administrators, administrators}),
  };
}

std::vector<Row> page_rows() {
  return {
      {"GET /account", sign_in, "200"},
      {"POST /account", sign_in, "303", "name=Renamed"},
      {"POST /account/confirm", sign_in, "422", "name=Renamed&current_password=not+the+password+at+all"},
      {"GET /account/data", sign_in, "200"},
      recorded({"GET /account/data/file", proof, "200"}),
      {"GET /account/delete", proof, "200"},
      {"POST /account/delete", proof, "303", "uid={uid}"},
      {"GET /account/notes", sign_in, "200"},
      {"POST /account/notes", sign_in, "303", "note=Written"},
      {"GET /account/notes/{id}", sign_in, "200", {}, "404"},
      {"POST /account/notes/{id}", sign_in, "303", "note=Rewritten", "404"},
      {"POST /account/notes/{id}/delete", sign_in, "303", {}, "404"},
      {"GET /account/notes/{id}/image", sign_in, "200", {}, "404"},
      {"GET /account/security", sign_in, "200"},
      {"POST /account/security", sign_in, "303",
       "current_password=violet+tractor+lagoon+93&password=seven+quiet+harbour+lamps"
       "&password_confirm=seven+quiet+harbour+lamps"},
      {"POST /account/security/password/remove", proof, "409"},  // of their own: tests/api/passkey_again_test.cpp
      {"GET /account/security/passkeys", sign_in, "200"},
      {"POST /account/security/passkeys/name", proof, "303", "id=none&name=Blue"},
      {"POST /account/security/passkeys/remove", proof, "303", "id=none"},
      {"GET /account/sessions", sign_in, "200"},
      // Of another account: told as done, because a session that just ended is as gone, and nothing is.
      {"POST /account/sessions/revoke", sign_in, "303", "id={id}", "303"},
      {"POST /account/sessions/revoke-others", sign_in, "303"},
      {"GET /forward-auth", sign_in, "403"},
      {"GET /activity", sign_in, "200"},
      {"GET /activity/secure", sign_in, "200"},
      {"POST /activity/secure", sign_in, "303"},
      {"GET /account/security/recovery-codes", sign_in, "200"},
      // Nobody of these has a second factor, in whose place codes stand.
      {"POST /account/security/recovery-codes", sign_in, "409", "saved=on"},
      {"GET /account/security/recovery-codes/file", sign_in, "303"},
      {"POST /account/security/recovery-codes/new", proof, "409"},
      {"GET /account/security/totp", sign_in, "200"},
      {"POST /account/security/totp", sign_in, "303", "code=123456"},
      {"POST /account/security/totp/remove", proof, "303"},
      {"POST /account/security/totp/start", proof, "303"},
      {"GET /account/security/sms", sign_in, "200"},
      {"POST /account/security/sms", proof, "503", "number=%2B4915112345678"},
      {"POST /account/security/sms/confirm", sign_in, "303", "code=123456"},
      {"POST /account/security/sms/remove", proof, "303"},
      {"POST /reauth/sms_code/send", sign_in, "404"},
      {"GET /passkey/new", sign_in, "200"},
      {"POST /passkey/new", sign_in, "303"},
      {"GET /reauth", sign_in, "200"},
      {"GET /reauth/{method}", sign_in, "200"},
      {"POST /reauth", sign_in, "303", "password=violet+tractor+lagoon+93"},
      {"GET /users", sign_in, "200"},
  };
}

std::vector<Row> legacy_rows() {
  return {
      {"GET /api/notes", sign_in, "200"},
      {"POST /api/notes", sign_in, "200", R"({"note":"Written"})"},
      {"DELETE /api/notes/{id}", sign_in, "200", {}, "404"},
      {"GET /api/notes/{id}", sign_in, "200", {}, "404"},
      {"PUT /api/notes/{id}", sign_in, "200", R"({"note":"Rewritten"})", "404"},
      {"GET /api/notes/{id}/image", sign_in, "200", {}, "404"},
      {"GET /api/users", sign_in, "200"},
      own_needs_proof({"DELETE /api/users/{id}", sign_in, "200", {}, "403", administrators}),
      {"GET /api/users/{id}", sign_in, "200", {}, "200"},
      {"PUT /api/users/{id}", sign_in, "200", R"({"id":"{id}","tracking":"steps"})", "403", administrators},
  };
}

std::vector<Row> api_rows() {
  return {
      by_cookie({"DELETE /v1/me", proof, "204"}),
      {"GET /v1/me", sign_in, "200"},
      {"PATCH /v1/me", sign_in, "200", R"({"name":"Renamed"})"},
      by_cookie({"GET /v1/me/factors", sign_in, "200"}),
      by_cookie({"POST /v1/me/recovery-codes", proof, "409"}),
      by_cookie(recorded({"GET /v1/account/export", proof, "200"})),
      by_cookie({"GET /v1/activity", sign_in, "200"}),
      by_cookie({"POST /v1/activity/secure", sign_in, "204"}),
      by_cookie({"DELETE /v1/me/totp", proof, "404"}),
      by_cookie({"GET /v1/me/totp", sign_in, "200"}),
      by_cookie({"POST /v1/me/totp", proof, "201"}),
      by_cookie({"POST /v1/me/totp/confirm", sign_in, "409", R"({"code":"123456"})"}),
      by_cookie({"DELETE /v1/me/sms", proof, "404"}),
      by_cookie({"GET /v1/me/sms", sign_in, "200"}),
      by_cookie({"POST /v1/me/sms", proof, "503", R"({"number":"+4915112345678"})"}),
      by_cookie({"POST /v1/me/sms/confirm", sign_in, "409", R"({"code":"123456"})"}),
      {"GET /v1/me/notes", sign_in, "200"},
      {"POST /v1/me/notes", sign_in, "201", R"({"note":"Written"})"},
      {"DELETE /v1/me/notes/{id}", sign_in, "204", {}, "404"},
      {"GET /v1/me/notes/{id}", sign_in, "200", {}, "404"},
      {"PATCH /v1/me/notes/{id}", sign_in, "200", R"({"note":"Rewritten"})", "404"},
      {"GET /v1/me/notes/{id}/image", sign_in, "200", {}, "404"},
      by_cookie({"GET /v1/me/passkeys", sign_in, "200"}),
      by_cookie({"DELETE /v1/me/passkeys/{id}", proof, "404"}),  // of their own: tests/api/passkey_test.cpp
      by_cookie({"GET /v1/me/passkeys/{id}", sign_in, "404"}),
      by_cookie({"PATCH /v1/me/passkeys/{id}", proof, "404", R"({"name":"Blue"})"}),
      by_cookie({"POST /v1/passkeys/register", proof, "410",
                 R"({"credential":{"id":"AA","rawId":"AA","type":"public-key",)"
                 R"("response":{"clientDataJSON":"eyJjaGFsbGVuZ2UiOiJ4In0","attestationObject":"oA"}}})"}),
      by_cookie({"POST /v1/passkeys/register/options", proof, "200", R"({"kind":"passkey"})"}),
      by_cookie({"POST /v1/passkeys/reauth/options", sign_in, "200"}),
      by_cookie({"DELETE /v1/me/password", proof, "409"}),  // of their own: tests/api/passkey_again_test.cpp
      by_cookie({"POST /v1/me/password", sign_in, "200",
                 R"({"current_password":"violet tractor lagoon 93","password":"seven quiet harbour lamps"})"}),
      by_cookie({"DELETE /v1/me/sessions", sign_in, "204"}),
      by_cookie({"GET /v1/me/sessions", sign_in, "200"}),
      by_cookie({"POST /v1/me/sessions/revoke-others", sign_in, "200"}),
      by_cookie({"DELETE /v1/me/sessions/{id}", sign_in, "204", {}, "404"}),
      by_cookie({"GET /v1/me/sessions/{id}", sign_in, "200", {}, "404"}),
      by_cookie({"POST /v1/reauth", sign_in, "200", R"({"password":"violet tractor lagoon 93"})"}),
      {"GET /v1/session", sign_in, "200"},
      by_cookie({"POST /v1/session/token", sign_in, "200"}),
      {"GET /v1/users", sign_in, "200"},
      {"GET /v1/users/{id}", sign_in, "200", {}, "200"},
      {"PATCH /v1/users/{id}", sign_in, "200", R"({"name":"Renamed"})", "403", administrators, administrators},
  };
}

}  // namespace

const std::vector<Row>& authorisation_rows() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> all;
    for (auto& part : {asset_rows(), open_rows(), letter_rows(), email_code_rows(), deletion_rows(), page_rows(),
                       legacy_rows(), api_rows()}) {
      std::copy(part.begin(), part.end(), std::back_inserter(all));
    }
    return all;
  }();
  return rows;
}

}  // namespace cardea::api_tests
