#include "http/desk_fixture.hpp"

namespace cardea::http {
namespace {

using AccessTest = DeskTest;

struct Row {
  Access access;
  // statuses without credentials, with bad ones, a session, a stale session, an admin
  std::array<int, 5> expected;
};

constexpr std::array<std::string_view, 5> words{"", "forged", "fresh", "stale", "admin"};
constexpr std::array<Row, 5> matrix{{{Access::anyone, {200, 200, 200, 200, 200}},
                                     {Access::optional, {200, 200, 200, 200, 200}},
                                     {Access::signed_in, {401, 401, 200, 200, 200}},
                                     {Access::recent, {401, 401, 200, 403, 200}},
                                     {Access::admin, {401, 401, 403, 403, 200}}}};

Request with_word(Request request, std::string_view word, Via via) {
  if (word.empty()) return request;
  if (via == Via::cookie) request.headers.add("Cookie", "s=" + std::string{word});
  if (via == Via::bearer) request.headers.add("Authorization", "Bearer " + std::string{word});
  return request;
}

TEST_F(AccessTest, matrix_holds_on_every_lane_and_style) {
  for (const Row& row : matrix) {
    for (const Lane lane : {Lane::instant, Lane::quick}) {
      for (const Style style : {Style::api, Style::classic, Style::page}) {
        const auto desk = make({route(Method::get, "/x", style, says("{}"), row.access, lane)});
        for (std::size_t i = 0; i < words.size(); ++i) {
          const Response response = respond(*desk, with_word(request(Method::get, "/x"), words[i], Via::cookie), noon);
          EXPECT_EQ(response.status, row.expected[i]) << static_cast<int>(row.access) << " " << static_cast<int>(lane)
                                                      << " " << static_cast<int>(style) << " " << words[i];
        }
      }
    }
  }
}

TEST_F(AccessTest, bearer_serves_programs_and_never_pages) {
  const auto desk = make({route(Method::get, "/api", Style::api, says("{}"), Access::signed_in),
                          route(Method::get, "/page", Style::page, says("{}"), Access::signed_in)});
  EXPECT_EQ(respond(*desk, with_word(request(Method::get, "/api"), "fresh", Via::bearer), noon).status, 200);
  EXPECT_EQ(respond(*desk, with_word(request(Method::get, "/page"), "fresh", Via::bearer), noon).status, 401);
}

TEST_F(AccessTest, refusals_carry_their_codes) {
  const auto desk = make({route(Method::get, "/in", Style::api, says("{}"), Access::signed_in),
                          route(Method::get, "/recent", Style::api, says("{}"), Access::recent),
                          route(Method::get, "/admin", Style::api, says("{}"), Access::admin)});
  const Response none = respond(*desk, request(Method::get, "/in"), noon);
  EXPECT_EQ(code(none), "unauthenticated");
  EXPECT_EQ(none.headers.get("WWW-Authenticate"), "Bearer");
  EXPECT_EQ(code(respond(*desk, with_word(request(Method::get, "/recent"), "stale", Via::cookie), noon)),
            "reauth_required");
  EXPECT_EQ(code(respond(*desk, with_word(request(Method::get, "/admin"), "fresh", Via::cookie), noon)), "forbidden");
}

TEST_F(AccessTest, recent_ends_exactly_at_the_window) {
  Policy policy = default_policy();
  policy.recent = std::chrono::hours{1};
  const auto desk = make({route(Method::get, "/x", Style::api, says("{}"), Access::recent)}, policy);
  const Request stale = with_word(request(Method::get, "/x"), "stale", Via::cookie);
  EXPECT_EQ(respond(*desk, stale, noon).status, 403);  // authenticated exactly an hour ago
  policy.recent = std::chrono::hours{1} + Duration{1};
  const auto wider = make({route(Method::get, "/x", Style::api, says("{}"), Access::recent)}, policy);
  EXPECT_EQ(respond(*wider, stale, noon).status, 200);
}

TEST_F(AccessTest, handler_sees_the_caller_when_the_route_looks) {
  std::optional<Caller> seen;
  const Handler look = [&](const Call& call) {
    seen = call.caller;
    return no_content();
  };
  const auto desk = make({route(Method::get, "/anyone", Style::api, look),
                          route(Method::get, "/optional", Style::api, look, Access::optional)});
  (void)respond(*desk, with_word(request(Method::get, "/anyone"), "fresh", Via::cookie), noon);
  EXPECT_FALSE(seen);
  (void)respond(*desk, with_word(request(Method::get, "/optional"), "forged", Via::cookie), noon);
  EXPECT_FALSE(seen);
  (void)respond(*desk, with_word(request(Method::get, "/optional"), "admin", Via::cookie), noon);
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->is_admin);
}

TEST_F(AccessTest, instant_route_is_promoted_when_memory_does_not_know) {
  const auto desk = make({route(Method::get, "/x", Style::api, says("{}"), Access::signed_in, Lane::instant)});
  const Request fresh = with_word(request(Method::get, "/x"), "fresh", Via::cookie);
  EXPECT_EQ(desk->plan(fresh, noon).lane, Lane::instant);
  EXPECT_EQ(respond(*desk, fresh, noon).status, 200);
  EXPECT_EQ(gatekeeper_.identified, 0);

  gatekeeper_.remembers = false;
  EXPECT_EQ(desk->plan(fresh, noon).lane, Lane::quick);
  EXPECT_EQ(respond(*desk, fresh, noon).status, 200);
  EXPECT_EQ(gatekeeper_.identified, 1);
}

TEST_F(AccessTest, memory_that_throws_admits_nobody_by_itself) {
  const auto desk = make({route(Method::get, "/x", Style::api, says("{}"), Access::signed_in, Lane::instant)});
  gatekeeper_.recall_throws = true;
  EXPECT_EQ(desk->plan(request(Method::get, "/x"), noon).lane, Lane::quick);
  EXPECT_EQ(respond(*desk, request(Method::get, "/x"), noon).status, 401);
}

TEST_F(AccessTest, route_for_anyone_never_asks_the_gatekeeper) {
  gatekeeper_.recall_throws = true;
  const auto desk = make({route(Method::get, "/x", Style::api, says("{}"), Access::anyone, Lane::instant)});
  EXPECT_EQ(respond(*desk, with_word(request(Method::get, "/x"), "fresh", Via::cookie), noon).status, 200);
  EXPECT_EQ(gatekeeper_.identified, 0);
}

TEST_F(AccessTest, large_body_is_refused_before_it_is_read_when_memory_knows_that_nobody_is_there) {
  for (const Style style : {Style::api, Style::classic, Style::page}) {
    Route large = route(Method::post, "/x", style, says("{}"), Access::signed_in);
    large.body_limit = 1024 * 1024;
    const auto desk = make({large});
    const Request nobody = request(Method::post, "/x");
    const Request fresh = with_word(nobody, "fresh", Via::cookie);
    gatekeeper_.remembers = true;
    const Plan plan = desk->plan(nobody, noon);
    EXPECT_EQ(plan.refusal, &unauthenticated);
    ASSERT_NE(plan.route, nullptr) << "its error looks like the route's";
    EXPECT_EQ(plan.lane, Lane::quick);
    EXPECT_EQ(desk->plan(fresh, noon).refusal, nullptr);
    EXPECT_FALSE(desk->plan(fresh, noon).caller) << "a session may end while the body arrives";
    gatekeeper_.remembers = false;
    EXPECT_EQ(desk->plan(nobody, noon).refusal, nullptr) << "only the database can tell";
    EXPECT_TRUE(desk->plan(nobody, noon).is_unsure);
  }
}

TEST_F(AccessTest, large_body_of_a_stranger_to_memory_is_refused_before_it_is_read_when_the_database_says_so) {
  Route large = route(Method::post, "/x", Style::api, says("{}"), Access::signed_in);
  large.body_limit = 1024 * 1024;
  const auto desk = make({large});
  gatekeeper_.remembers = false;
  const Request nobody = with_word(request(Method::post, "/x"), "forged", Via::cookie);
  Plan plan = desk->plan(nobody, noon);
  desk->confirm(plan, nobody, noon);
  EXPECT_EQ(plan.refusal, &unauthenticated);
  const Request fresh = with_word(request(Method::post, "/x"), "fresh", Via::cookie);
  plan = desk->plan(fresh, noon);
  desk->confirm(plan, fresh, noon);
  EXPECT_EQ(plan.refusal, nullptr);
}

TEST_F(AccessTest, small_body_and_open_route_are_not_refused_by_the_plan) {
  Route open = route(Method::post, "/open", Style::api, says("{}"), Access::optional);
  open.body_limit = 1024 * 1024;
  const auto desk = make({route(Method::post, "/small", Style::api, says("{}"), Access::signed_in), open});
  EXPECT_EQ(desk->plan(request(Method::post, "/small"), noon).refusal, nullptr);
  EXPECT_EQ(desk->plan(request(Method::post, "/open"), noon).refusal, nullptr);
}

TEST_F(AccessTest, handler_does_not_run_for_the_refused) {
  int runs = 0;
  const auto desk = make({route(
      Method::get, "/x", Style::api,
      [&](const Call&) {
        ++runs;
        return no_content();
      },
      Access::admin)});
  for (const std::string_view word : {"", "forged", "fresh", "stale"}) {
    (void)respond(*desk, with_word(request(Method::get, "/x"), word, Via::cookie), noon);
  }
  EXPECT_EQ(runs, 0);
}

}  // namespace
}  // namespace cardea::http
