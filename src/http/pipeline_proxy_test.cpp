#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class PipelineBehindProxy : public PipelineTest {
 protected:
  static Policy behind_proxy() {
    Policy policy = default_policy();
    policy.trusted_proxies = {"192.0.2.1/32"};
    return policy;
  }
  std::unique_ptr<Pipeline> under(const Policy& policy) {
    return make({route(Method::get, "/page", page_surface(), says("{}")),
                 route(Method::post, "/page", page_surface(), says("{}")),
                 route(Method::get, "/v1/x", api_surface(), says("{}"))},
                policy);
  }
  static Response ask(const Pipeline& pipeline, Method method, std::string_view target, std::string_view protocol) {
    return respond(pipeline, request(method, target, {{"X-Forwarded-Proto", protocol}, {"Accept", "text/html"}}), noon);
  }
};

TEST_F(PipelineBehindProxy, page_over_plain_http_is_sent_to_the_public_origin) {
  const auto pipeline = under(behind_proxy());
  for (const Method method : {Method::get, Method::head}) {
    const Response response = ask(*pipeline, method, "/page?a=b%20c", "http");
    EXPECT_EQ(response.status, 308);
    EXPECT_EQ(response.headers.get("Location"), "https://auth.example/page?a=b%20c");
    EXPECT_EQ(response.body, "");
  }
}

TEST_F(PipelineBehindProxy, only_pages_that_are_read_are_sent_on) {
  const auto pipeline = under(behind_proxy());
  EXPECT_EQ(ask(*pipeline, Method::get, "/v1/x", "http").status, 200);
  EXPECT_NE(ask(*pipeline, Method::post, "/page", "http").status, 308);
}

TEST_F(PipelineBehindProxy, page_stays_when_nothing_says_that_it_came_over_plain_http) {
  const auto pipeline = under(behind_proxy());
  EXPECT_EQ(ask(*pipeline, Method::get, "/page", "https").status, 200);
  EXPECT_EQ(respond(*pipeline, request(Method::get, "/page"), noon).status, 200);
  EXPECT_EQ(ask(*pipeline, Method::get, "/page", "https, http").status, 200) << "a chain of proxies must not loop";
  EXPECT_EQ(ask(*under(default_policy()), Method::get, "/page", "http").status, 200) << "no proxy is trusted";
}

TEST_F(PipelineBehindProxy, page_stays_where_the_deployment_is_not_https) {
  Policy plain = behind_proxy();
  plain.own_origins = {"http://auth.example"};
  EXPECT_EQ(ask(*under(plain), Method::get, "/page", "http").status, 200);
  Policy without_hsts = behind_proxy();
  without_hsts.hsts = false;
  EXPECT_EQ(ask(*under(without_hsts), Method::get, "/page", "http").status, 200);
}

TEST_F(PipelineBehindProxy, host_that_the_proxy_has_written_is_not_held_against_the_browser) {
  const std::vector<Route> routes{route(Method::post, "/v1/x", api_surface(), says("{}"))};
  const Request rewritten = request(Method::post, "/v1/x", {{"Sec-Fetch-Site", "same-origin"}, {"Host", "cardea"}});
  EXPECT_EQ(respond(*make(routes, behind_proxy()), rewritten, noon).status, 200);
  const auto direct = respond(*make(routes), rewritten, noon);
  EXPECT_EQ(direct.status, 403);
  EXPECT_EQ(code(direct), "cross_site");
}

}  // namespace
}  // namespace cardea::http
