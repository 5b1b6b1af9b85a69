#include "http/proxy_warning.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

using namespace std::chrono_literals;

class ProxyWarningTest : public PipelineTest {
 protected:
  ProxyWarningTest() {
    Policy policy = default_policy();
    policy.trusted_proxies = {"192.0.2.1/32"};
    const Handler address = [this](const Call& call) {
      seen_ = call.context.origin.address;
      return json(200, "{}");
    };
    pipeline_ = make(
        {route(Method::get, "/v1/x", api_surface(), address), route(Method::post, "/v1/x", api_surface(), address)},
        policy);
  }
  void ask(Method method, std::string_view forwarded, Time now = noon) {
    Request made = request(method, "/v1/x");
    if (!forwarded.empty()) made.headers.add("X-Forwarded-For", forwarded);
    (void)respond(*pipeline_, made, now);
  }
  [[nodiscard]] std::ptrdiff_t lines_with(std::string_view words) const {
    const auto lines = text::split(lines_, '\n');
    return std::count_if(lines.begin(), lines.end(),
                         [&](std::string_view line) { return line.find(words) != std::string_view::npos; });
  }

  std::string seen_;
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(ProxyWarningTest, whoever_names_others_over_a_unix_socket_without_being_trusted_is_told_of_once) {
  for (int i = 0; i < 3; ++i) {
    Request made = request(Method::get, "/v1/x");
    made.peer = std::string{unix_peer};
    made.headers.add("X-Forwarded-For", "203.0.113.9");
    (void)respond(*pipeline_, made, noon);
    EXPECT_EQ(seen_, "unix:");
  }
  EXPECT_EQ(lines_with("proxy.not_trusted"), 1);
}

TEST_F(ProxyWarningTest, client_that_a_proxy_does_not_name_has_a_key_of_its_own_and_is_told_of_once) {
  for (const std::string_view odd : {"unknown", "_hidden", "unknown, 1.2.3.4, \"garbage"}) {
    ask(Method::get, odd);
    EXPECT_EQ(seen_, "unknown via 192.0.2.1") << odd;
  }
  EXPECT_EQ(lines_with("proxy.client_unreadable"), 1);
  EXPECT_EQ(
      lines_with(R"("level":"warn","event":"proxy.client_unreadable","proxy":"192.0.2.1","header":"X-Forwarded-For",)"
                 R"("item":"unknown")"),
      1)
      << lines_;
  ask(Method::get, "203.0.113.7:51234");
  EXPECT_EQ(seen_, "203.0.113.7");
}

TEST_F(ProxyWarningTest, is_repeated_now_and_then_whatever_the_clock_does) {
  ask(Method::get, "unknown", noon);
  ask(Method::get, "unknown", noon + ProxyWarning::pause - 1s);
  EXPECT_EQ(lines_with("proxy.client_unreadable"), 1);
  ask(Method::get, "unknown", noon + ProxyWarning::pause);
  EXPECT_EQ(lines_with("proxy.client_unreadable"), 2);
  ask(Method::get, "unknown", noon + 24h * 400);
  EXPECT_EQ(lines_with("proxy.client_unreadable"), 3);
  ask(Method::get, "unknown", noon + 1h);
  EXPECT_EQ(lines_with("proxy.client_unreadable"), 4) << "the clock was wrong by a year";
}

TEST_F(ProxyWarningTest, tells_of_a_proxy_that_names_nobody_when_it_brings_a_change) {
  ask(Method::get, "");
  EXPECT_EQ(lines_with("proxy.client_missing"), 0) << "it may ask for itself whether the server is well";
  ask(Method::post, "");
  ask(Method::post, "");
  EXPECT_EQ(lines_with("proxy.client_missing"), 1);
  EXPECT_EQ(seen_, "192.0.2.1");
}

TEST_F(ProxyWarningTest, long_item_is_cut) {
  ask(Method::get, std::string(5000, 'x'));
  EXPECT_EQ(lines_with("\"" + std::string(60, 'x') + "\""), 1);
}

}  // namespace
}  // namespace cardea::http
