// Signing in: what it accepts, and that it tells nobody more than it must.

#include "tests/api/scene.hpp"
#include "tests/support/hash_probe.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::DuringNextHash;
using testing_support::hashes_computed;

// What an observer can compare: everything but what differs between any two requests.
std::string visible(const Answer& answer) {
  std::string seen = std::to_string(answer.status) + "\n";
  for (const auto& field : answer.headers.fields()) {
    if (field.name != "Request-Id") seen.append(field.name).append(": ").append(field.value).append("\n");
  }
  std::string body = answer.body;
  const std::string id = answer.header("Request-Id");
  for (auto at = body.find(id); at != std::string::npos; at = body.find(id)) body.erase(at, id.size());
  return seen + body;
}

TEST(SignIn, person_signs_in_with_user_id_or_address_in_any_case) {
  World world;
  world.client().sign_up("Ann", {{"email", "Ann@Example.org"}});
  for (const auto* identifier : {"Ann", "ann", "ANN", " ann ", "Ann@Example.org", "ann@example.ORG"}) {
    auto browser = world.client();
    const auto answer = browser.sign_in(identifier);
    EXPECT_EQ(answer.status, 200) << identifier;
    EXPECT_EQ(answer.json("user/uid"), "Ann");
    EXPECT_EQ(browser.get("/v1/session").json("user/uid"), "Ann");
  }
}

TEST(SignIn, answer_tells_who_is_in_and_hands_out_an_access_token) {
  World world;
  world.client().sign_up("ann", {{"email", "ann@example.org"}});
  const auto answer = world.client().sign_in("ann");
  EXPECT_EQ(answer.json("state"), "complete");
  EXPECT_EQ(answer.json("user/email"), "ann@example.org");
  EXPECT_EQ(answer.json("session/current"), true);
  EXPECT_EQ(answer.json("token_type"), "Bearer");
  EXPECT_EQ(answer.json("expires_in"), 900);
  EXPECT_EQ(answer.json("session/methods"), (wire::Value{wire::Array{"password"}}));
  EXPECT_FALSE(answer.mentions(good_password));
  EXPECT_FALSE(answer.mentions("argon2"));
}

// ASVS 6.3.8
TEST(SignIn, failures_look_the_same_and_cost_the_same) {
  World world;
  world.client().sign_up("ann");
  world.client().sign_up("bob");
  world.disable("bob");
  struct Attempt {
    const char* uid;
    const char* password;
  };
  Texts seen;
  std::vector<std::int64_t> hashes;
  for (const auto& [uid, password] :
       {Attempt{"ann", wrong_password}, Attempt{"nobody", wrong_password}, Attempt{"bob", good_password},
        Attempt{"bob", wrong_password}, Attempt{"nobody@example.org", wrong_password}, Attempt{"ann", ""}}) {
    const auto before = hashes_computed();
    auto stranger = world.client();
    stranger.from("198.51.100." + std::to_string(seen.size() + 1));  // a second try of a name has fewer left
    seen.push_back(visible(stranger.sign_in(uid, password)));
    hashes.push_back(hashes_computed() - before);
  }
  for (const auto& one : seen) EXPECT_EQ(one, seen.front());
  EXPECT_EQ(hashes, std::vector<std::int64_t>(seen.size(), 1));
  EXPECT_NE(seen.front().find("invalid_credentials"), std::string::npos);
}

TEST(SignIn, failures_of_the_classic_contract_look_the_same_and_cost_the_same) {
  World world;
  world.client().sign_up("ann");
  world.client().sign_up("bob");
  world.disable("bob");
  Texts seen;
  const std::vector<std::pair<const char*, const char*>> attempts{
      {"ann", wrong_password}, {"nobody", wrong_password}, {"bob", good_password}};
  for (const auto& [uid, password] : attempts) {
    const auto before = hashes_computed();
    seen.push_back(visible(world.curl().post("/api/users/authenticate", {{"uid", uid}, {"password", password}})));
    EXPECT_EQ(hashes_computed() - before, 1) << uid;
  }
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_EQ(seen[0], seen[2]);
}

TEST(SignIn, reason_of_a_failure_stands_in_the_audit_alone) {
  World world;
  world.client().sign_up("ann");
  world.client().sign_in("ann", wrong_password);
  world.client().sign_in("nobody", wrong_password);
  const auto reasons = world.database().read([](db::Tx& tx) {
    Texts found;
    for (const auto& row : tx.all("SELECT reason FROM audit_event WHERE kind = 'signin.failed'")) {
      found.push_back(row.text(0));
    }
    std::sort(found.begin(), found.end());
    return found;
  });
  EXPECT_EQ(reasons, (Texts{"unknown_account", "wrong_password"}));
}

// ASVS 7.4.2
TEST(SignIn, disabled_account_stays_out_and_its_sessions_end) {
  World world;
  auto bob = world.client();
  bob.sign_up("bob");
  EXPECT_EQ(bob.get("/v1/session").status, 200);
  world.disable("bob");
  EXPECT_EQ(bob.get("/v1/session").status, 401);
  EXPECT_EQ(bob.get("/v1/me").status, 401);
  EXPECT_EQ(bob.sign_in("bob").status, 401);
}

// ASVS 7.2.2, 7.2.4
TEST(SignIn, session_is_new_and_the_one_that_was_presented_ends) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  auto thief = ann;  // a copy of the first session's cookie
  const auto before = ann.cookie("__Host-cardea");
  EXPECT_EQ(ann.sign_in("ann").status, 200);
  EXPECT_NE(ann.cookie("__Host-cardea"), before);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(ann.get("/v1/me/sessions").count("data"), 1U);
}

TEST(SignIn, token_that_an_attacker_planted_is_never_adopted) {
  World world;
  world.client().sign_up("ann");
  auto ann = world.client();
  const std::string planted(43, 'A');
  ann.set_cookie("__Host-cardea", planted);
  EXPECT_EQ(ann.sign_in("ann").status, 200);
  EXPECT_NE(ann.cookie("__Host-cardea"), planted);
  auto attacker = world.client();
  attacker.set_cookie("__Host-cardea", planted);
  EXPECT_EQ(attacker.get("/v1/session").status, 401);
}

std::string stored_hash(World& world) {
  return world.database().read([](db::Tx& tx) { return tx.one("SELECT phc FROM password")->text(0); });
}

TEST(SignIn, hash_is_renewed_when_the_cost_setting_has_changed) {
  World world;
  world.client().sign_up("ann");
  EXPECT_NE(stored_hash(world).find("m=8,t=1,"), std::string::npos);
  world.restart([](app::Settings& settings) { settings.password.cost = {.memory_kib = 16, .passes = 2}; });
  EXPECT_EQ(world.client().sign_in("ann", wrong_password).status, 401);
  EXPECT_NE(stored_hash(world).find("m=8,t=1,"), std::string::npos);
  EXPECT_EQ(world.client().sign_in("ann").status, 200);
  const auto renewed = stored_hash(world);
  EXPECT_NE(renewed.find("m=16,t=2,"), std::string::npos);
  EXPECT_EQ(world.client().sign_in("ann").status, 200);
  EXPECT_EQ(stored_hash(world), renewed);
}

TEST(SignIn, two_at_once_after_a_change_of_cost_are_both_right) {
  World world;
  world.client().sign_up("ann");
  world.restart([](app::Settings& settings) { settings.password.cost = {.memory_kib = 16, .passes = 2}; });
  int other = 0;
  const DuringNextHash meanwhile{[&] { other = world.client().sign_in("ann").status; }};
  EXPECT_EQ(world.client().sign_in("ann").status, 200);
  EXPECT_EQ(other, 200);
  EXPECT_EQ(world.audit_kinds().find("signin.failed"), std::string::npos);
}

TEST(SignIn, password_that_is_changed_while_it_is_being_compared_is_refused) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  int changed = 0;
  const DuringNextHash meanwhile{[&] {
    changed = ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status;
  }};
  auto thief = world.client();
  EXPECT_EQ(thief.sign_in("ann").status, 401);
  EXPECT_EQ(changed, 200);
  EXPECT_NE(world.audit_kinds().find("signin.failed"), std::string::npos);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
}

TEST(SignIn, account_that_is_disabled_while_its_password_is_being_compared_stays_out) {
  World world;
  world.client().sign_up("ann");
  const DuringNextHash meanwhile{[&] { world.disable("ann"); }};
  auto ann = world.client();
  EXPECT_EQ(ann.sign_in("ann").status, 401);
  EXPECT_EQ(ann.cookie("__Host-cardea"), "");
}

TEST(SignIn, secrets_of_a_journey_are_nowhere_in_the_log) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.sign_in("ann", wrong_password);
  const auto token = ann.sign_in("ann").text("access_token");
  ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}});
  for (const std::string& secret :
       {std::string{good_password}, std::string{other_password}, std::string{wrong_password}, token,
        ann.cookie("__Host-cardea"), ann.cookie("__Host-cardea-device")}) {
    ASSERT_GT(secret.size(), 10U);
    EXPECT_EQ(world.log().find(secret), std::string::npos);
  }
}

// ASVS 7.4.1
TEST(SignIn, sign_out_ends_the_session_and_removes_the_cookie) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  auto copy = ann;
  const auto answer = ann.post("/v1/signout");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.set_cookie("__Host-cardea"), "__Host-cardea=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
  EXPECT_EQ(copy.get("/v1/session").status, 401);
  EXPECT_EQ(ann.post("/v1/signout").status, 204);
}

TEST(SignIn, sign_out_ends_the_session_of_the_classic_cookie_too) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  for (const bool by_page : {false, true}) {
    ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
    auto copy = ann;
    ASSERT_EQ(copy.get("/api/notes").status, 200);
    if (by_page) {
      ann.submit("/signout", {});
    } else {
      EXPECT_EQ(ann.post("/v1/signout").status, 204);
    }
    EXPECT_EQ(ann.cookie("jwt"), "");
    EXPECT_EQ(copy.get("/api/notes").status, 401);
  }
}

}  // namespace
}  // namespace cardea::api_tests
