// Passwords that have appeared in a data leak: refused on every road on which one is chosen, told of at a sign-in.

#include "password_reset/password_reset.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/leaked_list.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::LeakedList;

constexpr const char* leaked = "nine lanterns on a river";

class BreachedPassword : public ::testing::Test {
 protected:
  std::string reset_link(std::string_view uid) {
    const Context by_operator{.now = world.now(),
                              .origin = {.surface = "cli"},
                              .principal = Principal{.permissions = Permissions{Role::owner}}};
    const auto made = password_reset::make_link(world.house().account(), by_operator, world.id_of(uid));
    return password_reset::address_of("", *made.value().link);
  }

  const LeakedList list{leaked};
  World world{list.in_use()};
};

// ASVS 6.2.12
TEST_F(BreachedPassword, is_refused_on_every_road) {
  const auto expect_refused = [](const Answer& answer, const char* road) {
    EXPECT_EQ(answer.status, 422) << road;
    EXPECT_TRUE(answer.mentions("This password has appeared in a data leak. Choose another.")) << road << answer.body;
  };
  const wire::Object api{{"name", "Ann"}, {"uid", "ann"}, {"password", leaked}};
  const auto refused = world.client().post("/v1/signup", api);
  expect_refused(refused, "sign-up by the API");
  EXPECT_EQ(refused.problems(), Texts{"password:password_breached"});
  expect_refused(world.client().submit(
                     "/signup", {{"name", "Ann"}, {"uid", "ann"}, {"password", leaked}, {"password_confirm", leaked}}),
                 "sign-up by the page");
  const auto classic = world.curl().post("/api/users", api);
  EXPECT_NE(classic.status, 200);
  EXPECT_TRUE(classic.mentions("password_breached")) << classic.body;
  EXPECT_EQ(world.accounts(), 0);

  auto ann = world.client();
  ann.sign_up("ann");
  const auto changed = ann.post("/v1/me/password", {{"current_password", good_password}, {"password", leaked}});
  expect_refused(changed, "a change by the API");
  EXPECT_EQ(changed.problems(), Texts{"password:password_breached"});
  expect_refused(ann.submit("/account/security",
                            {{"current_password", good_password}, {"password", leaked}, {"password_confirm", leaked}}),
                 "a change by the page");
  auto browser = world.client();
  expect_refused(
      browser.submit(reset_link("ann"), {{"password", leaked}, {"password_confirm", leaked}}, "/password-reset"),
      "a link");
  EXPECT_EQ(world.client().sign_in("ann").status, 200) << "the old one is still the one";
}

// ASVS 6.2.10
TEST_F(BreachedPassword, of_somebody_who_signs_in_is_told_until_there_is_another) {
  world.restart([](app::Settings& settings) { settings.password.breached = password::LeakCheck::off; });
  world.client().post("/v1/signup", {{"name", "Ann"}, {"uid", "ann"}, {"password", leaked}});
  world.client().sign_up("bob");
  EXPECT_FALSE(world.client().sign_in("ann", leaked).mentions("password_breached")) << "nobody looks";
  world.restart(list.in_use());

  EXPECT_EQ(world.client().sign_in("ann", wrong_password).status, 401);
  EXPECT_EQ(world.audit_kinds().find("user.password.breached"), std::string::npos);
  auto ann = world.client();
  const auto in = ann.sign_in("ann", leaked);
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(in.json("password_breached"), true);
  EXPECT_EQ(world.client().sign_in("bob").body.find("password_breached"), std::string::npos);
  EXPECT_NE(world.audit_kinds().find("user.password.breached"), std::string::npos);

  constexpr const char* notice = "Your password has appeared in a data leak";
  for (const char* page : {"/account", "/account/security", "/account"}) {
    EXPECT_TRUE(ann.get(page).mentions(notice)) << page;
  }
  auto bob = world.client();
  bob.sign_in("bob");
  EXPECT_FALSE(bob.get("/account").mentions(notice));

  EXPECT_EQ(ann.post("/v1/me/password", {{"current_password", leaked}, {"password", other_password}}).status, 200);
  EXPECT_FALSE(ann.get("/account").mentions(notice));
  EXPECT_EQ(world.client().sign_in("ann", other_password).body.find("password_breached"), std::string::npos);
}

TEST_F(BreachedPassword, is_recorded_once_however_often_it_is_shown) {
  world.restart([](app::Settings& settings) { settings.password.breached = password::LeakCheck::off; });
  world.client().post("/v1/signup", {{"name", "Ann"}, {"uid", "ann"}, {"password", leaked}});
  world.restart(list.in_use());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(world.client().sign_in("ann", leaked).json("password_breached"), true);
  const auto kinds = world.audit_kinds();
  const auto first = kinds.find("user.password.breached");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(kinds.find("user.password.breached", first + 1), std::string::npos) << kinds;
}

TEST(BreachedList, that_is_named_must_be_there_and_be_one) {
  const LeakedList list{leaked};
  World world;
  EXPECT_ANY_THROW(world.restart([](app::Settings& settings) { settings.password.breached_file = "/nowhere"; }));
  EXPECT_ANY_THROW((World{[](app::Settings& settings) { settings.password.breached_file = "/etc/passwd"; }}));
  World off{[](app::Settings& settings) {
    settings.password.breached_file = "/nowhere";
    settings.password.breached = password::LeakCheck::off;
  }};
  EXPECT_EQ(off.client().sign_up("ann").status, 201);
}

}  // namespace
}  // namespace cardea::api_tests
