// What must not change by accident, compared whole: headers by surface, what the house is made of, what it does by
// itself.

#include <algorithm>

#include "crypto/hash.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* permissions_policy =
    "Permissions-Policy: accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
    "fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
    "picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), "
    "screen-wake-lock=(), usb=(), xr-spatial-tracking=()";
constexpr const char* closed_policy = "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'";
constexpr const char* page_policy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
constexpr const char* strict_transport = "Strict-Transport-Security: max-age=31536000; includeSubDomains";

/// Every header field, but for the id and the cookies, which are other each time; sorted.
Texts headers_of(const Answer& answer) {
  Texts all;
  for (const auto& field : answer.headers.fields()) {
    if (field.name != "Request-Id" && field.name != "Set-Cookie")
      all.push_back(std::string{field.name}.append(": ").append(field.value));
  }
  std::sort(all.begin(), all.end());
  return all;
}

Texts with_common(Texts own, const char* resource_policy = "same-origin") {
  for (const std::string& field :
       {std::string{"Cross-Origin-Opener-Policy: same-origin"},
        "Cross-Origin-Resource-Policy: " + std::string{resource_policy}, std::string{"Referrer-Policy: no-referrer"},
        std::string{strict_transport}, std::string{"X-Content-Type-Options: nosniff"}}) {
    own.push_back(field);
  }
  std::sort(own.begin(), own.end());
  return own;
}

TEST(Headers, of_each_surface_are_exactly_these) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  const Texts json = with_common({"Cache-Control: no-store", "Content-Type: application/json", closed_policy});
  EXPECT_EQ(headers_of(ann.get("/v1/me/sessions")), json);
  EXPECT_EQ(headers_of(ann.get("/api/users")), json);
  const Texts single = with_common({"Cache-Control: no-store", "Content-Type: application/json", closed_policy,
                                    "ETag: " + ann.get("/v1/me").header("ETag")});
  EXPECT_EQ(headers_of(ann.get("/v1/me")), single);
  const Texts problem =
      with_common({"Cache-Control: no-store", "Content-Type: application/problem+json", closed_policy});
  EXPECT_EQ(headers_of(world.client().get("/v1/nothing")), problem);
  EXPECT_EQ(headers_of(ann.get("/api/users/nobody")), problem);
  const Texts page = with_common({"Cache-Control: no-store", "Content-Language: en",
                                  "Content-Type: text/html; charset=utf-8", page_policy, permissions_policy});
  EXPECT_EQ(headers_of(ann.get("/account")), page);
  EXPECT_EQ(headers_of(ann.get("/docs/errors/nothing")), page);
  EXPECT_EQ(headers_of(world.client().get("/signin")), page);
}

TEST(Headers, of_assets_are_exactly_these) {
  World world;
  for (const auto& route : world.house().pipeline().routes()) {
    if (route.surface->name != "asset" || !route.path.ends_with(".js")) continue;
    EXPECT_EQ(headers_of(world.client().get(route.path)),
              with_common({"Cache-Control: public, max-age=31536000, immutable",
                           "Content-Type: text/javascript; charset=utf-8", closed_policy, "Vary: Accept-Encoding"}));
    return;
  }
  FAIL() << "no script is among the assets";
}

TEST(House, is_made_of_these_features) {
  World world;
  Texts names;
  for (const auto& feature : world.house().features()) names.emplace_back(feature.name);
  EXPECT_EQ(names, (Texts{"system",
                          "page",
                          "language",
                          "keyring",
                          "token",
                          "jobs",
                          "mail",
                          "session",
                          "throttle",
                          "challenge",
                          "idempotency",
                          "audit",
                          "account",
                          "authn",
                          "signup",
                          "proof_of_work",
                          "login",
                          "self_service",
                          "account_deletion",
                          "account_activity",
                          "security_notice",
                          "account_export",
                          "email_address",
                          "passkey",
                          "password_reset",
                          "totp",
                          "email_code",
                          "recovery_code",
                          "sms",
                          "note",
                          "people",
                          "legacy_api",
                          "forward_auth",
                          "device_session",
                          "mailbox",
                          "error_reference"}));
}

TEST(House, does_these_things_by_itself) {
  World world;
  Texts jobs;
  for (const auto& job : world.house().work().periodic) {
    // The job that every process has to itself bears the name of the process.
    jobs.push_back(job.name.substr(0, job.name.find(':')) + " every " +
                   std::to_string(std::chrono::duration_cast<std::chrono::seconds>(job.every).count()) + " s");
  }
  std::sort(jobs.begin(), jobs.end());
  EXPECT_EQ(jobs, (Texts{"account_activity.sweep every 3600 s",
                         "account_deletion.erase every 3600 s",
                         "audit.keys every 21600 s",
                         "audit.month every 3600 s",
                         "audit.months every 3600 s",
                         "audit.remove every 3600 s",
                         "audit.seal every 10 s",
                         "authn.sweep_pending every 600 s",
                         "challenge.sweep every 600 s",
                         "device_session.sweep every 3600 s",
                         "email_code.sweep every 600 s",
                         "idempotency.sweep every 600 s",
                         "jobs.sweep_announcements every 3600 s",
                         "jobs.sweep_leases every 86400 s",
                         "keyring.rotate every 60 s",
                         "proof_of_work.sweep every 600 s",
                         "recovery_code.sweep every 600 s",
                         "session.sweep every 600 s",
                         "sms.sweep every 600 s",
                         "throttle.sweep every 600 s",
                         "totp.sweep every 600 s"}));
}

TEST(House, has_a_key_of_its_own_for_each_purpose) {
  World world;
  const auto derived = [&](std::string_view purpose) { return crypto::derive_key(world.settings().secret, purpose); };
  testing_support::SeededRandom random{7};

  auto visitor = world.client();
  const auto page = visitor.get("/signin");
  std::string token;
  for (const auto& [name, value] : testing_support::hidden_fields(page.body, "/signin")) {
    if (name == "csrf") token = value;
  }
  http::Request request;
  request.headers.add("Cookie", "__Host-cardea-form=" + visitor.cookie("__Host-cardea-form"));
  EXPECT_TRUE((http::FormTokens{derived("cardea form tokens"), random}.matches(request, token)));
  EXPECT_FALSE((http::FormTokens{derived("cardea signing keys"), random}.matches(request, token)));

  keyring::Keyring signing{world.database(), derived("cardea signing keys"), {}, random};
  EXPECT_NO_THROW(signing.start(world.now()));
  keyring::Keyring other{world.database(), derived("cardea form tokens"), {}, random};
  EXPECT_ANY_THROW(other.start(world.now()));

  EXPECT_EQ(app::audit_key(world.settings()).reveal(), derived("cardea audit trail").reveal());
}

TEST(Budget, of_three_attempts_with_one_given_back_has_two_left) {
  World world{[](app::Settings& settings) {
    settings.authn_budgets.address.free = 3;
    settings.authn_budgets.address.regain = 24h;
  }};
  world.client().sign_up("ann");
  world.client().sign_up("bob");
  // One right password: its attempt is given back, so three wrong ones still are free, and the fourth waits.
  EXPECT_EQ(world.client().sign_in("ann").status, 200);
  for (const char* uid : {"p1", "p2"}) EXPECT_EQ(world.client().sign_in(uid, wrong_password).status, 401);
  EXPECT_EQ(world.client().sign_in("bob").status, 200);
  EXPECT_EQ(world.client().sign_in("p3", wrong_password).status, 401);
  EXPECT_EQ(world.client().sign_in("p4", wrong_password).status, 429);
}

TEST(SessionLimit, newest_sign_in_ends_the_oldest_session) {
  World world{[](app::Settings& settings) { settings.session.per_account = 2; }};
  auto first = world.client();
  first.sign_up("ann");
  auto second = world.client();
  world.advance(1s);
  second.sign_in("ann");
  EXPECT_EQ(first.get("/v1/session").status, 200);
  auto third = world.client();
  world.advance(1s);
  third.sign_in("ann");
  EXPECT_EQ(first.get("/v1/session").status, 401);
  EXPECT_EQ(second.get("/v1/session").status, 200);
  EXPECT_EQ(third.get("/v1/me/sessions").count("data"), 2U);
}

}  // namespace
}  // namespace cardea::api_tests
