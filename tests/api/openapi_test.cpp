// The OpenAPI document says all of every JSON answer, and the answers are what it says.

#include <algorithm>
#include <set>

#include "encoding/base64.hpp"
#include "tests/api/openapi_checker.hpp"
#include "tests/api/pictures.hpp"

namespace cardea::api_tests {
namespace {

/// Calls `visit` with the name of each operation and with each of its successes: "post /v1/signin", 200, the response.
template <class Visit>
void for_each_success(const Value& document, Visit visit) {
  for (const auto& [path, operations] : *document.find("paths")->get<Object>()) {
    for (const auto& [method, operation] : *operations.get<Object>()) {
      for (const auto& [status, response] : *operation.find("responses")->get<Object>()) {
        if (status.starts_with('2')) visit(method + " " + path, status, response);
      }
    }
  }
}

bool is_reference(const Value& schema) { return schema.find("$ref") != nullptr; }

/// A component, an array of them, or one of several of them.
bool is_named(const Value& schema) {
  if (const auto* items = schema.find("items")) return is_reference(*items);
  const auto* choices = schema.find("oneOf");
  if (choices == nullptr) return is_reference(schema);
  return std::all_of(choices->get<Array>()->begin(), choices->get<Array>()->end(), is_reference);
}

void collect_references(const Value& value, std::set<std::string>& targets) {
  if (const auto* items = value.get<Array>()) {
    for (const auto& item : *items) collect_references(item, targets);
  }
  if (const auto* members = value.get<Object>()) {
    for (const auto& [name, member] : *members) {
      if (name == "$ref" && member.is<std::string>()) targets.insert(*member.get<std::string>());
      collect_references(member, targets);
    }
  }
}

TEST(OpenApi, every_answer_with_a_body_says_what_it_is) {
  World world;
  std::size_t json = 0;
  for_each_success(document_of(world), [&](const std::string& name, const std::string& status, const Value& response) {
    const auto* content = response.find("content");
    ASSERT_EQ(content == nullptr, status == "204") << name;
    const auto* body = content != nullptr ? content->find("application/json") : nullptr;
    if (body == nullptr) return;
    ++json;
    EXPECT_TRUE(is_named(*body->find("schema"))) << name << " " << wire::to_json(*body);
  });
  EXPECT_GE(json, 25U);
}

TEST(OpenApi, every_body_that_is_sent_is_a_component) {
  World world;
  const auto document = document_of(world);
  std::size_t bodies = 0;
  for (const auto& [path, operations] : *document.find("paths")->get<Object>()) {
    for (const auto& [method, operation] : *operations.get<Object>()) {
      const auto* body = operation.find("requestBody");
      if (body == nullptr) continue;
      ++bodies;
      EXPECT_TRUE(is_reference(*body->find("content")->find("application/json")->find("schema")))
          << method << " " << path;
    }
  }
  EXPECT_GE(bodies, 14U);
}

TEST(OpenApi, components_are_what_is_referred_to) {
  World world;
  const auto document = document_of(world);
  std::set<std::string> targets, components;
  collect_references(document, targets);
  for (const auto& [name, schema] : *document.find("components")->find("schemas")->get<Object>()) {
    components.insert(std::string{component_prefix} + name);
  }
  EXPECT_EQ(targets, components);
}

TEST(OpenApi, images_name_their_media_types) {
  World world;
  const auto document = document_of(world);
  for (const auto* path : {"/v1/me/notes/{id}/image", "/api/notes/{id}/image"}) {
    const auto* content =
        document.find("paths")->find(path)->find("get")->find("responses")->find("200")->find("content");
    EXPECT_EQ(*content, (Object{{"image/png", Object{}}, {"image/jpeg", Object{}}, {"image/webp", Object{}}})) << path;
  }
}

// The answers, surface by surface.

/// A second factor that whoever is signed up has once `is_on`.
struct AnyCode {
  std::shared_ptr<bool> is_on = std::make_shared<bool>(false);

  [[nodiscard]] Feature feature() const {
    authn::Factor factor{
        .method = AuthMethod::totp,
        .is_enrolled = [on = is_on](const AccountId&) { return db::Condition{"$? = 1", *on}; },
        .check = [](const Context& context, const AccountId& account, const Secret&) -> Result<authn::Proof> {
          return authn::Proof{.account = account,
                              .evidence = {.method = AuthMethod::totp, .at = context.now},
                              .still_holds = [](db::Tx&) { return true; }};
        },
        .still_holds = [](db::Tx&, const AccountId&, const authn::Evidence&) { return true; }};
    return {.name = "any_code", .factor = std::move(factor)};
  }
};

struct Described {
  AnyCode code;
  World world{{}, "sqlite", [this](World&) { return std::vector{code.feature()}; }};
  Client ann = world.client();
  Value document = document_of(world);
  Checker checker{document};

  /// Holds an answer against the schema of its operation, "get /v1/session", for its status.
  const Answer& expect(const std::string& operation, const Answer& answer) {
    const auto space = operation.find(' ');
    const auto* response = document.find("paths")
                               ->find(operation.substr(space + 1))
                               ->find(operation.substr(0, space))
                               ->find("responses")
                               ->find(std::to_string(answer.status));
    EXPECT_NE(response, nullptr) << operation << " " << answer.status << " " << answer.body;
    if (response == nullptr) return answer;
    const auto* content = response->find("content")->find(answer.header("Content-Type"));
    EXPECT_NE(content, nullptr) << operation << " " << answer.header("Content-Type");
    if (content == nullptr) return answer;
    // An error is a Problem whose code is one of those that the operation lists.
    const auto* all = content->find("schema")->find("allOf");
    const Value& schema = all != nullptr ? all->get<Array>()->front() : *content->find("schema");
    EXPECT_EQ(checker.check(schema, answer.json()), Texts{}) << operation << " " << answer.body;
    if (all != nullptr) {
      const auto& codes = *all->get<Array>()->at(1).find("properties")->find("code");
      EXPECT_EQ(checker.check(codes, answer.json("code")), Texts{}) << operation << " " << answer.body;
    }
    return answer;
  }
};

TEST(OpenApi, answers_about_sessions_are_as_described) {
  Described it;
  it.expect("post /v1/signup", it.ann.sign_up("ann", {{"dob", "1999-01-02"}}));
  it.expect("post /v1/signup", it.world.client().sign_up("a"));
  it.expect("post /v1/signin", it.ann.sign_in("ann"));
  it.expect("post /v1/signin", it.world.client().sign_in("ann", wrong_password));
  it.expect("get /v1/session", it.ann.get("/v1/session"));
  it.expect("get /v1/session", it.world.curl().get("/v1/session"));
  const auto token = it.expect("post /v1/session/token", it.ann.post("/v1/session/token"));
  it.expect("post /v1/session/token", it.ann.post("/v1/session/token", {{"audience", "https://nobody.example"}}));
  auto holder = it.world.curl().bearer(token.text("access_token"));
  EXPECT_EQ(it.expect("post /v1/session/token", holder.post("/v1/session/token")).code(), "session_cookie_required");
  it.expect("patch /v1/me", holder.patch("/v1/me", {{"email", "ann@example.org"}}));
  it.expect("post /v1/reauth", it.ann.reauthenticate());
  *it.code.is_on = true;
  auto other = it.world.client();
  const auto pending = it.expect("post /v1/signin", other.sign_in("ann"));
  EXPECT_EQ(pending.json("state"), "mfa_required");
  EXPECT_EQ(pending.json("methods"), Value{Array{"totp"}});
  const auto done = it.expect("post /v1/signin/{method}", other.post("/v1/signin/totp", {{"code", "1"}}));
  EXPECT_EQ(done.json("state"), "complete");
  it.expect("post /v1/signin/{method}", other.post("/v1/signin/totp", {{"code", "1"}}));
}

TEST(OpenApi, answers_about_oneself_are_as_described) {
  Described it;
  it.ann.sign_up("ann");
  it.world.client().sign_in("ann");
  it.expect("get /v1/me", it.ann.get("/v1/me"));
  it.expect("patch /v1/me", it.ann.patch("/v1/me", {{"name", "Ann B."}, {"tracking", "daily"}}));
  it.expect("patch /v1/me", it.ann.patch("/v1/me", {{"name", nullptr}, {"hat", 1}}));
  const auto list = it.expect("get /v1/me/sessions", it.ann.get("/v1/me/sessions"));
  EXPECT_EQ(list.count("data"), 2U);
  it.expect("get /v1/me/sessions/{id}", it.ann.get("/v1/me/sessions/" + list.text("data/0/id")));
  it.expect("get /v1/me/sessions/{id}", it.ann.get("/v1/me/sessions/x"));
  const auto revoked = it.expect("post /v1/me/sessions/revoke-others", it.ann.post("/v1/me/sessions/revoke-others"));
  EXPECT_EQ(revoked.json("revoked"), 1);
  it.expect("post /v1/me/password",
            it.ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}));
}

TEST(OpenApi, answers_about_people_are_as_described) {
  Described it;
  const auto id = it.ann.sign_up("ann").text("user/id");
  auto admin = it.world.client();
  admin.sign_up("adam");
  it.world.make_admin("adam");
  admin.sign_in("adam");
  const auto page = it.expect("get /v1/users", it.ann.get("/v1/users?limit=1"));
  EXPECT_TRUE(page.json("next_cursor").is<std::string>());
  const auto last = it.expect("get /v1/users", it.ann.get("/v1/users?cursor=" + page.text("next_cursor")));
  EXPECT_TRUE(is_null(last.json("next_cursor")));
  it.expect("get /v1/users", it.ann.get("/v1/users?limit=0"));
  it.expect("get /v1/users/{id}", it.ann.get("/v1/users/" + id));
  it.expect("get /v1/users/{id}", admin.get("/v1/users/" + id));
  it.expect("patch /v1/users/{id}", admin.patch("/v1/users/" + id, {{"name", "Ann C."}, {"coins", 7}}));
  it.expect("patch /v1/users/{id}", it.ann.patch("/v1/users/" + id, {{"name", "Ann C."}}));
}

TEST(OpenApi, answers_about_notes_and_keys_are_as_described) {
  Described it;
  it.ann.sign_up("ann");
  const auto picture = encoding::base64(as_bytes(one_pixel_png()));
  const auto note = it.expect("post /v1/me/notes", it.ann.post("/v1/me/notes", {{"note", "a"}, {"image", picture}}));
  const auto path = "/v1/me/notes/" + note.text("id");
  it.expect("get /v1/me/notes/{id}", it.ann.get(path));
  it.expect("patch /v1/me/notes/{id}", it.ann.patch(path, {{"image", nullptr}}));
  it.ann.post("/v1/me/notes", {{"note", "b"}});
  it.expect("get /v1/me/notes", it.ann.get("/v1/me/notes?limit=1"));
  it.expect("get /v1/me/notes", it.ann.get("/v1/me/notes"));
  it.expect("get /.well-known/jwks.json", it.ann.get("/.well-known/jwks.json"));
  const std::string metadata = "/.well-known/oauth-authorization-server";
  it.expect("get " + metadata, it.ann.get(metadata));
}

TEST(OpenApi, answers_of_the_classic_contract_are_as_described) {
  Described it;
  auto bob = it.world.client();
  const Object new_user{{"name", "Bob"}, {"uid", "bob"}, {"password", good_password}, {"dob", "1999-01-02"}};
  const auto id = it.expect("post /api/users", bob.post("/api/users", new_user)).text("id");
  it.expect("post /api/users", bob.post("/api/users", new_user));
  it.expect("post /api/users/authenticate", bob.post("/api/users/authenticate", {{"uid", "bob"}, {"password", "x"}}));
  it.expect("post /api/users/authenticate",
            bob.post("/api/users/authenticate", {{"uid", "bob"}, {"password", good_password}}));
  it.expect("get /api/users", bob.get("/api/users"));
  it.expect("get /api/users/{id}", bob.get("/api/users/" + id));
  it.expect("put /api/users/{id}", bob.put("/api/users/" + id, {{"id", id}, {"tracking", "daily"}}));
  it.expect("put /api/users/{id}", bob.put("/api/users/" + id, {{"id", id}, {"coins", 7}}));
  const auto picture = encoding::base64(as_bytes(one_pixel_png()));
  const auto note = it.expect("post /api/notes", bob.post("/api/notes", {{"note", "a"}, {"image", picture}}));
  const auto path = "/api/notes/" + note.text("id");
  it.expect("put /api/notes/{id}", bob.put(path, {{"note", "b"}, {"image", nullptr}}));
  it.expect("get /api/notes", bob.get("/api/notes"));
  it.expect("get /api/notes/{id}", bob.get(path));
  it.expect("delete /api/notes/{id}", bob.del(path));
  it.expect("get /api/notes/{id}", bob.get(path));
  it.expect("delete /api/users/{id}", bob.del("/api/users/" + id));
}

TEST(OpenApi, this_test_notices_an_answer_that_is_not_as_described) {
  World world;
  const auto document = document_of(world);
  const Checker checker{document};
  const Value session{Object{{"$ref", "#/components/schemas/AccessToken"}}};
  const Object good{{"access_token", "a"}, {"token_type", "Bearer"}, {"expires_in", 1}};
  EXPECT_EQ(checker.check(session, good), Texts{});
  EXPECT_EQ(checker.check(session, Object{{"access_token", "a"}, {"token_type", 1}, {"expires_in", 1}}),
            Texts{"/token_type: of another type"});
  EXPECT_EQ(checker.check(session, Object{{"access_token", "a"}, {"expires_in", 1}}), Texts{"/token_type: missing"});
  EXPECT_EQ(checker.check(session, Object{{"access_token", "a"}, {"token_type", "b"}, {"expires_in", 1}, {"hat", 1}}),
            Texts{"/hat: not declared"});
  EXPECT_EQ(checker.check(session, Array{}), Texts{": of another type"});
  const Value choice{Object{{"oneOf", Array{session, session}}}};
  EXPECT_EQ(checker.check(choice, good), Texts{": not exactly one of the schemas"});
  const Value state{Object{{"enum", Array{"complete"}}}};
  EXPECT_EQ(checker.check(state, Value{"pending"}), Texts{": not listed"});
}

}  // namespace
}  // namespace cardea::api_tests
