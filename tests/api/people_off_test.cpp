// What stays of the users where their list is off, and the classic list's parameters.
#include <gtest/gtest.h>

#include "tests/support/world.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::good_password;
using testing_support::World;

TEST(DirectoryOff, still_shows_users_themselves_and_administrators_everybody) {
  World world{[](app::Settings& settings) { settings.listing.visible = identity::ListedFor::nobody; }};
  auto ann = world.client();
  const auto id = ann.sign_up("ann").text("user/id");
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  auto bob = world.client();
  const auto other = bob.sign_up("bob").text("user/id");
  EXPECT_EQ(ann.get("/api/users/" + id).text("uid"), "ann");
  EXPECT_EQ(ann.get("/api/users/" + other).status, 404);
  EXPECT_EQ(ann.get("/api/users/" + other).text("message"), "User not found.");
  EXPECT_EQ(ann.get("/api/users").text("message"), "User not found.");
  EXPECT_EQ(world.client().get("/api/users").status, 404);
  EXPECT_EQ(world.client().get("/api/users/" + id).status, 401);
  EXPECT_EQ(bob.get("/v1/users/" + id).status, 404);
  EXPECT_EQ(world.client().get("/v1/users/" + id).status, 401);
  world.make_admin("bob");
  EXPECT_EQ(bob.get("/v1/users/" + id).text("uid"), "ann");
  bob.post("/api/users/authenticate", {{"uid", "bob"}, {"password", good_password}});
  EXPECT_EQ(bob.get("/api/users/" + id).text("uid"), "ann");
}

TEST(ClassicList, empty_parameters_of_the_classic_list_are_none) {
  World world{[](app::Settings& settings) { settings.listing.visible = identity::ListedFor::everyone; }};
  world.client().sign_up("ann");
  world.client().sign_up("bob");
  auto visitor = world.client();
  EXPECT_EQ(visitor.get("/api/users?sort=-coins&limit=&after=").count(), 2U);
  EXPECT_EQ(visitor.get("/api/users?sort=&limit=1&after=").count(), 1U);
  EXPECT_EQ(visitor.get("/api/users?limit=0").status, 400);
}

}  // namespace
}  // namespace cardea::api_tests
