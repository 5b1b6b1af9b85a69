// The user list on both engines: complete, without repeats, in order, whatever the ties.
#include "identity/listing.hpp"

#include <algorithm>
#include <set>

#include "tests/support/counted_database.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::identity {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr int crowd = 500;

/// A page, kept.
struct Page {
  std::vector<Account> accounts;
  std::optional<Position> next;
};
Page page_of(db::Tx& tx, const Order& order, const std::optional<Position>& after, std::int64_t limit) {
  Page page;
  page.next = list(tx, order, after, limit, [&](const Listed& shown) {
    Account account{.id = shown.id, .name = std::string{shown.name}};
    if (shown.uid) account.uid.emplace(*shown.uid);
    for (const auto& [name, value] : shown.profile) {
      const auto* text = std::get_if<std::string_view>(&value);
      account.profile.emplace(
          name, text != nullptr ? ProfileValue{std::string{*text}} : ProfileValue{std::get<std::int64_t>(value)});
    }
    page.accounts.push_back(std::move(account));
  });
  return page;
}

class DirectoryContract : public testing_support::OnEngine {
 protected:
  void SetUp() override {
    OnEngine::SetUp();
    prepare_ranks(database(), settings);
  }
  AccountId add(db::Tx& tx, int number, std::int64_t coins) {
    const Draft draft{.name = "N" + std::to_string(number),
                      .uid = "uid" + std::to_string(number + 20),
                      .profile = {{"coins", coins}, {"tracking", "t"}}};
    // Every tenth pair shares an instant, so that even creation has ties.
    return create(tx, draft, noon + 1ms * (number / 2), random).value().id;
  }
  /// 500 accounts, of whom many have the same number of coins.
  void fill() {
    database().write([&](db::Tx& tx) {
      for (int i = 0; i < crowd; ++i) add(tx, i, i % 7 == 0 ? -(i % 3) : i % 4);
    });
  }
  Page page(const Order& order, const std::optional<Position>& after, std::int64_t limit) {
    return database().read([&](db::Tx& tx) { return page_of(tx, order, after, limit); });
  }
  /// Turns pages to the end; the cursor goes through its text, as it does in a URL.
  std::vector<Account> all(const Order& order, std::int64_t limit) {
    std::vector<Account> accounts;
    std::optional<Position> after;
    for (int turns = 0; turns <= crowd; ++turns) {
      auto next = page(order, after, limit);
      EXPECT_LE(std::ssize(next.accounts), limit);
      for (auto& account : next.accounts) accounts.push_back(std::move(account));
      if (!next.next) return accounts;
      EXPECT_EQ(std::ssize(next.accounts), limit);
      after = parse_cursor(to_cursor(*next.next));
    }
    ADD_FAILURE() << "the list does not end";
    return accounts;
  }
  static std::int64_t coins(const Account& account) { return std::get<std::int64_t>(account.profile.at("coins")); }
  static std::size_t distinct(const std::vector<Account>& accounts) {
    std::set<AccountId> ids;
    for (const auto& account : accounts) ids.insert(account.id);
    return ids.size();
  }

  testing_support::SeededRandom random{13};
  Settings settings;
};
INSTANTIATE_TEST_SUITE_P(engines, DirectoryContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(DirectoryContract, every_order_is_complete_without_repeats_and_in_order) {
  fill();
  for (const std::int64_t limit : {1, 7, 100, 499, 500, 501}) {
    if (limit == 1 && !is_sqlite()) continue;  // 2,000 round trips show nothing that 7 do not
    for (const std::string field : {"", "coins"}) {
      for (const bool descending : {false, true}) {
        SCOPED_TRACE(field + (descending ? " descending " : " ascending ") + std::to_string(limit));
        const auto accounts = all({.field = field, .descending = descending}, limit);
        EXPECT_EQ(accounts.size(), crowd);
        EXPECT_EQ(distinct(accounts), crowd);
        EXPECT_TRUE(std::is_sorted(accounts.begin(), accounts.end(), [&](const Account& a, const Account& b) {
          const auto left = std::pair{field.empty() ? 0 : coins(a), a.id};
          const auto right = std::pair{field.empty() ? 0 : coins(b), b.id};
          return descending ? left > right : left < right;
        }));
      }
    }
  }
}

TEST_P(DirectoryContract, entry_has_its_names_and_profile) {
  const auto id = database().write([&](db::Tx& tx) { return add(tx, 3, 42); });
  for (const std::string field : {"", "coins"}) {
    const auto only = page({.field = field}, {}, 10);
    ASSERT_EQ(only.accounts.size(), 1U);
    EXPECT_FALSE(only.next);
    EXPECT_EQ(only.accounts[0].id, id);
    EXPECT_EQ(only.accounts[0].uid, "uid23");
    EXPECT_EQ(only.accounts[0].name, "N3");
    EXPECT_EQ(only.accounts[0].profile, (Profile{{"coins", std::int64_t{42}}, {"tracking", "t"}}));
  }
}

TEST_P(DirectoryContract, entry_shows_what_is_escaped_where_it_is_stored) {
  const Profile profile{{"coins", std::int64_t{-7}}, {"exercise", "Zo\u00eb"}, {"tracking", "a \"b\" <\\> &\n"}};
  database().write([&](db::Tx& tx) {
    (void)create(tx, {.name = "A", .uid = "ann", .profile = profile}, noon, random).value();
    (void)create(tx, {.name = "B", .uid = "bob", .profile = {{"coins", std::int64_t{0}}}}, noon + 1s, random).value();
  });
  for (const std::string field : {"", "coins"}) {
    const auto both = page({.field = field}, {}, 10).accounts;
    ASSERT_EQ(both.size(), 2U);
    EXPECT_EQ(both[0].profile, profile);
    EXPECT_EQ(both[1].profile, (Profile{{"coins", std::int64_t{0}}}));
  }
}

TEST_P(DirectoryContract, account_without_profile_values_is_in_the_list_by_creation) {
  database().write([&](db::Tx& tx) { (void)create(tx, {.name = "A", .uid = "ann"}, noon, random).value(); });
  EXPECT_EQ(page({}, {}, 10).accounts.size(), 1U);
  EXPECT_EQ(page({.descending = true}, {}, 10).accounts.size(), 1U);
}

TEST_P(DirectoryContract, disabled_accounts_are_hidden_and_do_not_shorten_pages) {
  fill();
  std::set<AccountId> hidden;
  database().write([&](db::Tx& tx) {
    for (const auto& account : page_of(tx, {}, {}, 250).accounts) {
      if (hidden.size() % 2 == 0 || account.id.raw()[15] % 2 == 0) {
        ASSERT_TRUE(set_status(tx, account.id, Status::disabled, noon).ok());
        hidden.insert(account.id);
      }
    }
  });
  ASSERT_FALSE(hidden.empty());
  for (const std::string field : {"", "coins"}) {
    for (const bool descending : {false, true}) {
      const auto accounts = all({.field = field, .descending = descending}, 50);
      EXPECT_EQ(accounts.size(), crowd - hidden.size());
      for (const auto& account : accounts) EXPECT_FALSE(hidden.contains(account.id));
    }
  }
}

TEST_P(DirectoryContract, place_of_an_account_starts_the_page_behind_it) {
  fill();
  for (const Order& order :
       {Order{}, Order{.descending = true}, Order{.field = "coins"}, Order{.field = "coins", .descending = true}}) {
    const auto accounts = all(order, 100);
    const auto place = database().read([&](db::Tx& tx) { return position_of(tx, order, accounts.at(41).id); });
    ASSERT_TRUE(place);
    EXPECT_EQ(page(order, place, 1).accounts.at(0).id, accounts.at(42).id);
  }
  const auto nobody = AccountId::make(noon, random);
  database().read([&](db::Tx& tx) {
    EXPECT_FALSE(position_of(tx, {}, nobody));
    EXPECT_FALSE(position_of(tx, {.field = "coins"}, nobody));
  });
}

TEST_P(DirectoryContract, list_goes_on_behind_an_account_that_has_since_gone) {
  fill();
  const Order order{.field = "coins", .descending = true};
  const auto first = page(order, {}, 30);
  const auto expected = page(order, first.next, 1).accounts.at(0).id;
  database().write([&](db::Tx& tx) { EXPECT_TRUE(remove(tx, first.accounts.back().id)); });
  EXPECT_EQ(page(order, first.next, 1).accounts.at(0).id, expected);
}

TEST_P(DirectoryContract, every_change_of_an_account_shows_at_once_in_every_order) {
  const auto id = database().write([&](db::Tx& tx) { return add(tx, 3, 42); });
  const auto shown = [&] { return page({.field = "coins"}, {}, 10).accounts; };
  const auto change = [&](const Change& wanted) {
    database().write([&](db::Tx& tx) { ASSERT_TRUE(update(tx, id, wanted, noon + 1h).ok()); });
  };
  change({.name = "Renamed", .profile = {{"tracking", ProfileValue{"walk"}}}});
  ASSERT_EQ(shown().size(), 1U);
  EXPECT_EQ(shown()[0].name, "Renamed");
  EXPECT_EQ(shown()[0].profile, (Profile{{"coins", std::int64_t{42}}, {"tracking", "walk"}}));
  change({.profile = {{"coins", ProfileValue{std::int64_t{7}}}}});
  ASSERT_EQ(shown().size(), 1U);
  EXPECT_EQ(coins(shown()[0]), 7);
  EXPECT_EQ(database().read([&](db::Tx& tx) { return position_of(tx, {.field = "coins"}, id); })->value, 7);
  change({.profile = {{"coins", std::nullopt}}});
  EXPECT_TRUE(shown().empty());
  const auto set = [&](Status status) {
    database().write([&](db::Tx& tx) { ASSERT_TRUE(set_status(tx, id, status, noon + 2h).ok()); });
  };
  change({.profile = {{"coins", ProfileValue{std::int64_t{8}}}}});
  set(Status::disabled);
  change({.name = "Hidden"});
  EXPECT_TRUE(shown().empty());
  set(Status::active);
  ASSERT_EQ(shown().size(), 1U);
  EXPECT_EQ(shown()[0].name, "Hidden");
}

TEST_P(DirectoryContract, change_while_a_field_is_being_ranked_is_not_lost) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 1500; ++i)
      (void)create(tx, {.name = "N", .uid = "uid" + std::to_string(i)}, noon, random).value();
  });
  settings.fields = {{.name = "level",
                      .type = identity::FieldType::integer,
                      .see = identity::Visibility::everyone,
                      .default_value = "5"}};
  testing_support::CountedDatabase killed{database()};
  killed.die_in(3);  // after the first batch: it has rows, and no mark says so
  EXPECT_THROW(prepare_ranks(killed, settings), std::runtime_error);
  const auto first = page({}, {}, 1).accounts.at(0).id;
  database().write([&](db::Tx& tx) {
    ASSERT_TRUE(update(tx, first, {.profile = {{"level", ProfileValue{std::int64_t{9}}}}}, noon).ok());
  });
  prepare_ranks(database(), settings);
  EXPECT_EQ(page({.field = "level", .descending = true}, {}, 1).accounts.at(0).id, first);
  EXPECT_EQ(all({.field = "level"}, 500).size(), 0U + 1500);
}

TEST_P(DirectoryContract, newly_declared_field_ranks_everyone_once) {
  fill();
  settings.fields.push_back({.name = "level",
                             .type = identity::FieldType::integer,
                             .see = identity::Visibility::everyone,
                             .default_value = "5"});
  settings.fields.push_back({.name = "secret_level",
                             .type = identity::FieldType::integer,
                             .see = identity::Visibility::self,
                             .default_value = "5"});
  const auto prepare = [&] { prepare_ranks(database(), settings); };
  const auto count = [&](const std::string& field) {
    return database().read(
        [&](db::Tx& tx) { return tx.one("SELECT count(*) FROM ranking WHERE field = $1", field)->integer(0); });
  };
  const auto first = page({}, {}, 1).accounts.at(0).id;
  database().write([&](db::Tx& tx) {
    ASSERT_TRUE(update(tx, first, {.profile = {{"level", ProfileValue{std::int64_t{9}}}}}, noon).ok());
  });
  prepare();
  EXPECT_EQ(count("level"), crowd);
  EXPECT_EQ(count("secret_level"), 0);
  const auto ranked = page({.field = "level", .descending = true}, {}, 2).accounts;
  EXPECT_EQ(ranked.at(0).id, first);
  EXPECT_EQ(std::get<std::int64_t>(ranked.at(1).profile.at("level")), 5);
  // Once is once: a value that is missing afterwards was taken away on purpose.
  database().write(
      [&](db::Tx& tx) { ASSERT_TRUE(update(tx, first, {.profile = {{"level", std::nullopt}}}, noon).ok()); });
  prepare();
  EXPECT_EQ(count("level"), crowd - 1);
}

TEST_P(DirectoryContract, field_that_was_undeclared_for_a_while_ranks_everyone_again) {
  const auto prepare = [&] { prepare_ranks(database(), settings); };
  settings.fields = {{.name = "level",
                      .type = identity::FieldType::integer,
                      .see = identity::Visibility::everyone,
                      .default_value = "0"}};
  prepare();
  settings.fields.clear();
  prepare();
  database().write([&](db::Tx& tx) { (void)create(tx, {.name = "A", .uid = "ann"}, noon, random).value(); });
  settings.fields = {{.name = "level",
                      .type = identity::FieldType::integer,
                      .see = identity::Visibility::everyone,
                      .default_value = "0"}};
  prepare();
  EXPECT_EQ(page({.field = "level"}, {}, 10).accounts.size(), 1U);
}

TEST_P(DirectoryContract, many_accounts_are_ranked_in_short_transactions_and_a_killed_start_is_made_good) {
  database().write([&](db::Tx& tx) {
    for (int i = 0; i < 2500; ++i)
      (void)create(tx, {.name = "N", .uid = "uid" + std::to_string(i)}, noon, random).value();
  });
  settings.fields = {{.name = "level",
                      .type = identity::FieldType::integer,
                      .see = identity::Visibility::everyone,
                      .default_value = "5"}};
  const auto ranked = [&] {
    return database().read(
        [](db::Tx& tx) { return tx.one("SELECT count(*) FROM ranking WHERE field = 'level'")->integer(0); });
  };
  testing_support::CountedDatabase killed{database()};
  killed.die_in(3);  // the look for fields that are no more, one batch, and in the second batch
  EXPECT_THROW(prepare_ranks(killed, settings), std::runtime_error);
  EXPECT_EQ(ranked(), 1000);
  testing_support::CountedDatabase counted{database()};
  prepare_ranks(counted, settings);
  EXPECT_EQ(counted.writes(), 4);
  EXPECT_EQ(ranked(), 2500);
  prepare_ranks(counted, settings);
  EXPECT_EQ(counted.writes(), 6) << "done is done";
}

TEST_P(DirectoryContract, processes_that_start_together_prepare_once) {
  fill();
  settings.fields.push_back({.name = "level",
                             .type = identity::FieldType::integer,
                             .see = identity::Visibility::everyone,
                             .default_value = "0"});
  testing_support::race(3, [&](int) {
    const auto own = reopen({.readers = 1, .pool = 1});
    prepare_ranks(*own, settings);
  });
  EXPECT_EQ(all({.field = "level"}, 100).size(), crowd);
}

}  // namespace
}  // namespace cardea::identity
