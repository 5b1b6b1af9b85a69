#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

using AccessTest = PipelineTest;

Handle handle(const Pipeline& pipeline, const Request& head) { return std::get<Handle>(pipeline.plan(head, noon)); }

struct Row {
  Requirement requirement;
  // statuses without credentials, with bad ones, a session, a stale session, an admin
  std::array<int, 5> expected;
};

constexpr std::array<std::string_view, 5> words{"", "forged", "fresh", "stale", "admin"};
const std::array<Row, 5> matrix{{{anyone, {200, 200, 200, 200, 200}},
                                 {if_signed_in, {200, 200, 200, 200, 200}},
                                 {signed_in, {401, 401, 200, 200, 200}},
                                 {recently, {401, 401, 200, 403, 200}},
                                 {holder_of(secrets_read), {401, 401, 403, 403, 200}}}};

Request with_word(Request request, std::string_view word, CredentialPlace place) {
  if (word.empty()) return request;
  if (place == CredentialPlace::cookie) request.headers.add("Cookie", "s=" + std::string{word});
  if (place == CredentialPlace::bearer) request.headers.add("Authorization", "Bearer " + std::string{word});
  return request;
}

TEST_F(AccessTest, matrix_holds_on_every_lane_and_surface) {
  for (const Row& row : matrix) {
    for (const Lane lane : {Lane::instant, Lane::quick}) {
      for (const Surface* surface : {&api_surface(), &lenient_surface(), &page_surface()}) {
        const auto pipeline = make({route(Method::get, "/x", *surface, says("{}"), row.requirement, lane)});
        for (std::size_t i = 0; i < words.size(); ++i) {
          const Response response =
              respond(*pipeline, with_word(request(Method::get, "/x"), words[i], CredentialPlace::cookie), noon);
          EXPECT_EQ(response.status, row.expected[i])
              << to_text(row.requirement) << " " << static_cast<int>(lane) << " " << surface->name << " " << words[i];
        }
      }
    }
  }
}

TEST_F(AccessTest, bearer_serves_programs_and_never_pages) {
  const auto pipeline = make({route(Method::get, "/api", api_surface(), says("{}"), or_token(signed_in)),
                              route(Method::get, "/page", page_surface(), says("{}"), signed_in)});
  EXPECT_EQ(respond(*pipeline, with_word(request(Method::get, "/api"), "fresh", CredentialPlace::bearer), noon).status,
            200);
  EXPECT_EQ(respond(*pipeline, with_word(request(Method::get, "/page"), "fresh", CredentialPlace::bearer), noon).status,
            401);
}

TEST_F(AccessTest, bearer_is_refused_with_a_code_where_the_route_does_not_say_that_it_will_do) {
  for (const Surface* surface : {&api_surface(), &lenient_surface()}) {
    for (const Requirement& requirement : {if_signed_in, signed_in, recently, holder_of(secrets_read)}) {
      for (const Lane lane : {Lane::instant, Lane::quick, Lane::heavy}) {
        int handled = 0;
        const Handler handler = [&](const Call&) {
          ++handled;
          return no_content();
        };
        const auto closed = make({route(Method::post, "/x", *surface, handler, requirement, lane)});
        const auto open = make({route(Method::post, "/x", *surface, handler, or_token(requirement), lane)});
        const auto by = [&](const Pipeline& pipeline, CredentialPlace place) {
          return respond(pipeline, with_word(request(Method::post, "/x"), "admin", place), noon);
        };
        const auto refused = by(*closed, CredentialPlace::bearer);
        EXPECT_EQ(refused.status, 403) << to_text(requirement);
        EXPECT_EQ(code(refused), "session_cookie_required") << to_text(requirement);
        Request both = with_word(request(Method::post, "/x"), "admin", CredentialPlace::bearer);
        both.headers.add("Cookie", "s=admin");
        EXPECT_EQ(code(respond(*closed, both, noon)), "session_cookie_required")
            << "a token excuses from where it came";
        EXPECT_EQ(handled, 0);
        EXPECT_EQ(by(*closed, CredentialPlace::cookie).status, 204) << to_text(requirement);
        EXPECT_EQ(by(*open, CredentialPlace::bearer).status, 204) << to_text(requirement);
      }
    }
  }
}

TEST_F(AccessTest, refusals_carry_their_codes) {
  const auto pipeline = make({route(Method::get, "/in", api_surface(), says("{}"), signed_in),
                              route(Method::get, "/recent", api_surface(), says("{}"), recently),
                              route(Method::get, "/admin", api_surface(), says("{}"), holder_of(secrets_read))});
  const Response none = respond(*pipeline, request(Method::get, "/in"), noon);
  EXPECT_EQ(code(none), "unauthenticated");
  EXPECT_EQ(none.headers.get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(
      code(respond(*pipeline, with_word(request(Method::get, "/recent"), "stale", CredentialPlace::cookie), noon)),
      "reauth_required");
  EXPECT_EQ(code(respond(*pipeline, with_word(request(Method::get, "/admin"), "fresh", CredentialPlace::cookie), noon)),
            "forbidden");
}

TEST_F(AccessTest, client_whose_library_keeps_secure_cookies_from_localhost_is_told_why_it_is_nobody) {
  const std::vector<Route> routes{route(Method::get, "/in", api_surface(), says("{}"), signed_in),
                                  route(Method::get, "/api/in", lenient_surface(), says("{}"), signed_in),
                                  route(Method::get, "/asset", asset_surface(), says("{}"), signed_in)};
  Policy local = default_policy();
  local.own_origins = {"http://localhost:8025"};
  local.hsts = false;
  const auto dev = make(routes, local);
  const auto hints = [](const Pipeline& pipeline, const Request& request) {
    const Response response = respond(pipeline, request, noon);
    EXPECT_EQ(response.status, 401);
    return response.body.text().find("Cookies here are Secure") != std::string::npos;
  };
  EXPECT_TRUE(hints(*dev, request(Method::get, "/in")));
  EXPECT_TRUE(hints(*dev, request(Method::get, "/api/in")));
  EXPECT_TRUE(hints(*dev, request(Method::get, "/in", {{"Authorization", "Basic YW5uOng="}})));
  EXPECT_FALSE(hints(*dev, request(Method::get, "/asset"))) << "it takes no cookie";
  EXPECT_FALSE(hints(*dev, request(Method::get, "/in", {{"Cookie", "s=forged"}}))) << "cookies do come";
  EXPECT_FALSE(hints(*dev, request(Method::get, "/in", {{"Authorization", "Bearer forged"}})));
  Request over_tls = request(Method::get, "/in");
  over_tls.secure = true;
  EXPECT_FALSE(hints(*dev, over_tls));
  EXPECT_FALSE(hints(*make(routes), request(Method::get, "/in"))) << "there is no plain HTTP in production";
}

TEST_F(AccessTest, recent_ends_exactly_at_the_window) {
  const auto hour = std::chrono::hours{1};
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{}"), shown_within(hour))});
  const Request stale = with_word(request(Method::get, "/x"), "stale", CredentialPlace::cookie);
  EXPECT_EQ(respond(*pipeline, stale, noon).status, 403);  // authenticated exactly an hour ago
  const auto wider = make({route(Method::get, "/x", api_surface(), says("{}"), shown_within(hour + Duration{1}))});
  EXPECT_EQ(respond(*wider, stale, noon).status, 200);
}

TEST_F(AccessTest, handler_sees_the_caller_when_the_route_looks) {
  std::optional<Principal> seen;
  const Handler look = [&](const Call& call) {
    seen = call.context.principal;
    return no_content();
  };
  const auto pipeline = make({route(Method::get, "/anyone", api_surface(), look),
                              route(Method::get, "/optional", api_surface(), look, if_signed_in)});
  (void)respond(*pipeline, with_word(request(Method::get, "/anyone"), "fresh", CredentialPlace::cookie), noon);
  EXPECT_FALSE(seen);
  (void)respond(*pipeline, with_word(request(Method::get, "/optional"), "forged", CredentialPlace::cookie), noon);
  EXPECT_FALSE(seen);
  (void)respond(*pipeline, with_word(request(Method::get, "/optional"), "admin", CredentialPlace::cookie), noon);
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->permissions.has(secrets_read));
}

TEST_F(AccessTest, instant_route_is_promoted_when_memory_does_not_know) {
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{}"), signed_in, Lane::instant)});
  const Request fresh = with_word(request(Method::get, "/x"), "fresh", CredentialPlace::cookie);
  EXPECT_EQ(lane_of(pipeline->plan(fresh, noon)), Lane::instant);
  EXPECT_EQ(respond(*pipeline, fresh, noon).status, 200);
  EXPECT_EQ(authenticator_.identified, 0);

  authenticator_.remembers = false;
  EXPECT_EQ(lane_of(pipeline->plan(fresh, noon)), Lane::quick);
  EXPECT_EQ(respond(*pipeline, fresh, noon).status, 200);
  EXPECT_EQ(authenticator_.identified, 1);
}

TEST_F(AccessTest, memory_that_throws_authenticates_nobody) {
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{}"), signed_in, Lane::instant)});
  authenticator_.recall_throws = true;
  EXPECT_EQ(lane_of(pipeline->plan(request(Method::get, "/x"), noon)), Lane::quick);
  EXPECT_EQ(respond(*pipeline, request(Method::get, "/x"), noon).status, 401);
}

TEST_F(AccessTest, route_for_anyone_never_asks_the_authenticator) {
  authenticator_.recall_throws = true;
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{}"), anyone, Lane::instant)});
  EXPECT_EQ(respond(*pipeline, with_word(request(Method::get, "/x"), "fresh", CredentialPlace::cookie), noon).status,
            200);
  EXPECT_EQ(authenticator_.identified, 0);
}

TEST_F(AccessTest, large_body_is_refused_before_it_is_read_when_memory_knows_that_nobody_is_there) {
  for (const Surface* surface : {&api_surface(), &lenient_surface(), &page_surface()}) {
    Route large = route(Method::post, "/x", *surface, says("{}"), signed_in);
    large.body_limit = 1024 * 1024;
    const auto pipeline = make({large});
    const Request nobody = request(Method::post, "/x");
    const Request fresh = with_word(nobody, "fresh", CredentialPlace::cookie);
    authenticator_.remembers = true;
    const Handle plan = handle(*pipeline, nobody);
    EXPECT_EQ(plan.refusal, &unauthenticated);
    ASSERT_NE(plan.route, nullptr) << "its error looks like the route's";
    EXPECT_EQ(plan.lane, Lane::quick);
    EXPECT_EQ(handle(*pipeline, fresh).refusal, nullptr);
    EXPECT_FALSE(handle(*pipeline, fresh).known) << "a session may end while the body arrives";
    authenticator_.remembers = false;
    EXPECT_EQ(handle(*pipeline, nobody).refusal, nullptr) << "only the database can tell";
    EXPECT_TRUE(handle(*pipeline, nobody).is_unsure);
  }
}

TEST_F(AccessTest, large_body_of_a_stranger_to_memory_is_refused_before_it_is_read_when_the_database_says_so) {
  Route large = route(Method::post, "/x", api_surface(), says("{}"), signed_in);
  large.body_limit = 1024 * 1024;
  const auto pipeline = make({large});
  authenticator_.remembers = false;
  const Request nobody = with_word(request(Method::post, "/x"), "forged", CredentialPlace::cookie);
  Handle plan = handle(*pipeline, nobody);
  pipeline->confirm(plan, nobody, noon);
  EXPECT_EQ(plan.refusal, &unauthenticated);
  const Request fresh = with_word(request(Method::post, "/x"), "fresh", CredentialPlace::cookie);
  plan = handle(*pipeline, fresh);
  pipeline->confirm(plan, fresh, noon);
  EXPECT_EQ(plan.refusal, nullptr);
}

TEST_F(AccessTest, small_body_and_open_route_are_not_refused_by_the_plan) {
  Route open = route(Method::post, "/open", api_surface(), says("{}"), if_signed_in);
  open.body_limit = 1024 * 1024;
  const auto pipeline = make({route(Method::post, "/small", api_surface(), says("{}"), signed_in), open});
  EXPECT_EQ(handle(*pipeline, request(Method::post, "/small")).refusal, nullptr);
  EXPECT_EQ(handle(*pipeline, request(Method::post, "/open")).refusal, nullptr);
}

TEST_F(AccessTest, level_that_was_not_reached_asks_for_more) {
  const auto pipeline = make({route(Method::get, "/x", api_surface(), says("{}"), Requirement{.level = Level::aal2})});
  const Response one_factor =
      respond(*pipeline, with_word(request(Method::get, "/x"), "fresh", CredentialPlace::cookie), noon);
  EXPECT_EQ(one_factor.status, 403);
  EXPECT_EQ(code(one_factor), "reauth_required");
}

TEST_F(AccessTest, handler_does_not_run_for_the_refused) {
  int runs = 0;
  const auto pipeline = make({route(
      Method::get, "/x", api_surface(),
      [&](const Call&) {
        ++runs;
        return no_content();
      },
      holder_of(secrets_read))});
  for (const std::string_view word : {"", "forged", "fresh", "stale"}) {
    (void)respond(*pipeline, with_word(request(Method::get, "/x"), word, CredentialPlace::cookie), noon);
  }
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace cardea::http
