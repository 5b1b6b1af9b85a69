#include <new>

#include "http/pipeline_fixture.hpp"

namespace cardea::http {

struct Asked {
  std::string q;
};
template <class D>
void describe(D& d, wire::Of<D, Asked>& asked) {
  d.optional("q", asked.q);
}

namespace {

using PipelineAnswers = PipelineTest;

TEST_F(PipelineAnswers, unknown_paths_and_methods_are_refused_on_the_right_surface) {
  const auto pipeline = make(
      {route(Method::get, "/v1/x", api_surface(), says("{}")), route(Method::get, "/page", page_surface(), says(""))});
  const Response missing = respond(*pipeline, request(Method::get, "/v1/y"), noon);
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(code(missing), "not_found");
  EXPECT_EQ(respond(*pipeline, request(Method::get, "/y", {{"Accept", "text/html,*/*"}}), noon).body,
            "<h1>There is nothing here.</h1>");
  const Response wrong = respond(*pipeline, request(Method::post, "/v1/x"), noon);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, OPTIONS");
  const Response page = respond(*pipeline, request(Method::put, "/page"), noon);
  EXPECT_EQ(page.status, 405);
  EXPECT_TRUE(page.body.text().starts_with("<h1>"));
}

TEST_F(PipelineAnswers, target_that_does_not_parse_is_400) {
  const auto pipeline = make({route(Method::get, "/", api_surface(), says("{}"))});
  const Response response = respond(*pipeline, Request{.target = "/%2e%2e/x"}, noon);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(code(response), "malformed_request");
}

TEST_F(PipelineAnswers, unknown_address_below_the_root_of_a_surface_is_refused_by_it) {
  const auto pipeline = make({route(Method::get, "/api/x", lenient_surface(), says("{}"))});
  for (const std::string_view target : {"/api/y", "/api/", "/api/users/1/2/3"}) {
    const Response response = respond(*pipeline, request(Method::get, target, {{"Accept", "text/html"}}), noon);
    EXPECT_EQ(response.status, 404) << target;
    EXPECT_NE(response.body.text().find("\"message\":\"There is nothing here.\""), std::string::npos)
        << response.body.text();
  }
  const Response malformed = respond(*pipeline, Request{.target = "/api/%ff"}, noon);
  EXPECT_EQ(malformed.status, 400);
  EXPECT_NE(malformed.body.text().find("\"message\":"), std::string::npos);
  EXPECT_EQ(respond(*pipeline, request(Method::get, "/apiary"), noon).body.text().find("\"message\":"),
            std::string::npos);
}

TEST_F(PipelineAnswers, query_that_is_none_is_refused_before_any_handler) {
  int runs = 0;
  const Handler counts = [&](const Call&) {
    ++runs;
    return no_content();
  };
  const auto pipeline =
      make({route(Method::get, "/v1/x", api_surface(), counts), route(Method::get, "/page", page_surface(), counts),
            route(Method::get, "/api/x", lenient_surface(), counts, anyone, Lane::instant),
            route(Method::del, "/v1/x", api_surface(), counts)});
  for (const std::string query : {"a=%zz", "a=%ff", "a=1&a=2", "a=1&%61=2"}) {
    const Response api = respond(*pipeline, request(Method::get, "/v1/x?" + query), noon);
    EXPECT_EQ(api.status, 400) << query;
    EXPECT_EQ(code(api), "malformed_request");
    EXPECT_EQ(respond(*pipeline, request(Method::del, "/v1/x?" + query), noon).status, 400) << query;
    EXPECT_EQ(respond(*pipeline, request(Method::get, "/api/x?" + query), noon).status, 400) << query;
    const Response page = respond(*pipeline, request(Method::get, "/page?" + query), noon);
    EXPECT_EQ(page.status, 400) << query;
    EXPECT_TRUE(page.body.text().starts_with("<h1>")) << "an error looks like the route";
  }
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(respond(*pipeline, request(Method::get, "/page?a=1&b=%C3%BC&"), noon).status, 204);
}

TEST_F(PipelineAnswers, head_gets_the_answer_of_get) {
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{\"a\":1}"))});
  const Response response = respond(*pipeline, request(Method::head, "/x"), noon);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{\"a\":1}");
}

TEST_F(PipelineAnswers, call_holds_instant_params_address_and_id) {
  Policy policy = default_policy();
  policy.trusted_proxies = {"192.0.2.0/24"};
  std::string seen;
  auto read = route(Method::get, "/n/{id}", api_surface(), [&](const Call& call) {
    EXPECT_EQ(call.context.now, noon);
    EXPECT_EQ(call.context.origin.surface, "api");
    seen = call.param(0) + " " + call.context.origin.address + " " + call.query<Asked>()->q;
    return json(200, call.context.origin.request->text());
  });
  read.query = &query_of<Asked>();
  const auto pipeline = make({read}, policy);
  const Response response = respond(
      *pipeline,
      request(Method::get, "/n/7?q=z", {{"X-Forwarded-For", "6.6.6.6, 1.2.3.4"}, {"X-Forwarded-Proto", "https"}}),
      noon);
  EXPECT_EQ(seen, "7 1.2.3.4 z");
  EXPECT_EQ(response.body, response.headers.get("Request-Id"));
  EXPECT_TRUE(response.body.text().starts_with("req_"));
}

TEST_F(PipelineAnswers, surprises_become_500_and_503_and_tell_nothing) {
  struct Odd {};
  const std::vector<std::pair<Handler, int>> cases{
      {[](const Call&) -> Result<Response> { throw std::runtime_error{"secret words"}; }, 500},
      {[](const Call&) -> Result<Response> { throw Unavailable{"secret words"}; }, 503},
      {[](const Call&) -> Result<Response> { throw std::bad_alloc{}; }, 503},
      {[](const Call&) -> Result<Response> { throw Odd{}; }, 500},
      {[](const Call&) -> Result<Response> { return Error{not_found, "secret words"}; }, 404},
  };
  for (const Surface* surface : {&api_surface(), &lenient_surface(), &page_surface(), &asset_surface()}) {
    for (const auto& [handler, status] : cases) {
      const auto pipeline = make({route(Method::get, "/x", *surface, handler)});
      const Response response = respond(*pipeline, request(Method::get, "/x"), noon);
      EXPECT_EQ(response.status, status);
      EXPECT_EQ(response.body.text().find("secret"), std::string::npos);
      EXPECT_EQ(response.headers.has("Retry-After"), status == 503);
      EXPECT_TRUE(response.headers.has("Request-Id"));
    }
  }
  EXPECT_NE(lines_.find("secret words"), std::string::npos);
}

TEST_F(PipelineAnswers, fault_is_told_by_its_own_kind_and_waiting_is_advised_only_where_it_helps) {
  constexpr static ErrorKind passing{"storage.away", 503, "Away.", Fault::passing};
  constexpr static ErrorKind lasting{"storage.gone", 503, "Gone.", Fault::lasting};
  for (const ErrorKind* kind : {&passing, &lasting}) {
    lines_.clear();
    const auto pipeline = make({route(Method::get, "/x", api_surface(), [kind](const Call&) -> Result<Response> {
      throw Unavailable{"secret words", kind};
    })});
    const Response response = respond(*pipeline, request(Method::get, "/x"), noon);
    EXPECT_EQ(response.status, 503);
    EXPECT_NE(response.body.text().find(kind->code), std::string::npos);
    EXPECT_EQ(response.headers.has("Retry-After"), kind == &passing);
    EXPECT_NE(lines_.find("\"level\":\"error\",\"event\":\"request.failed\""), std::string::npos) << lines_;
  }
}

TEST_F(PipelineAnswers, header_that_would_split_the_response_becomes_500) {
  using namespace std::string_view_literals;
  for (const std::string_view value : {"/a\r\nX: y"sv, "/a\n"sv, "/a\0b"sv, "\x1b[31m"sv}) {
    const auto pipeline = make({route(Method::get, "/x", api_surface(), [value](const Call&) {
      Response response = no_content();
      response.headers.add("Location", value);
      return response;
    })});
    const Response response = respond(*pipeline, request(Method::get, "/x"), noon);
    EXPECT_EQ(response.status, 500);
    EXPECT_FALSE(response.headers.has("Location"));
  }
}

TEST_F(PipelineAnswers, error_page_that_throws_still_gives_a_response) {
  const Surface broken =
      page_surface_with([](const Call&, const Error&) -> Response { throw std::runtime_error{"no template"}; });
  const auto pipeline =
      make({route(Method::get, "/x", broken, [](const Call&) -> Result<Response> { return not_found; })});
  const Response response = respond(*pipeline, request(Method::get, "/x"), noon);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "There is nothing here.\n");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_NE(lines_.find("error_page.failed"), std::string::npos);
}

TEST_F(PipelineAnswers, floods_are_quiet_and_refused_rights_are_written_down) {
  constexpr ErrorKind too_many{"too_many", 429, "Too many."};
  constexpr ErrorKind not_yours{"not_yours", 403, "Not yours."};
  struct Case {
    Error error;
    std::string_view level;
  };
  const std::vector<Case> cases{{{too_many, "signin_account"}, "debug"},
                                {{wrong_media_type, "a form was expected"}, "debug"},
                                {{cross_site, "origin https://evil.example"}, "debug"},
                                {{malformed_request, "query"}, "debug"},
                                {{not_found, "no such link"}, "debug"},
                                {unauthenticated, "debug"},
                                {reauth_required, "debug"},
                                {overloaded, "debug"},
                                {{unauthenticated, "another token"}, "info"},
                                {forbidden, "info"},
                                {not_yours, "info"},
                                {form_expired, "info"},
                                {{overloaded, "out of memory"}, "warn"},
                                {{internal_error, "a bug"}, "error"}};
  for (const Case& c : cases) {
    lines_.clear();
    const auto pipeline = make({route(Method::get, "/x", api_surface(), [&c](const Call&) { return c.error; })});
    (void)respond(*pipeline, request(Method::get, "/x"), noon);
    const std::string expected = "\"level\":\"" + std::string{c.level} + "\",\"event\":\"request.failed\"";
    EXPECT_NE(lines_.find(expected), std::string::npos) << c.error.kind->code << ": " << lines_;
  }
}

TEST_F(PipelineAnswers, form_without_its_token_is_written_down_and_a_foreign_one_is_not) {
  const auto pipeline = make({route(Method::post, "/x", page_surface(), says("{}"))});
  const std::pair<std::string_view, std::string_view> form{"Content-Type", "application/x-www-form-urlencoded"};
  (void)respond(*pipeline, request(Method::post, "/x", {form}, "a=b"), noon);
  EXPECT_NE(lines_.find("\"level\":\"info\",\"event\":\"request.failed\""), std::string::npos) << lines_;
  lines_.clear();
  (void)respond(*pipeline, request(Method::post, "/x", {form, {"Origin", "https://evil.example"}}, "a=b"), noon);
  EXPECT_EQ(lines_.find("\"level\":\"info\""), std::string::npos) << lines_;
}

TEST_F(PipelineAnswers, failure_is_one_line_with_the_pattern_and_never_the_path) {
  const auto pipeline = make({route(Method::get, "/reset/{token}", asset_surface(),
                                    [](const Call&) { return Error{not_found, "no such link"}; })});
  const Response response = respond(*pipeline, request(Method::get, "/reset/canary-secret?k=canary-too"), noon);
  EXPECT_NE(lines_.find("request.failed"), std::string::npos);
  EXPECT_NE(lines_.find("request.done"), std::string::npos);
  EXPECT_NE(lines_.find("/reset/{token}"), std::string::npos);
  EXPECT_NE(lines_.find("no such link"), std::string::npos);
  EXPECT_NE(lines_.find(response.headers.get("Request-Id")), std::string::npos);
  EXPECT_EQ(lines_.find("canary"), std::string::npos);
}

TEST_F(PipelineAnswers, are_counted_by_route_and_status_class) {
  const auto pipeline = make({route(Method::get, "/n/{id}", api_surface(), says("{}"))});
  (void)respond(*pipeline, request(Method::get, "/n/1"), noon);
  (void)respond(*pipeline, request(Method::get, "/n/2"), noon);
  (void)respond(*pipeline, request(Method::get, "/elsewhere"), noon);
  const auto count = [&](std::string route, std::string method, std::string status) {
    return metrics_
        .counter("cardea_http_requests_total", "", {{"route", route}, {"method", method}, {"status", status}})
        .value();
  };
  EXPECT_EQ(count("/n/{id}", "GET", "2xx"), 2U);
  EXPECT_EQ(count("unmatched", "any", "4xx"), 1U);
  EXPECT_EQ(metrics_.prometheus_text().find("elsewhere"), std::string::npos);
}

TEST_F(PipelineAnswers, refusals_before_a_plan_look_like_any_other) {
  const auto pipeline = make(
      {route(Method::post, "/v1/x", api_surface(), says("{}")), route(Method::get, "/page", page_surface(), says(""))});
  const Response blind = pipeline->refuse(Error{malformed_request, "two lengths"}, nullptr, noon);
  EXPECT_EQ(blind.status, 400);
  EXPECT_TRUE(blind.headers.has("Request-Id"));
  EXPECT_TRUE(blind.headers.has("Content-Security-Policy"));
  const Request head = request(Method::post, "/v1/x", {{"Origin", "https://app.example"}});
  const Response full = pipeline->refuse(overloaded, &head, noon);
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.headers.get("Retry-After"), "1");
  EXPECT_EQ(full.headers.get("Access-Control-Allow-Origin"), "https://app.example");
  const Request page = request(Method::get, "/page");
  EXPECT_TRUE(pipeline->refuse(overloaded, &page, noon).body.text().starts_with("<h1>"));
}

TEST_F(PipelineAnswers, carry_the_security_headers) {
  const auto pipeline = make({route(Method::get, "/api", api_surface(), says("{}")),
                              route(Method::get, "/page", page_surface(),
                                    [](const Call&) {
                                      Response response{.body = "<p>"};
                                      response.headers.add("Content-Type", "text/html");
                                      return response;
                                    }),
                              route(Method::get, "/asset", asset_surface(), [](const Call&) {
                                Response response{.body = "x"};
                                response.headers.add("Content-Type", "text/css");
                                response.headers.add("Cache-Control", "public, max-age=31536000, immutable");
                                return response;
                              })});
  for (const auto* target : {"/api", "/page", "/asset", "/missing"}) {
    const Headers headers = respond(*pipeline, request(Method::get, target), noon).headers;
    EXPECT_NE(headers.get("Content-Security-Policy").find("frame-ancestors 'none'"), std::string_view::npos) << target;
    EXPECT_EQ(headers.get("Cross-Origin-Opener-Policy"), "same-origin");
    EXPECT_EQ(headers.get("Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(headers.get("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(headers.get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(headers.has("Permissions-Policy"), headers.get("Content-Type").starts_with("text/html"));
    EXPECT_EQ(headers.get("Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
  }
  const Headers page = respond(*pipeline, request(Method::get, "/page"), noon).headers;
  EXPECT_EQ(page.get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.get("Cache-Control"), "no-store");
  EXPECT_NE(page.get("Content-Security-Policy").find("trusted-types 'none'"), std::string_view::npos);
  const Headers api = respond(*pipeline, request(Method::get, "/api"), noon).headers;
  EXPECT_EQ(api.get("Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(api.get("Cache-Control"), "no-store");
  const Headers asset = respond(*pipeline, request(Method::get, "/asset"), noon).headers;
  EXPECT_EQ(asset.get("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(asset.get("Content-Type"), "text/css; charset=utf-8");
  Policy plain = default_policy();
  plain.hsts = false;
  const auto without = make({route(Method::get, "/other", api_surface(), says("{}"))}, plain);
  EXPECT_FALSE(respond(*without, request(Method::get, "/other"), noon).headers.has("Strict-Transport-Security"));
}

TEST_F(PipelineAnswers, header_that_may_occur_once_and_is_repeated_is_refused_on_every_surface) {
  int runs = 0;
  const Handler counts = [&](const Call&) {
    ++runs;
    return no_content();
  };
  std::vector<Route> routes;
  for (const auto& [path, surface] : {std::pair{"/v1/x", &api_surface()}, std::pair{"/page", &page_surface()},
                                      std::pair{"/api/x", &lenient_surface()}, std::pair{"/a.css", &asset_surface()}}) {
    routes.push_back(route(Method::get, path, *surface, counts));
  }
  const auto pipeline = make(std::move(routes));
  for (const std::string_view name :
       {"Authorization", "content-type", "CONTENT-LENGTH", "Host", "Origin", "Referer", "User-Agent", "Sec-Fetch-Site",
        "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User", "Access-Control-Request-Method", "Idempotency-Key"}) {
    for (const auto* target : {"/v1/x", "/page", "/api/x", "/a.css", "/nowhere"}) {
      // An empty first value is a value as well.
      EXPECT_EQ(respond(*pipeline, request(Method::get, target, {{name, ""}, {name, "x"}}), noon).status, 400)
          << name << " " << target;
      EXPECT_EQ(respond(*pipeline, request(Method::options, target, {{name, "x"}, {name, "x"}}), noon).status, 400)
          << name << " " << target;
    }
  }
  EXPECT_EQ(runs, 0);
  const Request twice =
      request(Method::get, "/v1/x", {{"Accept", "a"}, {"Accept", "b"}, {"X-Own", "1"}, {"X-Own", "2"}});
  EXPECT_EQ(respond(*pipeline, twice, noon).status, 204);
}

}  // namespace
}  // namespace cardea::http
