// A page that is opened under another host name than this server's leads to the right one.
#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class PipelineName : public PipelineTest {
 protected:
  PipelineName() { start(default_policy()); }

  void start(const Policy& policy) {
    pipeline_ = make({route(Method::get, "/page", page_surface(), says("page")),
                      route(Method::post, "/page", page_surface(), says("posted")),
                      route(Method::get, "/v1/data", api_surface(), says("data"))},
                     policy);
  }
  Response get(std::string_view target, std::string_view host, std::string peer = "192.0.2.1") {
    Request asked = request(Method::get, target, {{"Host", host}});
    asked.peer = std::move(peer);
    return respond(*pipeline_, asked, noon);
  }
  [[nodiscard]] int warnings() const {
    int count = 0;
    for (auto at = lines_.find("url.another_name"); at != std::string::npos;
         at = lines_.find("url.another_name", at + 1)) {
      ++count;
    }
    return count;
  }

  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(PipelineName, that_is_none_of_ours_leads_a_page_to_the_right_one) {
  for (const auto* host :
       {"www.auth.example", "auth.example:8443", "192.0.2.7", "[2001:db8::7]", "auth.example.evil.test"}) {
    const auto answer = get("/page?a=b", host);
    EXPECT_EQ(answer.status, 307) << host;
    EXPECT_EQ(answer.headers.get("Location"), "https://auth.example/page?a=b") << host;
  }
}

TEST_F(PipelineName, of_ours_in_any_spelling_is_answered) {
  for (const auto* host : {"auth.example", "AUTH.example", "auth.example:443", ""}) {
    EXPECT_EQ(get("/page", host).status, 200) << host;
  }
  EXPECT_EQ(warnings(), 0);
}

TEST_F(PipelineName, is_no_matter_of_the_api_nor_behind_a_proxy) {
  EXPECT_EQ(get("/v1/data", "www.auth.example").status, 200);
  auto policy = default_policy();
  policy.trusted_proxies = {"10.0.0.0/8"};
  start(policy);
  EXPECT_EQ(get("/page", "127.0.0.1:8025", "10.0.0.1").status, 200);
  EXPECT_EQ(get("/page", "127.0.0.1:8025", "192.0.2.1").status, 307);
}

TEST_F(PipelineName, that_is_wrong_is_logged_once_with_the_right_one) {
  for (int i = 0; i < 5; ++i) get("/page", "www.auth.example");
  EXPECT_EQ(warnings(), 1);
  EXPECT_NE(lines_.find(R"("host":"www.auth.example","url":"https://auth.example")"), std::string::npos) << lines_;
}

TEST_F(PipelineName, of_this_machine_leads_nobody_on_another_one_to_theirs) {
  start({.own_origins = {"http://localhost:8025", "http://127.0.0.1:8025"}});
  EXPECT_EQ(get("/page", "cardea.localhost:8025", "127.0.0.1").headers.get("Location"), "http://localhost:8025/page");
  EXPECT_EQ(get("/page", "192.168.1.5:8025", "192.168.1.9").status, 200);
  EXPECT_EQ(get("/page", "127.0.0.1:8025", "127.0.0.1").status, 200);
}

TEST_F(PipelineName, may_leave_the_port_out) {
  start({.own_origins = {"https://auth.example:8443"}});
  EXPECT_EQ(get("/page", "auth.example").status, 200);
  EXPECT_EQ(get("/page", "auth.example:8443").status, 200);
  EXPECT_EQ(get("/page", "auth.example:443").status, 307);
  EXPECT_EQ(get("/page", "other.example").status, 307);
}

TEST_F(PipelineName, of_a_form_is_left_to_its_refusal) {
  Request post = request(Method::post, "/page", {{"Host", "www.auth.example"}, {"Sec-Fetch-Site", "same-origin"}});
  EXPECT_EQ(respond(*pipeline_, post, noon).status, 403);
  EXPECT_EQ(warnings(), 1);
}

}  // namespace
}  // namespace cardea::http
