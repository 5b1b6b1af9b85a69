#include "encoding/base64.hpp"
#include "http/problem.hpp"
#include "note/note.hpp"
#include "tests/contract/note_fixture.hpp"

namespace cardea::note {
namespace {

class NoteRoutesContract : public NoteFixture {
 protected:
  Result<http::Response> call(const AccountId& who, http::Method method, std::string_view path, std::string body = {},
                              std::vector<std::string> params = {}, std::string query = {}) {
    const auto found = std::find_if(notes.begin(), notes.end(), [&](const http::Route& route) {
      return route.method == method && route.path == path;
    });
    if (found == notes.end()) throw std::runtime_error{"no such route"};
    now += std::chrono::seconds{1};
    const http::Request request{.method = method, .query = std::move(query), .body = std::move(body)};
    return found->handler(http::Call{.request = request,
                                     .route = *found,
                                     .params = std::move(params),
                                     .context = {.now = now, .principal = Principal{.account = who}}});
  }
  wire::Value post(const AccountId& who, std::string body) {
    return wire::parse(call(who, http::Method::post, all, std::move(body)).value().body.text()).value();
  }
  static std::string text(const wire::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* found = member != nullptr ? member->get<std::string>() : nullptr;
    return found != nullptr ? *found : "(none)";
  }

  static constexpr std::string_view all = "/v1/me/notes", one = "/v1/me/notes/{id}", image = "/v1/me/notes/{id}/image";
  Time now = noon;
  std::vector<http::Route> notes = api_routes({.database = database(), .random = random, .settings = settings});
};
INSTANTIATE_TEST_SUITE_P(engines, NoteRoutesContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(NoteRoutesContract, every_route_asks_for_a_session_and_is_described) {
  EXPECT_EQ(notes.size(), 6U);
  for (const auto& route : notes) {
    EXPECT_EQ(route.requirement.who, Who::principal) << route.path;
    EXPECT_EQ(route.lane, http::Lane::quick) << route.path;
    EXPECT_FALSE(route.doc.summary.empty()) << route.path;
    EXPECT_FALSE(route.doc.errors.empty()) << route.path;
  }
}

TEST_P(NoteRoutesContract, note_with_image_is_written_read_and_served) {
  const auto answer =
      call(ann, http::Method::post, all,
           R"({"note":"hello","image":"data:image/webp;base64,)" + encoding::base64(as_bytes(picture)) + "\"}");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 201);
  const auto made = wire::parse(answer->body.text()).value();
  const auto id = text(made, "id");
  EXPECT_EQ(text(made, "note"), "hello");
  EXPECT_EQ(text(made, "image"), "/v1/me/notes/" + id + "/image");
  EXPECT_EQ(answer->headers.get("Location"), "/v1/me/notes/" + id);
  EXPECT_EQ(call(ann, http::Method::get, one, {}, {id})->body, answer->body.text());
  const auto served = call(ann, http::Method::get, image, {}, {id}).value();
  EXPECT_EQ(served.body, picture);
  EXPECT_EQ(served.headers.get("Content-Type"), "image/webp");
}

TEST_P(NoteRoutesContract, note_without_image_says_null) {
  const auto made = post(ann, R"({"note":"hello"})");
  ASSERT_NE(made.find("image"), nullptr);
  EXPECT_TRUE(made.find("image")->is<std::nullptr_t>());
  EXPECT_TRUE(call(ann, http::Method::get, image, {}, {text(made, "id")}).error().is(not_found));
}

TEST_P(NoteRoutesContract, bad_bodies_are_refused) {
  for (const auto* body : {R"({})", R"({"note":1})", R"({"note":"a","owner":"x"})", R"({"note":"a","image":"%%"})",
                           R"({"note":"a","image":"PHN2Zy8+"})", R"({"note":""})"}) {
    EXPECT_TRUE(call(ann, http::Method::post, all, body).error().is(validation_failed)) << body;
  }
  EXPECT_TRUE(call(ann, http::Method::post, all, "{").error().is(wire::malformed_json));
}

TEST_P(NoteRoutesContract, patch_changes_what_it_names) {
  const auto made = post(ann, R"({"note":"hello","image":")" + encoding::base64(as_bytes(picture)) + "\"}");
  const auto id = text(made, "id");
  const auto patch = [&](std::string body) {
    return wire::parse(call(ann, http::Method::patch, one, std::move(body), {id}).value().body.text()).value();
  };
  EXPECT_EQ(text(patch(R"({})"), "note"), "hello");
  const auto renamed = patch(R"({"note":"bye"})");
  EXPECT_EQ(text(renamed, "note"), "bye");
  EXPECT_EQ(text(renamed, "image"), "/v1/me/notes/" + id + "/image");
  EXPECT_NE(text(renamed, "updated_at"), text(renamed, "created_at"));
  const auto bare = patch(R"({"image":null})");
  EXPECT_TRUE(bare.find("image")->is<std::nullptr_t>());
  EXPECT_EQ(text(bare, "note"), "bye");
  EXPECT_NE(text(patch(R"({"image":")" + encoding::base64(as_bytes(picture)) + "\"}"), "image"), "(none)");
}

TEST_P(NoteRoutesContract, text_cannot_be_patched_away) {
  const auto id = text(post(ann, R"({"note":"hello"})"), "id");
  for (const auto* body : {R"({"note":null})", R"({"note":""})", R"({"id":"x"})"}) {
    EXPECT_TRUE(call(ann, http::Method::patch, one, body, {id}).error().is(validation_failed)) << body;
  }
}

TEST_P(NoteRoutesContract, nobody_else_reaches_a_note) {
  const auto id = text(post(ann, R"({"note":"hello","image":")" + encoding::base64(as_bytes(picture)) + "\"}"), "id");
  EXPECT_TRUE(call(bob, http::Method::get, one, {}, {id}).error().is(not_found));
  EXPECT_TRUE(call(bob, http::Method::get, image, {}, {id}).error().is(not_found));
  EXPECT_TRUE(call(bob, http::Method::patch, one, R"({"note":"x"})", {id}).error().is(not_found));
  EXPECT_TRUE(call(bob, http::Method::patch, one, R"({"image":null})", {id}).error().is(not_found));
  EXPECT_TRUE(call(bob, http::Method::del, one, {}, {id}).error().is(not_found));
  EXPECT_EQ(call(bob, http::Method::get, all)->body.text().find(id), std::string::npos);
  EXPECT_TRUE(call(ann, http::Method::get, image, {}, {id}).ok());
}

TEST_P(NoteRoutesContract, text_that_is_no_note_id_is_not_found) {
  for (const std::string& id : {std::string{"x"}, std::string{}, ann.text(), std::string{"not_0' OR 1=1 --"}}) {
    EXPECT_TRUE(call(ann, http::Method::get, one, {}, {id}).error().is(not_found));
    EXPECT_TRUE(call(ann, http::Method::del, one, {}, {id}).error().is(not_found));
  }
}

TEST_P(NoteRoutesContract, deleted_note_is_gone) {
  const auto id = text(post(ann, R"({"note":"hello"})"), "id");
  EXPECT_EQ(call(ann, http::Method::del, one, {}, {id})->status, 204);
  EXPECT_TRUE(call(ann, http::Method::get, one, {}, {id}).error().is(not_found));
}

TEST_P(NoteRoutesContract, list_is_read_page_by_page_to_its_end) {
  for (int i = 0; i < 5; ++i) post(ann, R"({"note":")" + std::to_string(i) + "\"}");
  std::string seen;
  std::string query = "limit=2";
  for (;;) {
    const auto page = wire::parse(call(ann, http::Method::get, all, {}, {}, query).value().body.text()).value();
    for (const auto& note : *page.find("data")->get<wire::Array>()) seen += text(note, "note");
    EXPECT_EQ(*page.find("has_more")->get<bool>(), page.find("next_cursor")->is<std::string>());
    if (!*page.find("has_more")->get<bool>()) break;
    query = "limit=2&cursor=" + text(page, "next_cursor");
    seen += '|';
  }
  EXPECT_EQ(seen, "43|21|0");
}

TEST_P(NoteRoutesContract, bad_paging_is_refused) {
  for (const auto* query :
       {"limit=0", "limit=201", "limit=x", "limit=-1", "cursor=x", "cursor=usr_00000000000000000000000000"}) {
    EXPECT_TRUE(call(ann, http::Method::get, all, {}, {}, query).error().is(validation_failed)) << query;
  }
  EXPECT_TRUE(call(ann, http::Method::get, all, {}, {}, "limit=200").ok());
}

}  // namespace
}  // namespace cardea::note
