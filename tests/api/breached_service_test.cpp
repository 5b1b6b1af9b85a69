// A service of leaked passwords: asked when one is chosen and there is no list, and never in anybody's way.

#include "crypto/sha1.hpp"
#include "encoding/base64.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/fake_server.hpp"
#include "tests/support/leaked_list.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FakeServer;
using testing_support::http_reply;
using testing_support::LeakedList;

constexpr const char* leaked = "nine lanterns on a river";

/// A service that knows this password, whatever range is asked for.
FakeServer::Answer knows(std::string_view password) {
  const auto hex = encoding::hex(crypto::sha1(password));
  return [hex](const std::string& request) {
    const auto asked = request.substr(request.find("/range/") + 7, 5);
    const bool is_it = text::lower(asked) == hex.substr(0, 5);
    const auto other = "0018A45C4D1DEF81644B54AB7F969B88D65:3\r\n";
    return FakeServer::Reply{http_reply(200, is_it ? hex.substr(5) + ":9\r\n" + other : other)};
  };
}

World::Adjust asking(const FakeServer& service) {
  return [&service](app::Settings& settings) {
    settings.password.breached_service = {.url = service.url("/range/"), .allow_private = true};
  };
}

Answer sign_up(World& world, std::string_view uid, std::string_view password) {
  return world.client().post("/v1/signup",
                             {{"name", "Ann"}, {"uid", std::string{uid}}, {"password", std::string{password}}});
}

TEST(BreachedService, refuses_what_has_leaked_and_takes_the_rest) {
  const FakeServer service{knows(leaked)};
  World world{asking(service)};
  EXPECT_EQ(sign_up(world, "ann", leaked).problems(), Texts{"password:password_breached"});
  EXPECT_EQ(sign_up(world, "ann", good_password).status, 201);
  auto ann = world.client();
  ann.sign_in("ann");
  const auto changed = ann.post("/v1/me/password", {{"current_password", good_password}, {"password", leaked}});
  EXPECT_EQ(changed.problems(), Texts{"password:password_breached"});
  EXPECT_EQ(service.requests().size(), 2U) << "of one range the answer is remembered";
  for (const auto& request : service.requests()) {
    const auto line = request.substr(0, request.find("\r\n"));
    EXPECT_EQ(line.size(), std::string_view{"GET /range/ABCDE HTTP/1.1"}.size()) << line;
    EXPECT_EQ(request.find("lanterns"), std::string::npos);
    EXPECT_EQ(request.find("ann"), std::string::npos);
  }
}

TEST(BreachedService, is_not_told_of_sign_ins) {
  const FakeServer service{knows(leaked)};
  World world;
  sign_up(world, "ann", leaked);
  world.restart(asking(service));
  EXPECT_EQ(world.client().sign_in("ann", leaked).status, 200);
  EXPECT_TRUE(service.requests().empty());
}

TEST(BreachedService, keeps_nobody_out_when_it_fails) {
  const FakeServer service{[](const std::string&) { return FakeServer::Reply{http_reply(500, "")}; }};
  World world{asking(service)};
  EXPECT_EQ(sign_up(world, "ann", leaked).status, 201);
  EXPECT_NE(world.log().find("breached.service_failed"), std::string::npos);
  EXPECT_EQ(world.metrics().counter("cardea_breached_service_total", "", {{"outcome", "failed"}}).value(), 1U);
  world.restart([](app::Settings& settings) { settings.password.breached_service.url = "http://127.0.0.1:1/range/"; });
  EXPECT_EQ(sign_up(world, "bob", leaked).status, 201);
}

TEST(BreachedService, is_not_asked_where_there_is_a_list) {
  const LeakedList list{leaked};
  const FakeServer service{knows(good_password)};
  World world{[&](app::Settings& settings) {
    list.in_use()(settings);
    asking(service)(settings);
  }};
  EXPECT_EQ(sign_up(world, "ann", leaked).problems(), Texts{"password:password_breached"});
  EXPECT_EQ(sign_up(world, "ann", good_password).status, 201) << "the list says nothing of it";
  EXPECT_TRUE(service.requests().empty());
}

TEST(BreachedService, is_not_asked_when_nobody_is_to_look) {
  const FakeServer service{knows(leaked)};
  World world{[&](app::Settings& settings) {
    asking(service)(settings);
    settings.password.breached = password::LeakCheck::off;
  }};
  EXPECT_EQ(sign_up(world, "ann", leaked).status, 201);
  EXPECT_TRUE(service.requests().empty());
}

}  // namespace
}  // namespace cardea::api_tests
