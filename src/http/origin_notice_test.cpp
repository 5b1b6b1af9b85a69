#include "http/origin_notice.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class OriginNoticeTest : public PipelineTest {
 protected:
  void start(bool is_for_developers) {
    Policy policy = default_policy();
    policy.tells_of_unlisted_origins = is_for_developers;
    pipeline_ = make({route(Method::get, "/v1/x", api_surface(), says("hello")),
                      route(Method::post, "/v1/x", api_surface(), says("hello")),
                      route(Method::get, "/page", page_surface(), says("hello"))},
                     policy);
  }
  void ask(Method method, std::string_view target, std::string_view origin) {
    (void)respond(*pipeline_, request(method, target, {{"Origin", origin}, {"Access-Control-Request-Method", "POST"}}),
                  noon);
  }
  [[nodiscard]] std::ptrdiff_t lines_with(std::string_view words) const {
    const auto lines = text::split(lines_, '\n');
    return std::count_if(lines.begin(), lines.end(),
                         [&](std::string_view line) { return line.find(words) != std::string_view::npos; });
  }

  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(OriginNoticeTest, in_development_the_first_call_of_an_unlisted_origin_is_told_with_the_setting_that_lets_it_in) {
  start(true);
  for (int i = 0; i < 3; ++i) {
    ask(Method::options, "/v1/x", "http://localhost:4100");
    ask(Method::get, "/v1/x", "http://localhost:4100");
  }
  EXPECT_EQ(lines_with("cors.refused"), 1);
  EXPECT_EQ(lines_with(R"("level":"warn","event":"cors.refused","origin":"http://localhost:4100",)"
                       R"("setting":"cors.origins = [\"http://localhost:4100\"]")"),
            1)
      << lines_;
  ask(Method::post, "/v1/missing", "null");
  EXPECT_EQ(lines_with("opened as a file"), 1);
}

TEST_F(OriginNoticeTest, those_that_are_let_in_and_pages_are_not_told_of) {
  start(true);
  ask(Method::get, "/v1/x", "https://app.example");
  ask(Method::post, "/v1/x", "https://auth.example");
  ask(Method::get, "/page", "https://evil.example");
  (void)respond(*pipeline_, request(Method::get, "/v1/x"), noon);
  EXPECT_EQ(lines_with("cors.refused"), 0) << lines_;
}

TEST_F(OriginNoticeTest, in_production_it_is_a_quiet_line_and_a_number) {
  start(false);
  ask(Method::get, "/v1/x", "https://evil.example");
  ask(Method::get, "/v1/x", "https://evil.example");
  EXPECT_EQ(lines_with(R"("level":"debug","event":"cors.refused")"), 1);
  EXPECT_NE(metrics_.prometheus_text().find("cardea_http_unlisted_origin_total 2"), std::string::npos)
      << metrics_.prometheus_text();
}

TEST_F(OriginNoticeTest, a_crowd_of_origins_is_not_remembered) {
  start(true);
  for (int i = 0; i < 1000; ++i) ask(Method::get, "/v1/x", "https://o" + std::to_string(i) + ".example");
  EXPECT_EQ(lines_with("cors.refused"), static_cast<std::ptrdiff_t>(OriginNotice::most));
}

}  // namespace
}  // namespace cardea::http
