// Signing up over the API: every rule, and what is left behind when one is broken.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

wire::Object valid() { return {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}}; }

wire::Object valid_but(std::string_view member, wire::Value value) {
  wire::Object body;
  for (auto& each : valid()) {
    if (each.name != member) body.push_back(std::move(each));
  }
  body.push_back({std::string{member}, std::move(value)});
  return body;
}

TEST(SignUp, new_account_is_signed_in_at_once) {
  World world;
  auto ann = world.client();
  const auto answer = ann.post("/v1/signup", {{"name", " Ann  Smith "},
                                              {"uid", "Ann"},
                                              {"password", good_password},
                                              {"dob", "2001-02-03"},
                                              {"tracking", "steps"}});
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json("user/uid"), "Ann");
  EXPECT_EQ(answer.json("user/dob"), "2001-02-03");
  EXPECT_EQ(answer.json("user/tracking"), "steps");
  EXPECT_EQ(answer.json("user/coins"), 0);
  EXPECT_EQ(answer.json("user/email"), nullptr);
  EXPECT_EQ(answer.json("user/role"), "user");
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  EXPECT_EQ(world.audit_kinds(), "signup.completed");
}

TEST(SignUp, each_problem_names_its_field_and_stores_nothing) {
  World world;
  struct Case {
    const char* member;
    wire::Value value;
    const char* problem;
  };
  const std::vector<Case> cases{
      {"name", "", "name:name_missing"},
      {"name", "   ", "name:name_missing"},
      {"name", "A", "name:name_short"},
      {"name", std::string(101, 'a'), "name:name_long"},
      {"name", "A\x01nn", "name:name_invalid"},
      {"uid", "", "uid:uid_missing"},
      {"uid", "a", "uid:uid_short"},
      {"uid", std::string(65, 'a'), "uid:uid_long"},
      {"uid", "ann@home", "uid:uid_at_sign"},
      {"uid", "ann\xEF\xBC\xA0home", "uid:uid_at_sign"},  // full-width @
      {"uid", "ann smith", "uid:uid_invalid"},
      {"email", "nowhere", "email:email_invalid"},
      {"email", "ann@", "email:email_invalid"},
      {"password", "", "password:password_missing"},
      {"password", "short one", "password:password_short"},
      {"password", std::string(257, 'x'), "password:password_long"},
      {"password", "violet tractor\nlagoon 93", "password:password_invalid"},
      {"password", "passwordpassword", "password:password_common"},
      {"password_confirm", "violet tractor lagoon 94", "password_confirm:password_mismatch"},
      {"dob", "2001-02-30", "dob:date_format"},
      {"dob", "03.02.2001", "dob:date_format"},
      {"dob", "2026-11-24", "dob:date_in_future"},
      {"dob", 20010203, "dob:wrong_type"},
      {"tracking", std::string(4001, 'x'), "tracking:too_long"},
      {"coins", 1000, "coins:field_read_only"},
      {"is_admin", true, "is_admin:unknown_field"},
      {"role", "admin", "role:unknown_field"},
      {"id", "usr_00000000000000000000000000", "id:unknown_field"},
  };
  for (const auto& each : cases) {
    auto nobody = world.client();
    const auto answer = nobody.post("/v1/signup", valid_but(each.member, each.value));
    EXPECT_EQ(answer.status, 422) << each.problem;
    EXPECT_EQ(answer.problems(), Texts{each.problem}) << answer.body;
    EXPECT_EQ(nobody.cookie("__Host-cardea"), "") << each.problem;
  }
  EXPECT_EQ(world.accounts(), 0);
  EXPECT_EQ(world.audit_kinds(), "");
}

TEST(SignUp, all_problems_are_told_at_once) {
  World world;
  const auto answer = world.client().post("/v1/signup", {{"name", "A"},
                                                         {"uid", "a@b"},
                                                         {"email", "x"},
                                                         {"password", "short"},
                                                         {"password_confirm", "other"},
                                                         {"dob", "never"},
                                                         {"shoe", 42}});
  EXPECT_EQ(answer.problems(),
            (Texts{"dob:date_format", "email:email_invalid", "name:name_short", "password:password_short",
                   "password_confirm:password_mismatch", "shoe:unknown_field", "uid:uid_at_sign"}));
}

TEST(SignUp, missing_and_mistyped_members_are_told_together_with_the_rest) {
  World world;
  EXPECT_EQ(world.client().post("/v1/signup", {{"name", "A"}, {"uid", "a@b"}}).problems(),
            (Texts{"name:name_short", "password:password_missing", "uid:uid_at_sign"}));
  EXPECT_EQ(world.client().post("/v1/signup").problems(),
            (Texts{"name:name_missing", "password:password_missing", "uid:uid_missing"}));
  EXPECT_EQ(world.client()
                .post("/v1/signup",
                      {{"name", 7}, {"uid", "a@b"}, {"password", true}, {"password_confirm", "x"}, {"dob", "never"}})
                .problems(),
            (Texts{"dob:date_format", "name:wrong_type", "password:wrong_type", "uid:uid_at_sign"}));
  EXPECT_EQ(world.client()
                .post("/v1/signup",
                      {{"name", "Ann"}, {"uid", "ann"}, {"password", "short"}, {"password_confirm", wire::Array{}}})
                .problems(),
            (Texts{"password:password_short", "password_confirm:wrong_type"}));
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUp, password_must_not_be_what_its_owner_is_called) {
  World world;
  const std::string name = "Annabelle Winterbottom";
  for (const auto* own : {"Annabelle Winterbottom", "annabelle winterbottom", "annabelle-w-from-the-hill",
                          "annabelle.winterbottom@example.org", "Annabelle.Winterbottom"}) {
    const auto answer = world.client().post("/v1/signup", {{"name", name},
                                                           {"uid", "annabelle-w-from-the-hill"},
                                                           {"email", "annabelle.winterbottom@example.org"},
                                                           {"password", own}});
    EXPECT_EQ(answer.problems(), Texts{"password:password_personal"}) << own;
  }
}

TEST(SignUp, user_id_is_taken_in_every_disguise) {
  World world;
  world.client().sign_up("paypal");
  for (const auto* disguise : {"paypal", "PayPal", "paypal ", " paypal", "p\xD0\xB0ypal" /* Cyrillic a */,
                               "\xEF\xBD\x90\xEF\xBD\x81ypal" /* full-width pa */, "paypa1" /* digit one */}) {
    const auto answer = world.client().sign_up(disguise);
    EXPECT_EQ(answer.problems(), Texts{"uid:uid_taken"}) << disguise << " " << answer.body;
  }
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(world.client().sign_up("paypals").status, 201);
}

TEST(SignUp, address_belongs_to_one_account) {
  World world;
  world.client().sign_up("ann", {{"email", "Ann@Example.org"}});
  for (const auto* spelling : {"Ann@Example.org", "ann@example.org", " ANN@EXAMPLE.ORG "}) {
    EXPECT_EQ(world.client().sign_up("bob", {{"email", spelling}}).problems(), Texts{"email:email_taken"}) << spelling;
  }
  EXPECT_EQ(world.client().sign_up("bob", {{"email", "ann@example.com"}}).status, 201);
  EXPECT_EQ(world.client().sign_up("cid").status, 201);  // several accounts may have none
  EXPECT_EQ(world.client().sign_up("dot", {{"email", ""}}).status, 201);
}

TEST(SignUp, bodies_that_are_not_one_clear_object_are_refused) {
  World world;
  auto curl = world.curl();
  const std::string head = R"({"name":"Ann","uid":"ann","password":"violet tractor lagoon 93")";
  const Texts broken{"",
                     "null",
                     "[]",
                     "\"ann\"",
                     "{",
                     head,
                     head + "}{}",
                     head + R"(,"uid":"bob"})",
                     head + R"(,"coins":1e999})",
                     "{\"name\":\"A\xFF\"}"};
  for (const auto& body : broken) {
    const auto answer = curl.post_text("/v1/signup", body);
    EXPECT_TRUE(answer.status == 400 || answer.status == 422) << body << " " << answer.status << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
  }
  EXPECT_EQ(curl.post_text("/v1/signup", head + R"(,"uid":"bob"})").code(), "malformed_json");
  EXPECT_EQ(curl.post_text("/v1/signup", R"({"name":7,"uid":["ann"],"password":true})").problems().size(), 3U);
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUp, another_content_type_is_refused) {
  World world;
  http::Request request{.method = http::Method::post, .target = "/v1/signup", .body = wire::to_json(valid())};
  request.headers.add("Content-Type", "text/plain");
  EXPECT_EQ(world.curl().send(request).status, 415);
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUp, password_of_ten_megabytes_costs_no_hash) {
  World world;
  const auto answer = world.client().post("/v1/signup", valid_but("password", std::string(10'000'000, 'x')));
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUp, sign_up_slows_an_address_that_floods_it) {
  World world{[](app::Settings& settings) { settings.account_budgets.signup_address.free = 3; }};
  for (const auto* uid : {"ann", "bob", "cid"}) EXPECT_EQ(world.client().sign_up(uid).status, 201);
  const auto answer = world.client().sign_up("dot");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(world.client().from("192.0.2.99").sign_up("eve").status, 201);
  world.advance(1s);
  EXPECT_EQ(world.client().sign_up("dot").status, 201);
}

// Which inputs are asked for: one setting rules the API, the classic contract and the page.

TEST(SignUpRules, address_can_be_the_only_identifier) {
  World world{[](app::Settings& settings) {
    settings.identity.name = identity::Presence::off;
    settings.identity.uid = identity::Presence::off;
    settings.identity.email = identity::Presence::required;
  }};
  auto ann = world.client();
  EXPECT_EQ(ann.post("/v1/signup", {{"password", good_password}}).problems(), Texts{"email:email_missing"});
  EXPECT_EQ(
      ann.post("/v1/signup", {{"email", "ann@example.org"}, {"uid", "ann"}, {"password", good_password}}).problems(),
      Texts{"uid:unknown_field"});
  EXPECT_EQ(ann.post("/v1/signup", {{"email", "ann@example.org"}, {"password", good_password}}).status, 201);
  EXPECT_EQ(world.client().sign_in("ann@example.org").status, 200);
  const auto page = world.client().get("/signup");
  EXPECT_TRUE(page.mentions("name=\"email\""));
  EXPECT_FALSE(page.mentions("name=\"uid\""));
  EXPECT_FALSE(page.mentions("name=\"name\""));
}

TEST(SignUpRules, required_address_is_asked_for_everywhere) {
  World world{[](app::Settings& settings) { settings.identity.email = identity::Presence::required; }};
  EXPECT_EQ(world.client().sign_up("ann").problems(), Texts{"email:email_missing"});
  EXPECT_EQ(world.curl().post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}}).status,
            400);
  auto browser = world.client();
  const auto page = browser.submit("/signup", {{"name", "Ann"},
                                               {"uid", "ann"},
                                               {"email", ""},
                                               {"password", good_password},
                                               {"password_confirm", good_password}});
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(page.mentions("Enter your e-mail address."));
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUpRules, address_that_is_off_is_refused_and_not_shown) {
  World world{[](app::Settings& settings) { settings.identity.email = identity::Presence::off; }};
  EXPECT_EQ(world.client().sign_up("ann", {{"email", "ann@example.org"}}).problems(), Texts{"email:unknown_field"});
  EXPECT_FALSE(world.client().get("/signup").mentions("name=\"email\""));
  EXPECT_EQ(world.client().sign_up("ann").status, 201);
}

TEST(SignUpRules, name_and_user_id_can_be_optional) {
  World world{[](app::Settings& settings) {
    settings.identity.name = identity::Presence::optional;
    settings.identity.uid = identity::Presence::optional;
    settings.identity.email = identity::Presence::required;
  }};
  auto ann = world.client();
  EXPECT_EQ(ann.post("/v1/signup", {{"email", "ann@example.org"}, {"password", good_password}}).status, 201);
  EXPECT_EQ(ann.get("/v1/me").json("uid"), nullptr);
  EXPECT_EQ(ann.get("/account").status, 200);
  EXPECT_EQ(world.client().sign_up("bob", {{"email", "bob@example.org"}}).status, 201);
  EXPECT_EQ(world.client().sign_in("bob").status, 200);
}

TEST(SignUpRules, shorter_passwords_are_allowed_where_the_setting_says_so) {
  World world{[](app::Settings& settings) { settings.password.min_length = 8; }};
  EXPECT_EQ(world.client().sign_up("ann", {{"password", "kx8vq2mz"}}).status, 201);
  EXPECT_EQ(world.client().sign_up("bob", {{"password", "kx8vq2m"}}).problems(), Texts{"password:password_short"});
}

}  // namespace
}  // namespace cardea::api_tests
