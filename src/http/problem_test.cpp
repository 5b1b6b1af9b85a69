#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

const RequestId id = test_request_id;

constexpr ErrorKind teapot{"tea.pot", 418, "I am a \"teapot\"."};

TEST(problem, has_the_members_of_rfc_9457) {
  const Response response = problem_on(api_surface(), Error{not_found, "for the log alone"}, "/v1/x");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.body,
            R"({"type":"/docs/errors/not_found","title":"There is nothing here.","status":404,"code":"not_found",)"
            R"("instance":"/v1/x","request_id":")" +
                id.text() + R"("})");
  EXPECT_FALSE(response.headers.has("Retry-After"));
  EXPECT_FALSE(response.headers.has("WWW-Authenticate"));
}

TEST(problem, names_the_member_where_only_the_writer_of_the_client_knows_which_is_meant) {
  const auto detail = [](const char* field, const char* code) {
    const Error error{validation_failed, std::vector<FieldError>{{field, code, "This is it."}}};
    const auto body = wire::parse(problem_on(api_surface(), error).body.text());
    EXPECT_EQ(*body->find("errors")->get<wire::Array>()->front().find("detail")->get<std::string>(), "This is it.");
    return *body->find("detail")->get<std::string>();
  };
  EXPECT_EQ(detail("color", "unknown_field"), "color: This is it.");
  EXPECT_EQ(detail("password", "required"), "password: This is it.");
  EXPECT_EQ(detail("address/zip", "wrong_type"), "address/zip: This is it.");
  EXPECT_EQ(detail("name", "name_short"), "This is it.");
  EXPECT_EQ(detail("", "wrong_type"), "This is it.") << "the body as a whole";
}

TEST(problem, lists_the_fields_and_takes_its_detail_from_the_first) {
  const Error error{validation_failed, std::vector<FieldError>{{"password", "password_short", "Too short."},
                                                               {"a/b", "required", "Missing."}}};
  const Response response = problem_on(api_surface(), error, "/v1/signup");
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

TEST(problem, of_the_whole_body_has_the_empty_pointer_on_every_surface) {
  const Error error{validation_failed, std::vector<FieldError>{{"", "wrong_type", "This must be an object."}}};
  for (const Surface* surface : {&api_surface(), &lenient_surface()}) {
    const auto body = wire::parse(problem_on(*surface, error, "/v1/signup").body.text());
    ASSERT_TRUE(body.ok());
    const auto& errors = *body->find("errors")->get<wire::Array>();
    EXPECT_EQ(*errors[0].find("pointer")->get<std::string>(), "");
  }
}

TEST(problem, is_inert_whatever_the_words_hold) {
  const std::string path = "/\"<script>\n\xe2\x80\xa8";
  const Response response = problem_on(api_surface(), teapot, path);
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
    EXPECT_EQ(problem_on(api_surface(), error, "/").headers.get("Retry-After"), text);
  }
  EXPECT_EQ(problem_on(api_surface(), overloaded, "/").headers.get("Retry-After"), "1");
}

TEST(problem_with_a_known_wait, says_how_long_to_wait) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<Duration, std::string_view>> cases{{1s, "Wait 1 second, then try again."},
                                                                 {41s + 1us, "Wait 42 seconds, then try again."}};
  for (const auto& [wait, text] : cases) {
    for (const Surface* surface : {&api_surface(), &lenient_surface()}) {
      Error error{overloaded};
      error.retry_after = wait;
      const auto body = wire::parse(problem_on(*surface, error, "/").body.text());
      ASSERT_TRUE(body.ok());
      ASSERT_NE(body->find("detail"), nullptr);
      EXPECT_EQ(*body->find("detail")->get<std::string>(), text);
    }
  }
  EXPECT_EQ(wire::parse(problem_on(api_surface(), overloaded, "/").body.text())->find("detail"), nullptr);
}

TEST(unauthenticated_problem, names_the_bearer_scheme) {
  EXPECT_EQ(problem_on(api_surface(), unauthenticated, "/").headers.get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(problem_on(lenient_surface(), unauthenticated, "/").headers.get("WWW-Authenticate"), "Bearer");
}

}  // namespace
}  // namespace cardea::http
