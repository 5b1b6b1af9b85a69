// The OpenAPI document: where it is served, and what it says of each operation.

#include <set>

#include "tests/api/openapi_checker.hpp"

namespace cardea::api_tests {
namespace {

TEST(OpenApi, is_served_to_anybody_and_kept_by_caches) {
  World world;
  const auto answer = world.curl().get("/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  EXPECT_EQ(answer.header("Cache-Control"), "public, max-age=300");
  EXPECT_EQ(answer.body, world.house().openapi());
  EXPECT_EQ(answer.json("servers/0/url"), "https://auth.test");
  auto again = world.curl();
  again.header("If-None-Match", answer.header("ETag"));
  EXPECT_EQ(again.get("/openapi.json").status, 304);
  EXPECT_EQ(again.get("/openapi.json").header("Cache-Control"), "public, max-age=300");
}

TEST(OpenApi, every_operation_has_a_name_a_group_and_its_callers) {
  World world;
  const auto document = document_of(world);
  std::set<std::string> names, groups;
  for (const auto& tag : *document.find("tags")->get<Array>()) groups.insert(*tag.find("name")->get<std::string>());
  for_each_operation(document, [&](const std::string& name, const Value& operation) {
    EXPECT_TRUE(names.insert(*operation.find("operationId")->get<std::string>()).second) << name;
    ASSERT_NE(operation.find("tags"), nullptr) << name;
    EXPECT_TRUE(groups.contains(*operation.find("tags")->get<Array>()->at(0).get<std::string>())) << name;
    EXPECT_FALSE(operation.find("description")->get<std::string>()->empty()) << name;
  });
  EXPECT_GE(names.size(), 35U);
}

TEST(OpenApi, every_parameter_has_bounds) {
  World world;
  std::size_t parameters = 0;
  for_each_operation(document_of(world), [&](const std::string& name, const Value& operation) {
    const auto* all = operation.find("parameters");
    if (all == nullptr) return;
    for (const auto& each : *all->get<Array>()) {
      ++parameters;
      const Value& schema = *each.find("schema");
      const bool is_bounded =
          std::ranges::any_of(std::initializer_list<std::string_view>{"minimum", "maxLength", "enum", "pattern"},
                              [&](std::string_view bound) { return schema.find(bound) != nullptr; });
      EXPECT_TRUE(is_bounded) << name << " " << wire::to_json(each);
    }
  });
  EXPECT_GE(parameters, 25U);
}

TEST(OpenApi, every_example_is_what_its_schema_says) {
  World world;
  const auto document = document_of(world);
  const Checker checker{document};
  std::size_t examples = 0;
  for (const auto& [name, schema] : *document.find("components")->find("schemas")->get<Object>()) {
    const auto* all = schema.find("examples");
    if (all == nullptr) continue;
    ++examples;
    for (const auto& each : *all->get<Array>()) EXPECT_EQ(checker.check(schema, each), Texts{}) << name;
  }
  EXPECT_GE(examples, 30U);
}

TEST(OpenApi, credentials_are_those_of_each_surface) {
  World world;
  const auto document = document_of(world);
  const auto cookie = [&](std::string_view scheme) {
    return *document.find("components")->find("securitySchemes")->find(scheme)->find("name")->get<std::string>();
  };
  EXPECT_EQ(cookie("session"), "__Host-cardea");
  EXPECT_EQ(cookie("classic_cookie"), "jwt");
  const auto security = [&](std::string_view path, std::string_view method) {
    return wire::to_json(*document.find("paths")->find(path)->find(method)->find("security"));
  };
  EXPECT_EQ(security("/v1/me", "get"), R"([{"access_token":[]},{"session":[]}])");
  EXPECT_EQ(security("/v1/me", "delete"), R"([{"session":[]}])");
  EXPECT_EQ(security("/api/notes", "get"), R"([{"classic_token":[]},{"classic_cookie":[]}])");
  EXPECT_EQ(security("/v1/forward-auth", "get"), R"([{"session":[]},{}])");
  EXPECT_EQ(security("/v1/signin", "post"), "[]");
}

}  // namespace
}  // namespace cardea::api_tests
