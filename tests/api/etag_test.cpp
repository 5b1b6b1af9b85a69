// Single things have an ETag. Who has read one is told when it is the same still, and changes nothing that has changed
// meanwhile.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

class Etag : public ::testing::TestWithParam<std::string> {
 protected:
  Etag() {
    ann.sign_up("ann");
    note = ann.post("/v1/me/notes", {{"note", "Buy milk"}}).header("Location");
  }
  static Answer with(Client client, std::string_view name, std::string_view tag, http::Method method,
                     std::string_view target, std::string body = {}) {
    http::Request request{.method = method, .target = std::string{target}, .body = std::move(body)};
    request.headers.add(name, tag);
    if (!request.body.empty()) request.headers.add("Content-Type", "application/json");
    return client.send(std::move(request));
  }
  Answer patch_if(std::string_view tag, std::string_view target, std::string body) {
    return with(ann, "If-Match", tag, http::Method::patch, target, std::move(body));
  }
  Answer delete_if(std::string_view tag, std::string_view target) {
    return with(ann, "If-Match", tag, http::Method::del, target);
  }
  Answer get_unless(std::string_view tag, std::string_view target) {
    return with(ann, "If-None-Match", tag, http::Method::get, target);
  }

  World world{[](app::Settings& settings) { list_for(settings, identity::ListedFor::everyone); }, GetParam()};
  Client ann = world.client();
  std::string note;
};
INSTANTIATE_TEST_SUITE_P(engines, Etag, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Etag, changes_with_the_thing_and_with_nothing_else) {
  const std::string user = "/v1/users/" + world.id_of("ann").text();
  for (const std::string& target : {std::string{"/v1/me"}, user, note}) {
    const auto first = ann.get(target).header("ETag");
    EXPECT_EQ(first.size(), 26U) << target;
    EXPECT_EQ(ann.get(target).header("ETag"), first) << target;
  }
  const auto me = ann.get("/v1/me").header("ETag");
  const auto changed = ann.patch("/v1/me", {{"name", "Ann B."}});
  EXPECT_NE(changed.header("ETag"), me);
  EXPECT_EQ(changed.header("ETag"), ann.get("/v1/me").header("ETag"));
  EXPECT_EQ(ann.get("/v1/me/notes").header("ETag"), "") << "a list is no single thing";
}

TEST_P(Etag, what_the_client_has_is_not_sent_again) {
  for (const std::string& target : {std::string{"/v1/me"}, note}) {
    const auto tag = ann.get(target).header("ETag");
    for (const auto& sent : {tag, "W/" + tag, "\"other\", " + tag, std::string{"*"}}) {
      const auto answer = get_unless(sent, target);
      EXPECT_EQ(answer.status, 304) << sent;
      EXPECT_EQ(answer.body, "") << sent;
      EXPECT_EQ(answer.header("ETag"), tag) << sent;
    }
    EXPECT_EQ(get_unless("\"other\"", target).status, 200);
  }
  EXPECT_EQ(get_unless("*", "/v1/me/notes/not_00000000000000000000000000").status, 404);
}

TEST_P(Etag, change_of_what_has_changed_meanwhile_is_refused) {
  const auto me = ann.get("/v1/me").header("ETag");
  ann.patch("/v1/me", {{"name", "Ann B."}});
  const auto refused = patch_if(me, "/v1/me", R"({"name":"Ann C."})");
  EXPECT_EQ(refused.status, 412);
  EXPECT_EQ(refused.code(), "precondition_failed");
  EXPECT_EQ(ann.get("/v1/me").json("name"), "Ann B.");
  EXPECT_EQ(patch_if(ann.get("/v1/me").header("ETag"), "/v1/me", R"({"name":"Ann C."})").status, 200);

  const auto old = ann.get(note).header("ETag");
  ann.patch(note, {{"note", "Buy bread"}});
  EXPECT_EQ(patch_if(old, note, R"({"note":"Buy tea"})").code(), "precondition_failed");
  EXPECT_EQ(delete_if(old, note).code(), "precondition_failed");
  EXPECT_EQ(ann.get(note).json("note"), "Buy bread");
  EXPECT_EQ(patch_if("W/" + ann.get(note).header("ETag"), note, R"({"note":"Buy tea"})").status, 412)
      << "a weak tag matches nothing";
  EXPECT_EQ(delete_if("\"x\", " + ann.get(note).header("ETag"), note).status, 204);
  EXPECT_EQ(delete_if("*", note).status, 404);

  EXPECT_EQ(delete_if(me, "/v1/me").code(), "precondition_failed");
  EXPECT_EQ(ann.get("/v1/me").status, 200);
  EXPECT_EQ(delete_if(ann.get("/v1/me").header("ETag"), "/v1/me").status, 204);
}

TEST_P(Etag, administrator_changes_what_was_read) {
  auto root = world.client();
  root.sign_up("rita");
  world.make_admin("rita");
  root.sign_in("rita");
  const std::string user = "/v1/users/" + world.id_of("ann").text();
  const auto seen = root.get(user).header("ETag");
  EXPECT_EQ(with(root, "If-Match", "\"other\"", http::Method::patch, user, R"({"coins":1})").status, 412);
  const auto changed = with(root, "If-Match", seen, http::Method::patch, user, R"({"coins":1})");
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(with(root, "If-Match", seen, http::Method::patch, user, R"({"coins":2})").status, 412);
  EXPECT_EQ(root.get(user).json("coins"), 1);
}

TEST_P(Etag, of_many_who_read_the_same_one_changes_it) {
  for (const std::string& target : {std::string{"/v1/me"}, note}) {
    const std::string member = target == note ? "note" : "name";
    for (int round = 0; round < 5; ++round) {
      const auto tag = ann.get(target).header("ETag");
      std::atomic<int> changed = 0;
      std::atomic<int> refused = 0;
      testing_support::race(6, [&](int i) {
        const auto text = "round " + std::to_string(round) + " by " + std::to_string(i);
        const auto answer = patch_if(tag, target, R"({")" + member + R"(":")" + text + R"("})");
        if (answer.status == 200) ++changed;
        if (answer.status == 412) ++refused;
      });
      EXPECT_EQ(changed, 1) << target;
      EXPECT_EQ(refused, 5) << target;
    }
  }
}

}  // namespace
}  // namespace cardea::api_tests
