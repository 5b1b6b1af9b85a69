// Failed sign-ins, over and over: one event that counts, written at once, for as many statements as ever.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

void without_waits(app::Settings& settings) {
  auto& budgets = settings.authn_budgets;
  for (auto* budget : {&budgets.account, &budgets.known_browser, &budgets.address, &budgets.account_whole,
                       &budgets.whole, &budgets.right, &budgets.right_address}) {
    budget->free = 1'000'000;
  }
}

/// "wrong_password x 3", one after another.
std::string failures(World& world) {
  std::string text;
  world.database().read([&](db::Tx& tx) {
    for (const auto& row :
         tx.all("SELECT reason, count FROM audit_event WHERE kind = 'signin.failed' ORDER BY at, id")) {
      text += (text.empty() ? "" : "; ") + row.text(0) + " x " + std::to_string(row.integer(1));
    }
  });
  return text;
}

class AuditFlood : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, AuditFlood, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuditFlood, repeated_failures_are_one_event_and_the_next_minute_has_another) {
  World world{without_waits, GetParam()};
  world.client().sign_up("ann");
  for (int i = 0; i < 5; ++i) {
    world.client().sign_in("ann", wrong_password);
    world.advance(5s);
  }
  EXPECT_EQ(failures(world), "wrong_password x 5");
  for (const char* name : {"nobody", "nobody", "nobody else"}) world.client().sign_in(name, wrong_password);
  EXPECT_EQ(failures(world), "wrong_password x 5; unknown_account x 3") << "whose names are not kept";
  world.advance(40s);
  world.run_jobs();
  world.client().sign_in("ann", wrong_password);
  EXPECT_EQ(failures(world), "wrong_password x 5; unknown_account x 3; wrong_password x 1");
  world.advance(70s);
  world.run_jobs();
  EXPECT_FALSE(audit::verify(world.database()));
}

TEST_P(AuditFlood, a_repeat_sends_what_the_first_sends) {
  World world{without_waits, GetParam()};
  world.client().sign_up("ann");
  const auto fail = [&] { return world.statements([&] { world.client().sign_in("ann", wrong_password); }); };
  const auto first = fail();
  EXPECT_EQ(fail(), first);
  EXPECT_EQ(fail(), first);
  int inserts = 0;
  for (const auto& statement : first) inserts += statement.find("audit_event") != std::string::npos ? 1 : 0;
  EXPECT_EQ(inserts, 1) << "one, as of any event";
}

TEST_P(AuditFlood, two_processes_count_in_one_row) {
  World here{without_waits, GetParam()};
  here.client().sign_up("ann");
  World there{World::Beside{here}, without_waits};
  constexpr int each = 6;
  testing_support::race(4, [&](int i) {
    World& world = i % 2 == 0 ? here : there;
    for (int n = 0; n < each; ++n) EXPECT_EQ(world.client().sign_in("ann", wrong_password).status, 401);
  });
  EXPECT_EQ(failures(here), "wrong_password x " + std::to_string(4 * each));
}

}  // namespace
}  // namespace cardea::api_tests
