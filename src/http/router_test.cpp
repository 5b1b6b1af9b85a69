#include "http/router.hpp"
#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

Route route(Method method, std::string_view path, const Surface& surface = api_surface()) {
  return {method, path, Lane::instant, anyone, &surface, [](const Call&) { return Response{}; }};
}

std::vector<Route> table() {
  return {route(Method::get, "/"),
          route(Method::get, "/v1/me/notes"),
          route(Method::post, "/v1/me/notes"),
          route(Method::get, "/v1/me/notes/{id}"),
          route(Method::del, "/v1/me/notes/{note}"),
          route(Method::get, "/v1/me/notes/export"),
          route(Method::post, "/v1/users/{id}/block"),
          route(Method::get, "/v1/{room}/all/now"),
          route(Method::get, "/v1/users/{id}/now"),
          route(Method::post, "/api/auth/login", lenient_surface()),
          route(Method::get, "/api/users/{id}", lenient_surface()),
          route(Method::get, "/api/list/", lenient_surface())};
}

struct Case {
  Method method;
  std::string_view path;
  std::string_view pattern;  // of the route found; empty: none
  std::vector<std::string> params;
  std::string_view allow;  // empty: no such path
};

TEST(router, finds_the_route_of_a_path) {
  const std::vector<Route> routes = table();
  const Router router{routes};
  const std::vector<Case> cases{
      {Method::get, "/", "/", {}, "GET, HEAD, OPTIONS"},
      {Method::get, "/v1/me/notes", "/v1/me/notes", {}, "GET, HEAD, POST, OPTIONS"},
      {Method::head, "/v1/me/notes", "/v1/me/notes", {}, "GET, HEAD, POST, OPTIONS"},
      {Method::put, "/v1/me/notes", "", {}, "GET, HEAD, POST, OPTIONS"},
      {Method::options, "/v1/me/notes", "", {}, "GET, HEAD, POST, OPTIONS"},
      {Method::head, "/v1/users/a/block", "", {"a"}, "POST, OPTIONS"},
      {Method::get, "/v1/me/notes/", "", {}, ""},
      {Method::get, "/v1/me/notes/x", "/v1/me/notes/{id}", {"x"}, "GET, HEAD, DELETE, OPTIONS"},
      {Method::del, "/v1/me/notes/x", "/v1/me/notes/{note}", {"x"}, "GET, HEAD, DELETE, OPTIONS"},
      {Method::get, "/v1/me/notes/{id}", "/v1/me/notes/{id}", {"{id}"}, "GET, HEAD, DELETE, OPTIONS"},
      {Method::get, "/v1/me/notes/export", "/v1/me/notes/export", {}, "GET, HEAD, OPTIONS"},
      {Method::get, "/v1/me/notes/x/", "", {}, ""},
      {Method::get, "/v1/me/notes/x/y", "", {}, ""},
      {Method::post, "/v1/users//block", "", {}, ""},
      {Method::get, "/v1/users/all/now", "/v1/users/{id}/now", {"all"}, "GET, HEAD, OPTIONS"},
      {Method::get, "/v1/notes/all/now", "/v1/{room}/all/now", {"notes"}, "GET, HEAD, OPTIONS"},
      {Method::get, "/V1/me/notes", "", {}, ""},
      {Method::post, "/api/auth/login", "/api/auth/login", {}, "POST, OPTIONS"},
      {Method::post, "/api/auth/login/", "/api/auth/login", {}, "POST, OPTIONS"},
      {Method::post, "/api/auth/login//", "", {}, ""},
      {Method::get, "/api/users/7/", "/api/users/{id}", {"7"}, "GET, HEAD, OPTIONS"},
      {Method::get, "/api/list", "/api/list/", {}, "GET, HEAD, OPTIONS"},
      {Method::get, "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", "", {}, ""},
      {Method::get, "", "", {}, ""},
  };
  for (const Case& c : cases) {
    std::vector<std::string> params{"left over"};
    const Router::Match match = router.find(c.method, c.path, params);
    EXPECT_EQ(match.route == nullptr ? "" : match.route->path, c.pattern) << c.path;
    EXPECT_EQ(params, c.params) << c.path;
    EXPECT_EQ(match.allow, c.allow) << c.path;
    EXPECT_EQ(match.other == nullptr, c.allow.empty()) << c.path;
  }
}

TEST(router, refuses_two_routes_for_one_method_and_path) {
  const std::vector<Route> same{route(Method::get, "/a"), route(Method::get, "/a")};
  EXPECT_THROW(Router{same}, std::invalid_argument);
  const std::vector<Route> renamed{route(Method::get, "/a/{x}"), route(Method::get, "/a/{y}")};
  EXPECT_THROW(Router{renamed}, std::invalid_argument);
  const std::vector<Route> slash{route(Method::get, "/a", lenient_surface()), route(Method::get, "/a/")};
  EXPECT_THROW(Router{slash}, std::invalid_argument);
  const std::vector<Route> relative{route(Method::get, "a")};
  EXPECT_THROW(Router{relative}, std::invalid_argument);
  const std::vector<Route> fine{route(Method::get, "/a"), route(Method::post, "/a")};
  EXPECT_NO_THROW(Router{fine});
}

}  // namespace
}  // namespace cardea::http
