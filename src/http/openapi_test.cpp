#include "http/openapi.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

const Edition edition{.version = "0.1.0", .url = "https://auth.example"};

constexpr ErrorKind full_house{"note.full_house", 405, "Come later."};
struct Author {
  static constexpr std::string_view schema_name = "Author";
  std::string name;
};
template <class D>
void describe(D& d, wire::Of<D, Author>& author) {
  d.required("name", author.name);
}

struct NoteView {
  static constexpr std::string_view schema_name = "Note";
  Author author;
  std::optional<Author> editor;
};
template <class D>
void describe(D& d, wire::Of<D, NoteView>& note) {
  d.required("author", note.author);
  d.required("editor", note.editor);
}

struct NewNote {
  static constexpr std::string_view schema_name = "NewNote";
  std::string text;
};
template <class D>
void describe(D& d, wire::Of<D, NewNote>& note) {
  d.required("text", note.text);
}

struct OtherNote {
  static constexpr std::string_view schema_name = "Note";
};
template <class D>
void describe(D&, wire::Of<D, OtherNote>&) {}

struct Way {
  bool raw = false;
};
template <class D>
void describe(D& d, wire::Of<D, Way>& way) {
  d.optional("raw", way.raw);
}

constexpr ErrorKind taken{"note.taken", 409, "Choose another name."};

wire::Schema note_schema() { return wire::Object{{"type", "object"}, {"title", "Note"}}; }

Route route(Method method, std::string_view path, Requirement requirement, const Surface& surface, Doc doc = {}) {
  return {method, path, Lane::quick, requirement, &surface, [](const Call&) { return Response{}; }, std::move(doc)};
}

Route with_query(Route route) {
  route.query = &query_of<Way>();
  return route;
}

std::vector<Route> table() {
  return {route(Method::post, "/v1/me/notes", signed_in, api_surface(),
                {.summary = "Writes a note.",
                 .request = note_schema,
                 .response = note_schema,
                 .status = 201,
                 .errors = {&taken}}),
          with_query(route(Method::get, "/v1/me/notes/{id}", recently, api_surface(),
                           {.summary = "Reads a note.", .response = note_schema})),
          route(Method::get, "/v1/me/notes", signed_in, api_surface(), {.summary = "Lists notes."}),
          route(Method::post, "/api/login", anyone, lenient_surface(),
                {.summary = "Signs in.", .request = note_schema, .errors = {&full_house}}),
          route(Method::get, "/page", anyone, page_surface()),
          route(Method::get, "/v1/hidden", anyone, api_surface())};
}

const wire::Value& at(const wire::Value& value, std::initializer_list<std::string_view> path) {
  const wire::Value* found = &value;
  for (const std::string_view name : path) {
    found = found->find(name);
    if (found == nullptr) throw std::out_of_range{std::string{name}};
  }
  return *found;
}

Result<wire::Value> read(std::string_view json) { return wire::parse(json, {.depth = 32, .members = 100'000}); }

TEST(openapi, describes_the_documented_routes) {
  const auto parsed = read(openapi(table(), edition));
  ASSERT_TRUE(parsed.ok());
  const wire::Value& document = *parsed;
  EXPECT_EQ(*at(document, {"openapi"}).get<std::string>(), "3.1.0");
  const auto& paths = *at(document, {"paths"}).get<wire::Object>();
  ASSERT_EQ(paths.size(), 3U);
  EXPECT_EQ(paths[0].name, "/api/login");
  EXPECT_EQ(paths[1].name, "/v1/me/notes");

  const wire::Value& write = at(document, {"paths", "/v1/me/notes", "post"});
  EXPECT_EQ(*at(write, {"operationId"}).get<std::string>(), "post_v1_me_notes");
  EXPECT_EQ(wire::to_json(at(write, {"requestBody", "content", "application/json", "schema"})),
            wire::to_json(note_schema()));
  EXPECT_NE(write.find("responses")->find("201"), nullptr);
  const std::string conflict = wire::to_json(at(write, {"responses", "409"}));
  EXPECT_NE(conflict.find(R"("enum":["note.taken"])"), std::string::npos);
  EXPECT_NE(wire::to_json(at(write, {"responses", "401"})).find("unauthenticated"), std::string::npos);

  const wire::Value& read = at(document, {"paths", "/v1/me/notes/{id}", "get"});
  EXPECT_EQ(*at(read, {"operationId"}).get<std::string>(), "get_v1_me_notes_id");
  const auto& parameters = *at(read, {"parameters"}).get<wire::Array>();
  ASSERT_EQ(parameters.size(), 2U);
  EXPECT_EQ(*parameters[0].find("name")->get<std::string>(), "id");
  EXPECT_EQ(*parameters[1].find("in")->get<std::string>(), "query");
  EXPECT_NE(wire::to_json(at(read, {"responses", "403"})).find("reauth_required"), std::string::npos);

  const wire::Value& login = at(document, {"paths", "/api/login", "post"});
  EXPECT_EQ(login.find("responses")->find("405"), nullptr);  // folded into 400
  EXPECT_NE(wire::to_json(at(login, {"responses", "400"})).find("note.full_house"), std::string::npos);
  EXPECT_TRUE(at(login, {"security"}).get<wire::Array>()->empty());
}

TEST(openapi, says_where_a_token_will_do_and_whether_a_body_is_needed) {
  const Doc doc{.summary = "Does it.", .request = note_schema};
  const Doc optional{.summary = "Does it.", .request = note_schema, .request_is_optional = true};
  const auto document = read(openapi({route(Method::post, "/own", signed_in, api_surface(), doc),
                                      route(Method::post, "/both", or_token(signed_in), api_surface(), optional),
                                      route(Method::post, "/perhaps", if_signed_in, api_surface(), doc)},
                                     edition))
                            .value();
  const auto written = [&](std::string_view path, std::initializer_list<std::string_view> below) {
    const wire::Value& operation = at(document, {"paths", path, "post"});
    return wire::to_json(at(operation, below));
  };
  EXPECT_EQ(written("/own", {"security"}), R"([{"session":[]}])");
  EXPECT_EQ(written("/both", {"security"}), R"([{"access_token":[]},{"session":[]}])");
  EXPECT_EQ(written("/perhaps", {"security"}), R"([{"session":[]},{}])");
  for (const auto* path : {"/own", "/perhaps"}) {
    EXPECT_NE(written(path, {"responses", "403"}).find("session_cookie_required"), std::string::npos) << path;
  }
  EXPECT_EQ(written("/both", {"responses", "403"}).find("session_cookie_required"), std::string::npos);
  EXPECT_EQ(written("/own", {"requestBody", "required"}), "true");
  EXPECT_EQ(written("/both", {"requestBody", "required"}), "false");
}

TEST(openapi, has_each_named_schema_once_and_refers_to_it) {
  const auto document =
      read(openapi({route(Method::post, "/v1/notes", anyone, api_surface(),
                          {.summary = "Writes a note.",
                           .request = &wire::schema<NewNote>,
                           .response = &wire::schema<NoteView>}),
                    route(Method::get, "/v1/notes", anyone, api_surface(),
                          {.summary = "Lists notes.", .response = &wire::schema<std::vector<NoteView>>})},
                   edition))
          .value();
  const auto& operations = at(document, {"paths", "/v1/notes"});
  const std::string note = R"({"schema":{"$ref":"#/components/schemas/Note"}})";
  EXPECT_EQ(wire::to_json(at(operations, {"post", "requestBody", "content", "application/json"})),
            R"({"schema":{"$ref":"#/components/schemas/NewNote"}})");
  EXPECT_EQ(wire::to_json(at(operations, {"post", "responses", "200", "content", "application/json"})), note);
  EXPECT_EQ(wire::to_json(at(operations, {"get", "responses", "200", "content", "application/json", "schema"})),
            R"({"type":"array","items":{"$ref":"#/components/schemas/Note"}})");

  const auto& schemas = at(document, {"components", "schemas"});
  std::vector<std::string> names;
  for (const auto& member : *schemas.get<wire::Object>()) names.push_back(member.name);
  EXPECT_EQ(names, (std::vector<std::string>{"Author", "Challenge", "NewNote", "Note", "Problem", "ProblemField"}));
  EXPECT_EQ(wire::to_json(at(schemas, {"Note", "properties"})),
            R"({"author":{"$ref":"#/components/schemas/Author"},)"
            R"("editor":{"anyOf":[{"$ref":"#/components/schemas/Author"},{"type":"null"}]}})");
  EXPECT_EQ(wire::to_json(document).find("$defs"), std::string::npos);
}

TEST(openapi, refuses_two_shapes_of_one_name) {
  const std::vector<Route> routes{
      route(Method::get, "/a", anyone, api_surface(), {.summary = "One.", .response = &wire::schema<NoteView>}),
      route(Method::get, "/b", anyone, api_surface(), {.summary = "Another.", .response = &wire::schema<OtherNote>})};
  EXPECT_THROW(static_cast<void>(openapi(routes, edition)), std::logic_error);
}

TEST(openapi, closes_what_is_sent_and_leaves_open_what_is_answered) {
  const auto document = read(openapi({route(Method::post, "/v1/notes", anyone, api_surface(),
                                            {.summary = "Writes a note.",
                                             .request = &wire::schema<NewNote>,
                                             .response = &wire::schema<NoteView>})},
                                     edition))
                            .value();
  const auto& schemas = at(document, {"components", "schemas"});
  EXPECT_EQ(wire::to_json(at(schemas, {"NewNote", "additionalProperties"})), "false");
  for (const auto* name : {"Note", "Author", "Problem", "ProblemField"}) {
    EXPECT_EQ(at(schemas, {name}).find("additionalProperties"), nullptr) << name;
  }
}

TEST(openapi, refuses_one_name_for_what_is_sent_and_what_is_answered) {
  const std::vector<Route> routes{
      route(Method::post, "/a", anyone, api_surface(),
            {.summary = "One.", .request = &wire::schema<NoteView>, .response = &wire::schema<NoteView>})};
  EXPECT_THROW(static_cast<void>(openapi(routes, edition)), std::logic_error);
}

TEST(openapi, names_the_media_types_of_what_is_not_json) {
  constexpr std::array<std::string_view, 2> types{"image/png", "image/webp"};
  const auto document =
      read(openapi(
               {route(Method::get, "/v1/image", anyone, api_surface(), {.summary = "An image.", .media_types = types}),
                route(Method::del, "/v1/image", anyone, api_surface(), {.summary = "Deletes it.", .status = 204})},
               edition))
          .value();
  const auto& operations = at(document, {"paths", "/v1/image"});
  EXPECT_EQ(wire::to_json(at(operations, {"get", "responses", "200", "content"})),
            R"({"image/png":{},"image/webp":{}})");
  EXPECT_EQ(at(operations, {"delete", "responses", "204"}).find("content"), nullptr);
}

TEST(openapi, does_not_depend_on_the_order_of_routes) {
  std::vector<Route> reversed = table();
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(openapi(table(), edition), openapi(reversed, edition));
}

TEST(route_table, has_one_aligned_line_per_route) {
  EXPECT_EQ(route_table(table()),
            "POST  /api/login         quick  anyone          lenient  65536\n"
            "GET   /page              quick  anyone          page     65536\n"
            "GET   /v1/hidden         quick  anyone          api      65536\n"
            "GET   /v1/me/notes       quick  signed_in       api      65536\n"
            "POST  /v1/me/notes       quick  signed_in       api      65536\n"
            "GET   /v1/me/notes/{id}  quick  signed_in<600s  api      65536\n");
}

}  // namespace
}  // namespace cardea::http
