#include <gtest/gtest.h>

#include "http/problem.hpp"
#include "legacy_api/legacy_api.hpp"

namespace cardea::legacy_api {
namespace {

/// The response to an error on a surface.
http::Response problem_on(const http::Surface& surface, const Error& error) {
  const http::Request request{.path = "/api/x"};
  const http::Route route{.method = http::Method::get,
                          .path = "/api/x",
                          .lane = http::Lane::quick,
                          .requirement = anyone,
                          .surface = &surface};
  return surface.write_error(
      http::Call{.request = request, .route = route, .context = {.now = Time{}, .origin = {.request = RequestId{}}}},
      error);
}

TEST(LegacySurface, has_a_message_and_folds_statuses) {
  const std::vector<std::pair<int, int>> cases{{400, 400}, {401, 401}, {403, 403}, {404, 404}, {405, 400}, {409, 400},
                                               {412, 400}, {413, 413}, {415, 415}, {418, 400}, {422, 400}, {423, 400},
                                               {429, 429}, {431, 400}, {500, 500}, {503, 503}};
  for (const auto& [status, folded] : cases) {
    const ErrorKind kind{"some.kind", status, "Some title."};
    const http::Response response = problem_on(surface(), kind);
    EXPECT_EQ(response.status, folded) << status;
    const auto body = wire::parse(response.body.text());
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(*body->find("status")->get<std::int64_t>(), folded);
    EXPECT_EQ(*body->find("message")->get<std::string>(), "Some title.");
    EXPECT_EQ(problem_on(http::api_surface(), kind).status, status);
  }
  const Error error{validation_failed, std::vector<FieldError>{{"uid", "taken", "Choose another."}}};
  const auto body = wire::parse(problem_on(surface(), error).body.text());
  EXPECT_EQ(*body->find("message")->get<std::string>(), "Choose another.");
}

TEST(LegacySurface, documents_the_status_it_answers_with) {
  EXPECT_EQ(surface().status_of(validation_failed), 400);
  EXPECT_EQ(surface().status_of(not_found), 404);
}

}  // namespace
}  // namespace cardea::legacy_api
