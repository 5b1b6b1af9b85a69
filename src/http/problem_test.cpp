#include "http/problem.hpp"

#include <gtest/gtest.h>

namespace cardea::http {
namespace {

const RequestId id{RawId{1}};
constexpr ErrorKind teapot{"tea.pot", 418, "I am a \"teapot\"."};

TEST(problem, has_the_members_of_rfc_9457) {
  const Response response = problem(Error{not_found, "for the log alone"}, Style::api, "/v1/x", id);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/docs/errors/not_found","title":"There is nothing here.","status":404,"code":"not_found",)"
            R"("instance":"/v1/x","request_id":")" +
                id.text() + R"("})");
  EXPECT_FALSE(response.headers.has("Retry-After"));
  EXPECT_FALSE(response.headers.has("WWW-Authenticate"));
}

TEST(problem, lists_the_fields_and_takes_its_detail_from_the_first) {
  const Error error{validation_failed, std::vector<FieldError>{{"password", "password_short", "Too short."},
                                                               {"a/b", "required", "Missing."}}};
  const Response response = problem(error, Style::api, "/v1/signup", id);
  EXPECT_EQ(response.status, 422);
  const auto body = wire::parse(response.body.text());
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(*body->find("detail")->get<std::string>(), "Too short.");
  EXPECT_EQ(body->find("message"), nullptr);
  const auto& errors = *body->find("errors")->get<wire::Array>();
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(*errors[0].find("pointer")->get<std::string>(), "/password");
  EXPECT_EQ(*errors[0].find("code")->get<std::string>(), "password_short");
  EXPECT_EQ(*errors[1].find("pointer")->get<std::string>(), "/a/b");
}

TEST(classic_problem, has_a_message_and_folds_statuses) {
  const std::vector<std::pair<int, int>> cases{{400, 400}, {401, 401}, {403, 403}, {404, 404}, {405, 400}, {409, 400},
                                               {412, 400}, {413, 413}, {415, 415}, {418, 400}, {422, 400}, {423, 400},
                                               {429, 429}, {431, 400}, {500, 500}, {503, 503}};
  for (const auto& [status, folded] : cases) {
    const ErrorKind kind{"some.kind", status, "Some title."};
    const Response response = problem(kind, Style::classic, "/api/x", id);
    EXPECT_EQ(response.status, folded) << status;
    const auto body = wire::parse(response.body.text());
    ASSERT_TRUE(body.ok());
    EXPECT_EQ(*body->find("status")->get<std::int64_t>(), folded);
    EXPECT_EQ(*body->find("message")->get<std::string>(), "Some title.");
    EXPECT_EQ(problem(kind, Style::api, "/api/x", id).status, status);
  }
  const Error error{validation_failed, std::vector<FieldError>{{"uid", "taken", "Choose another."}}};
  const auto body = wire::parse(problem(error, Style::classic, "/api/x", id).body.text());
  EXPECT_EQ(*body->find("message")->get<std::string>(), "Choose another.");
}

TEST(problem, is_inert_whatever_the_words_hold) {
  const std::string path = "/\"<script>\n\xe2\x80\xa8";
  const Response response = problem(teapot, Style::api, path, id);
  EXPECT_EQ(response.body.text().find('<'), std::string::npos);
  EXPECT_EQ(response.body.text().find('\n'), std::string::npos);
  const auto body = wire::parse(response.body.text());
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(*body->find("instance")->get<std::string>(), path);
}

TEST(retry_after, is_whole_seconds_rounded_up_and_at_least_one) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<std::optional<Duration>, std::string_view>> cases{
      {std::nullopt, "1"}, {0s, "1"}, {-5s, "1"}, {1us, "1"}, {1s, "1"}, {1s + 1us, "2"}, {90s, "90"}};
  constexpr ErrorKind slow_down{"slow", 429, "Slow down."};
  for (const auto& [wait, text] : cases) {
    Error error{slow_down};
    error.retry_after = wait;
    EXPECT_EQ(problem(error, Style::api, "/", id).headers.get("Retry-After"), text);
  }
  EXPECT_EQ(problem(overloaded, Style::api, "/", id).headers.get("Retry-After"), "1");
}

TEST(problem_with_a_known_wait, says_how_long_to_wait) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<Duration, std::string_view>> cases{{1s, "Wait 1 second, then try again."},
                                                                 {41s + 1us, "Wait 42 seconds, then try again."}};
  for (const auto& [wait, text] : cases) {
    for (const Style style : {Style::api, Style::classic}) {
      Error error{overloaded};
      error.retry_after = wait;
      const auto body = wire::parse(problem(error, style, "/", id).body.text());
      ASSERT_TRUE(body.ok());
      ASSERT_NE(body->find("detail"), nullptr);
      EXPECT_EQ(*body->find("detail")->get<std::string>(), text);
    }
  }
  EXPECT_EQ(wire::parse(problem(overloaded, Style::api, "/", id).body.text())->find("detail"), nullptr);
}

TEST(unauthenticated_problem, names_the_bearer_scheme) {
  EXPECT_EQ(problem(unauthenticated, Style::api, "/", id).headers.get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(problem(unauthenticated, Style::classic, "/", id).headers.get("WWW-Authenticate"), "Bearer");
}

}  // namespace
}  // namespace cardea::http
