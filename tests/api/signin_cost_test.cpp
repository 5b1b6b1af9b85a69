// What a sign-in costs at the database: counted in round trips to PostgreSQL, which is what it waits for, and which
// somebody outside can measure.

#include <algorithm>

#include "tests/api/scene.hpp"
#include "tests/support/cutting_proxy.hpp"

namespace cardea::api_tests {
namespace {

class SignInCost : public ::testing::Test {
 protected:
  SignInCost() {
    owner.sign_up("ann");
    world.client().sign_up("bob");
    world.disable("bob");
  }
  static void lift_budgets(app::Settings& settings) {
    settings.authn_budgets.account.free = 1000;
    settings.authn_budgets.known_browser.free = 1000;
  }
  /// Of one such attempt; the least of several, because whatever else is sent meanwhile only adds.
  int round_trips(const Client& browser, std::string_view uid, std::string_view password) {
    int least = 1000;
    for (int i = 0; i < 6; ++i) {
      auto copy = browser;
      const int before = proxy.round_trips();
      copy.sign_in(uid, password);
      least = std::min(least, proxy.round_trips() - before);
    }
    return least;
  }

  World first{lift_budgets, "postgres"};
  testing_support::CuttingProxy proxy{first.database_url()};
  World world{World::Beside{first, proxy.url()}, lift_budgets};
  Client owner = world.client();
};

TEST_F(SignInCost, is_the_same_whether_or_not_there_is_such_an_account) {
  const auto stranger = world.client();
  const int wrong = round_trips(stranger, "ann", wrong_password);
  EXPECT_EQ(round_trips(stranger, "nobody", wrong_password), wrong);
  EXPECT_EQ(round_trips(stranger, "bob", wrong_password), wrong);
  EXPECT_EQ(round_trips(stranger, "bob", good_password), wrong);
  auto known = owner;
  known.drop_cookie("__Host-cardea");
  const int wrong_from_known = round_trips(known, "ann", wrong_password);
  EXPECT_EQ(round_trips(known, "nobody", wrong_password), wrong_from_known);
  EXPECT_EQ(round_trips(known, "bob", wrong_password), wrong_from_known);
}

TEST_F(SignInCost, is_no_more_than_it_was) {
  EXPECT_EQ(round_trips(world.client(), "ann", good_password), 7);
  EXPECT_EQ(round_trips(world.client(), "ann", wrong_password), 3);
}

}  // namespace
}  // namespace cardea::api_tests
