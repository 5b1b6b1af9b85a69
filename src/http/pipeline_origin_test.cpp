#include <algorithm>

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class PipelineOrigin : public PipelineTest {
 protected:
  std::unique_ptr<Pipeline> pipeline_ = make({route(Method::get, "/v1/x", api_surface(), says("{}")),
                                              route(Method::post, "/v1/x", api_surface(), says("{}")),
                                              route(Method::post, "/v1/in", api_surface(), says("{}"), signed_in),
                                              route(Method::post, "/api/x", lenient_surface(), says("{}")),
                                              route(Method::get, "/page", page_surface(), says("{}")),
                                              route(Method::post, "/page", page_surface(), says("{}"))});
};

TEST_F(PipelineOrigin, every_unsafe_method_refuses_another_site_with_and_without_cookies) {
  const std::array targets{"/v1/x", "/v1/in", "/api/x", "/page"};
  for (const auto* target : targets) {
    for (const bool has_cookie : {false, true}) {
      Request foreign =
          request(Method::post, target, {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}});
      if (has_cookie) foreign.headers.add("Cookie", "s=fresh");
      const Response response = respond(*pipeline_, foreign, noon);
      EXPECT_EQ(response.status, 403) << target;
      EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin")) << target;
      if (std::string_view{target} != "/page") EXPECT_EQ(code(response), "cross_site") << target;
    }
  }
}

TEST_F(PipelineOrigin, safe_methods_answer_whoever_asks) {
  const Request foreign =
      request(Method::get, "/v1/x", {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}});
  EXPECT_EQ(respond(*pipeline_, foreign, noon).status, 200);
}

TEST_F(PipelineOrigin, method_is_never_overridden) {
  for (const auto* name : {"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"}) {
    const Request sneaky = request(Method::get, "/api/x?_method=POST", {{name, "POST"}});
    EXPECT_EQ(respond(*pipeline_, sneaky, noon).status, 400) << name;  // 405 in the classic style
  }
}

TEST_F(PipelineOrigin, body_must_be_json) {
  const std::vector<std::pair<std::string_view, int>> cases{{"application/json", 200},
                                                            {"Application/JSON", 200},
                                                            {"application/json; charset=utf-8", 200},
                                                            {"application/json;charset=UTF-8", 200},
                                                            {"application/json; charset=\"utf-8\"", 200},
                                                            {"application/json;", 200},
                                                            {"application/json ; ", 200},
                                                            {" application/json", 200},
                                                            {"application/json;;charset=utf-8;", 200},
                                                            {"application/json; Charset = \"UTF-8\"", 200},
                                                            {"application/json; charset=utf8", 200},
                                                            {"application/json; charset=us-ascii", 200},
                                                            {"application/json; boundary=x", 200},
                                                            {"application/json; odata.metadata=minimal; v=1", 200},
                                                            {"application/json; x=\"a;charset=utf-16\"", 200},
                                                            {"application/json; x=\"\\\";\"; charset=utf-8", 200},
                                                            {"application/json; charset=utf-16", 415},
                                                            {"application/json; charset=\"utf-16\"", 415},
                                                            {"application/json; v=1;charset=latin1", 415},
                                                            {"application/json; charset=utf-8; charset=utf-7", 415},
                                                            {"application/json; charset=", 415},
                                                            {"application/json; charset=utf-8 x", 415},
                                                            {"application/problem+json", 415},
                                                            {"application /json", 415},
                                                            {";application/json", 415},
                                                            {"application/jsonx", 415},
                                                            {"application/json, text/plain", 415},
                                                            {"text/plain", 415},
                                                            {"text/plain; application/json", 415},
                                                            {"text/plain;charset=application/json", 415},
                                                            {"application/x-www-form-urlencoded", 415},
                                                            {"multipart/form-data; boundary=x", 415},
                                                            {"", 415}};
  for (const auto& [type, status] : cases) {
    for (const auto* target : {"/v1/x", "/api/x"}) {
      EXPECT_EQ(respond(*pipeline_, request(Method::post, target, {{"Content-Type", type}}, "{}"), noon).status, status)
          << type;
    }
  }
  EXPECT_EQ(respond(*pipeline_, request(Method::post, "/v1/x", {}, "{}"), noon).status, 415);
  EXPECT_EQ(respond(*pipeline_, request(Method::post, "/v1/x"), noon).status, 200);  // no body, nothing to mistake
  const auto twice = {std::pair<std::string_view, std::string_view>{"Content-Type", "application/json"},
                      std::pair<std::string_view, std::string_view>{"Content-Type", "text/plain"}};
  EXPECT_EQ(respond(*pipeline_, request(Method::post, "/v1/x", twice, "{}"), noon).status, 400);
}

TEST_F(PipelineOrigin, body_must_not_be_coded) {
  const std::vector<std::pair<std::string_view, int>> cases{
      {"", 200},     {"identity", 200},      {"Identity", 200}, {"identity,", 200},
      {"gzip", 415}, {"x-gzip", 415},        {"GZIP", 415},     {"br", 415},
      {"zstd", 415}, {"deflate, gzip", 415}, {"zip", 415},      {"identity, gzip", 415}};
  for (const auto& [coding, status] : cases) {
    for (const auto* target : {"/v1/x", "/api/x"}) {
      const Response response = respond(
          *pipeline_,
          request(Method::post, target, {{"Content-Type", "application/json"}, {"Content-Encoding", coding}}, "{}"),
          noon);
      EXPECT_EQ(response.status, status) << target << " " << coding;
      EXPECT_EQ(response.headers.get("Accept-Encoding"), status == 415 ? "identity" : "") << coding;
      if (status == 415) EXPECT_EQ(code(response), "wrong_content_coding");
    }
  }
  const auto lines = {std::pair<std::string_view, std::string_view>{"Content-Encoding", "identity"},
                      std::pair<std::string_view, std::string_view>{"Content-Encoding", "gzip"},
                      std::pair<std::string_view, std::string_view>{"Content-Type", "application/json"}};
  EXPECT_EQ(respond(*pipeline_, request(Method::post, "/v1/x", lines, "{}"), noon).status, 415);
  const Response form =
      respond(*pipeline_,
              request(Method::post, "/page",
                      {{"Content-Type", "application/x-www-form-urlencoded"}, {"Content-Encoding", "gzip"}}, "a=b"),
              noon);
  EXPECT_EQ(form.status, 415);
  EXPECT_EQ(form.headers.get("Accept-Encoding"), "identity");
  EXPECT_EQ(respond(*pipeline_, request(Method::post, "/v1/x", {{"Content-Encoding", "gzip"}}), noon).status, 200)
      << "there is nothing that could be coded";
}

TEST_F(PipelineOrigin, configured_front_end_may_read_answers_and_errors) {
  for (const auto* target : {"/v1/x", "/api/x", "/v1/missing", "/api/missing"}) {
    const Response response = respond(
        *pipeline_,
        request(Method::post, target, {{"Origin", "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}}), noon);
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "https://app.example") << target;
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Credentials"), "true");
    for (const std::string_view name : {"Request-Id", "Retry-After", "Location", "Allow"}) {
      const auto exposed = list_items(response.headers, "Access-Control-Expose-Headers");
      EXPECT_NE(std::find(exposed.begin(), exposed.end(), name), exposed.end()) << name;
    }
    EXPECT_EQ(response.headers.get("Cross-Origin-Resource-Policy"), "cross-origin");
    EXPECT_EQ(response.headers.get("Vary"), "Origin");
  }
}

TEST_F(PipelineOrigin, others_may_not_read_and_caches_are_told) {
  for (const auto* origin : {"https://evil.example", "null", "https://auth.example"}) {
    const Response response = respond(*pipeline_, request(Method::get, "/v1/x", {{"Origin", origin}}), noon);
    EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin")) << origin;
    EXPECT_EQ(response.headers.get("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(response.headers.get("Vary"), "Origin");
  }
  const Response page = respond(*pipeline_, request(Method::get, "/page", {{"Origin", "https://app.example"}}), noon);
  EXPECT_FALSE(page.headers.has("Access-Control-Allow-Origin"));
}

TEST_F(PipelineOrigin, preflight_lets_a_configured_origin_send_what_it_asks_for_and_no_other) {
  const auto preflight = [&](std::string_view target, std::string_view origin, std::string_view names = "x-origin") {
    return respond(*pipeline_,
                   request(Method::options, target,
                           {{"Origin", origin},
                            {"Access-Control-Request-Method", "DELETE"},
                            {"Access-Control-Request-Headers", names}}),
                   noon);
  };
  const std::string many = "content-type,x-origin, x-requested-with,traceparent,authorization";
  for (const auto* target : {"/v1/x", "/api/x", "/v1/missing", "/api/missing/at/all"}) {
    const Response allowed = preflight(target, "https://app.example", many);
    EXPECT_EQ(allowed.status, 204) << target;
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Origin"), "https://app.example");
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Methods"), every_method);
    EXPECT_EQ(allowed.headers.get("Access-Control-Allow-Headers"),
              "content-type, x-origin, x-requested-with, traceparent, authorization");
    EXPECT_EQ(allowed.headers.get("Access-Control-Max-Age"), "600");
    EXPECT_EQ(allowed.headers.get("Vary"), "Origin");
  }
  EXPECT_EQ(
      preflight("/v1/x", "https://app.example", "a b, <x>, ok, *\x7f").headers.get("Access-Control-Allow-Headers"),
      "ok");
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += (i == 0 ? "h" : ",h") + std::to_string(i);
  const Response bounded = preflight("/v1/x", "https://app.example", hundred);
  EXPECT_EQ(list_items(bounded.headers, "Access-Control-Allow-Headers").size(), 64U);
  for (const Response& response :
       {preflight("/v1/x", "https://evil.example"), preflight("/page", "https://app.example")}) {
    EXPECT_EQ(response.status, 204);
    EXPECT_FALSE(response.headers.has("Access-Control-Allow-Origin"));
    EXPECT_FALSE(response.headers.has("Access-Control-Allow-Methods"));
  }
  EXPECT_EQ(preflight("/v1/missing", "https://evil.example").status, 404);
  EXPECT_EQ(
      respond(*pipeline_, request(Method::options, "/v1/missing", {{"Origin", "https://app.example"}}), noon).status,
      404)
      << "no preflight";
}

TEST_F(PipelineOrigin, images_are_embedded_by_listed_origins_which_a_browser_names_by_referer) {
  const auto policy = [&](std::string_view target, std::string_view field, std::string_view value) {
    const Response response =
        respond(*pipeline_, request(Method::get, target, {{field, value}, {"Sec-Fetch-Mode", "no-cors"}}), noon);
    return std::string{response.headers.get("Cross-Origin-Resource-Policy")};
  };
  EXPECT_EQ(policy("/v1/x", "Referer", "https://app.example/"), "cross-origin");
  EXPECT_EQ(policy("/v1/x", "Referer", "https://app.example:443/album?page=2#top"), "cross-origin");
  EXPECT_EQ(policy("/v1/x", "Sec-Fetch-Dest", "image"), "cross-origin") << "a page with no-referrer";
  for (const auto* referer : {"https://evil.example/https://app.example/", "https://app.example.evil.example/", "", "x",
                              "http://app.example/", "https://app.example@evil.example/"}) {
    EXPECT_EQ(policy("/v1/x", "Referer", referer), "same-origin") << referer;
  }
  EXPECT_EQ(policy("/v1/x", "Sec-Fetch-Dest", "script"), "same-origin");
  EXPECT_EQ(policy("/v1/x", "Sec-Fetch-Dest", "empty"), "same-origin");
  EXPECT_EQ(policy("/page", "Referer", "https://app.example/"), "same-origin") << "pages are for nobody else";
}

TEST_F(PipelineOrigin, where_all_listed_origins_are_of_one_site_images_without_referer_are_for_that_site) {
  const auto listing = [&](std::vector<std::string> origins) {
    const auto pipeline = make({route(Method::get, "/v1/x", api_surface(), says("hello"))},
                               {.own_origins = {"https://auth.example.com"}, .cors_origins = std::move(origins)});
    return std::string{respond(*pipeline, request(Method::get, "/v1/x", {{"Sec-Fetch-Dest", "image"}}), noon)
                           .headers.get("Cross-Origin-Resource-Policy")};
  };
  EXPECT_EQ(listing({"https://app.example.com", "https://example.com:8443"}), "same-site");
  EXPECT_EQ(listing({"https://app.example.com", "https://app.example"}), "cross-origin");
  EXPECT_EQ(listing({}), "same-origin");
}

TEST_F(PipelineOrigin, options_of_the_whole_server_tells_the_methods_and_permits_nothing) {
  const Response response = respond(
      *pipeline_,
      request(Method::options, "*", {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "POST"}}),
      noon);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.headers.get("Allow"), every_method);
  EXPECT_FALSE(response.headers.has("Access-Control-Allow-Methods"));
  for (const Method method : {Method::get, Method::post}) {
    EXPECT_EQ(respond(*pipeline_, request(method, "*"), noon).status, 404) << to_text(method);
  }
}

TEST_F(PipelineOrigin, options_never_runs_the_handler_or_asks_for_credentials) {
  const Response response = respond(*pipeline_, request(Method::options, "/v1/in"), noon);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.headers.get("Allow"), "POST, OPTIONS");
  EXPECT_FALSE(response.headers.has("Access-Control-Allow-Methods"));
}

}  // namespace
}  // namespace cardea::http
