// Parameters of the query: one that does nothing is refused by its name in the API, and does no harm elsewhere.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

std::string filled_in(std::string_view path) {
  std::string target{path};
  for (auto open = target.find('{'); open != std::string::npos; open = target.find('{')) {
    target.replace(open, target.find('}') - open + 1, "x");
  }
  return target;
}

struct Asked {
  const http::Route* route;
  Answer answer;
};

/// What every route answers to a parameter that it does not declare.
std::vector<Asked> ask_all(World& world) {
  std::vector<Asked> all;
  auto ann = world.client();
  ann.sign_up("ann");
  for (const auto& route : world.house().pipeline().routes()) {
    http::Request request{.method = route.method, .target = filled_in(route.path) + "?utm_source=x"};
    if (!http::is_safe(route.method)) {
      request.headers.add("Content-Type", "application/json");
      request.body = "{}";
    }
    all.push_back({&route, ann.send(std::move(request))});
  }
  return all;
}

TEST(Parameters, every_route_of_the_api_refuses_by_name_what_it_does_not_take) {
  World world;
  std::size_t refused = 0;
  for (const auto& [route, answer] : ask_all(world)) {
    if (!route->path.starts_with("/v1/")) continue;
    ++refused;
    EXPECT_EQ(answer.status, 422) << route->path;
    EXPECT_EQ(answer.code(), "unknown_parameter") << route->path;
    EXPECT_EQ(answer.problems(), Texts{"utm_source:unknown_parameter"}) << route->path;
  }
  EXPECT_GE(refused, 25U);
}

TEST(Parameters, no_other_route_minds_one_too_many) {
  World world;
  std::size_t others = 0;
  for (const auto& [route, answer] : ask_all(world)) {
    if (route->path.starts_with("/v1/")) continue;
    ++others;
    EXPECT_NE(answer.status, 422) << route->path << " " << answer.body;
    EXPECT_NE(answer.status, 500) << route->path;
    EXPECT_FALSE(answer.mentions("utm_source:")) << route->path;
  }
  EXPECT_GE(others, 40U);
  EXPECT_EQ(world.curl().get("/healthz?probe=1").status, 200);
  EXPECT_EQ(world.curl().get("/.well-known/jwks.json?v=1").status, 200);
}

TEST(Parameters, what_is_refused_does_nothing) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.del("/v1/me?really=true").status, 422);
  EXPECT_EQ(ann.post("/v1/signout?all=true").status, 422);
  EXPECT_EQ(ann.get("/v1/session").status, 200);
}

TEST(Parameters, one_that_is_there_twice_is_named) {
  World world;
  const auto answer = world.curl().get("/v1/users?limit=1&limit=2");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.problems(), Texts{"limit:repeated_parameter"});
}

}  // namespace
}  // namespace cardea::api_tests
