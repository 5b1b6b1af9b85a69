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
    Route probe = route(Method::get, "/probe", api_surface(), says("{}"));
    probe.works_without_tls = true;
    return make({route(Method::get, "/page", page_surface(), says("{}")),
                 route(Method::post, "/page", page_surface(), says("{}")),
                 route(Method::get, "/v1/x", api_surface(), says("{}")),
                 route(Method::post, "/v1/x", api_surface(), says("{}"), signed_in),
                 route(Method::del, "/v1/x", api_surface(), says("{}")),
                 route(Method::get, "/api/x", lenient_surface(), says("{}")),
                 route(Method::put, "/api/x", lenient_surface(), says("{}")),
                 route(Method::get, "/keys", asset_surface(), says("{}")), probe},
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
    EXPECT_FALSE(response.headers.has("Strict-Transport-Security")) << "it means nothing without TLS (RFC 6797 §7.2)";
  }
}

TEST_F(PipelineBehindProxy, whatever_else_came_over_plain_http_is_refused_on_every_surface) {
  const auto pipeline = under(behind_proxy());
  const std::vector<std::pair<Method, std::string_view>> asked{
      {Method::get, "/v1/x"},   {Method::head, "/v1/x"}, {Method::post, "/v1/x"},  {Method::del, "/v1/x"},
      {Method::patch, "/v1/x"}, {Method::get, "/api/x"}, {Method::put, "/api/x"},  {Method::put, "/api/x/"},
      {Method::post, "/page"},  {Method::get, "/keys"},  {Method::get, "/api/no"}, {Method::post, "/v1/no"},
      {Method::post, "/probe"},
  };
  for (const std::string_view protocol : {"http", "HTTP", "http, https", "http,"}) {
    for (const auto& [method, target] : asked) {
      const Response response = ask(*pipeline, method, target, protocol);
      EXPECT_EQ(response.status, 403) << to_text(method) << " " << target << " " << protocol;
      if (target != "/page" && target != "/v1/no") EXPECT_EQ(code(response), "tls_required") << target;
      EXPECT_FALSE(response.headers.has("Strict-Transport-Security"));
    }
  }
  EXPECT_EQ(lines_.find("unauthenticated"), std::string::npos) << "credentials are not looked at";
}

TEST_F(PipelineBehindProxy, page_that_is_not_there_is_looked_for_over_tls_too) {
  const auto pipeline = under(behind_proxy());
  EXPECT_EQ(ask(*pipeline, Method::get, "/nothing", "http").headers.get("Location"), "https://auth.example/nothing");
  EXPECT_EQ(ask(*pipeline, Method::get, "/nothing", "https").status, 404);
}

TEST_F(PipelineBehindProxy, probes_and_preflights_are_answered_over_plain_http) {
  const auto pipeline = under(behind_proxy());
  EXPECT_EQ(ask(*pipeline, Method::get, "/probe", "http").status, 200);
  EXPECT_EQ(ask(*pipeline, Method::head, "/probe", "http").status, 200);
  EXPECT_EQ(ask(*pipeline, Method::options, "/v1/x", "http").status, 204);
  EXPECT_EQ(ask(*pipeline, Method::options, "*", "http").status, 204);
}

TEST_F(PipelineBehindProxy, stranger_who_says_that_it_came_over_plain_http_is_not_believed) {
  const auto pipeline = under(behind_proxy());
  Request made = request(Method::get, "/v1/x", {{"X-Forwarded-Proto", "http"}});
  made.peer = "203.0.113.9";
  EXPECT_EQ(respond(*pipeline, made, noon).status, 200);
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
