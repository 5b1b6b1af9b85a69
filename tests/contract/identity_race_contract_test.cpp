// Rivals for one name: exactly one gets it, and the others are told so.
#include <atomic>

#include "identity/identity.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::identity {
namespace {

const Time noon = from_micros(1'800'000'000'000'000);
constexpr int rivals = 12;

class IdentityRace : public testing_support::OnEngine {
 protected:
  /// Each rival signs up with its own draft; the number that succeeded. The rest got `code` and nothing else.
  template <class Make>
  int let_in(const Make& make, const std::string& code) {
    std::atomic<int> winners = 0;
    testing_support::race(rivals, [&](int i) {
      const Draft draft = make(i);
      const auto made = database().write([&](db::Tx& tx) { return create(tx, draft, noon, random); });
      if (made.ok()) {
        ++winners;
        return;
      }
      ASSERT_EQ(made.error().fields.size(), 1U);
      EXPECT_EQ(made.error().fields.front().code, code);
    });
    return winners;
  }
  std::int64_t accounts() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM account")->integer(0); });
  }

  testing_support::SeededRandom random{12};
};
INSTANTIATE_TEST_SUITE_P(engines, IdentityRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(IdentityRace, one_of_many_gets_a_user_id) {
  for (const std::string uid : {"ann", "ben", "cleo"}) {
    EXPECT_EQ(let_in([&](int) { return Draft{.name = "A", .uid = uid}; }, "uid_taken"), 1);
  }
  EXPECT_EQ(accounts(), 3);
}

TEST_P(IdentityRace, one_of_many_confusable_names_is_taken) {
  const std::vector<std::string> spellings{"bill", "Bill", "BILL", "bi11", "biII", "b1ll", "bilI", "b\u0456ll"};
  EXPECT_EQ(
      let_in(
          [&](int i) { return Draft{.name = "B", .uid = spellings[static_cast<std::size_t>(i) % spellings.size()]}; },
          "uid_taken"),
      1);
  EXPECT_EQ(accounts(), 1);
}

TEST_P(IdentityRace, one_of_many_gets_an_email_address) {
  const auto make = [](int i) {
    return Draft{.name = "A",
                 .uid = "user" + std::to_string(i * 7 + 20),
                 .email = i % 2 == 0 ? "ann@example.org" : "ANN@example.org"};
  };
  EXPECT_EQ(let_in(make, "email_taken"), 1);
  EXPECT_EQ(accounts(), 1);
}

TEST_P(IdentityRace, one_of_many_accounts_changes_to_an_address) {
  for (int round = 0; round < 4; ++round) {
    const std::string wanted = "wanted" + std::to_string(round) + "@example.org";
    std::vector<AccountId> ids;
    for (int i = 0; i < 4; ++i) {
      const Draft draft{.name = "A", .uid = "u" + std::to_string(round) + "x" + std::to_string(i + 20)};
      ids.push_back(database().write([&](db::Tx& tx) { return create(tx, draft, noon, random); }).value().id);
    }
    std::atomic<int> winners = 0;
    testing_support::race(4, [&](int i) {
      const auto changed = database().write(
          [&](db::Tx& tx) { return update(tx, ids.at(static_cast<std::size_t>(i)), {.email = wanted}, noon); });
      if (changed.ok()) {
        ++winners;
      } else {
        EXPECT_EQ(changed.error().fields.at(0).code, "email_taken");
      }
    });
    EXPECT_EQ(winners, 1);
  }
}

TEST_P(IdentityRace, sign_up_and_change_do_not_both_get_an_address) {
  for (int round = 0; round < 6; ++round) {
    const std::string number = std::to_string(round + 20);
    const std::string wanted = "wanted" + number + "@example.org";
    const auto old =
        database()
            .write([&](db::Tx& tx) { return create(tx, {.name = "A", .uid = "old" + number}, noon, random); })
            .value();
    std::atomic<int> winners = 0;
    testing_support::race(2, [&](int i) {
      const auto result = database().write([&](db::Tx& tx) {
        return i == 0 ? update(tx, old.id, {.email = wanted}, noon)
                      : create(tx, {.name = "B", .uid = "new" + number, .email = wanted}, noon, random);
      });
      if (result.ok()) ++winners;
    });
    EXPECT_EQ(winners, 1);
  }
}

}  // namespace
}  // namespace cardea::identity
