// Accounts on both engines: what is unique, what is found, what changes and what goes.
#include "identity/listing.hpp"

#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::identity {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

class IdentityContract : public testing_support::OnEngine {
 protected:
  Result<Account> try_create(const Draft& draft, Time now = noon) {
    return database().write([&](db::Tx& tx) { return create(tx, draft, now, random); });
  }
  Account created(const Draft& draft, Time now = noon) { return try_create(draft, now).value(); }
  Result<Account> try_update(const AccountId& id, const Change& change, Time now = noon) {
    return database().write([&](db::Tx& tx) { return update(tx, id, change, now); });
  }
  std::optional<Account> found(const AccountId& id) {
    return database().read([&](db::Tx& tx) { return find(tx, id); });
  }
  std::optional<Account> found(std::string_view identifier) {
    return database().read([&](db::Tx& tx) { return find_by_identifier(tx, identifier); });
  }
  std::int64_t accounts() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM account")->integer(0); });
  }

  std::int64_t ranked() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM ranking")->integer(0); });
  }

  /// "uid_taken email_taken", or "" for a success.
  static std::string codes(const Result<Account>& result) {
    std::string text;
    if (result.ok()) return text;
    EXPECT_TRUE(result.error().is(validation_failed));
    for (const auto& problem : result.error().fields) text += (text.empty() ? "" : " ") + problem.code;
    return text;
  }
  static Draft draft(std::string uid, std::optional<std::string> email = {}) {
    return {.name = "Ann", .uid = std::move(uid), .email = std::move(email)};
  }

  testing_support::SeededRandom random{11};
};
INSTANTIATE_TEST_SUITE_P(engines, IdentityContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(IdentityContract, created_account_is_found_as_it_was_returned) {
  const auto made = created({.name = "Ann Lee",
                             .uid = "Ann.Lee",
                             .email = "Ann@example.org",
                             .profile = {{"tracking", "run"}, {"coins", std::int64_t{7}}}});
  const auto again = found(made.id);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->uid, "Ann.Lee");
  EXPECT_EQ(again->name, "Ann Lee");
  EXPECT_EQ(again->email, "Ann@example.org");
  EXPECT_EQ(again->status, Status::active);
  EXPECT_EQ(again->role, Role::user);
  EXPECT_EQ(again->created_at, noon);
  EXPECT_EQ(again->updated_at, noon);
  EXPECT_EQ(again->profile, made.profile);
  EXPECT_EQ(std::get<std::int64_t>(again->profile.at("coins")), 7);
}

TEST_P(IdentityContract, unknown_account_is_absent) {
  EXPECT_FALSE(found(AccountId::make(noon, random)));
  EXPECT_FALSE(found("nobody"));
  EXPECT_FALSE(found("nobody@example.org"));
}

TEST_P(IdentityContract, user_id_is_unique_whatever_its_case_and_looks) {
  created(draft("Paypal"));
  for (const auto* taken : {"Paypal", "paypal", "PAYPAL", "paypa1", "PaypaI", "p\u0430ypal"}) {
    EXPECT_EQ(codes(try_create(draft(taken))), "uid_taken") << taken;
  }
  EXPECT_EQ(codes(try_create(draft("paypal2"))), "");
  EXPECT_EQ(accounts(), 2);
}

TEST_P(IdentityContract, email_address_is_unique_whatever_its_case) {
  created(draft("ann", "Ann@example.org"));
  EXPECT_EQ(codes(try_create(draft("ben", "ann@example.org"))), "email_taken");
  EXPECT_EQ(codes(try_create(draft("ANN", "aNN@example.org"))), "uid_taken email_taken");
  EXPECT_EQ(codes(try_create(draft("ANN", "other@example.org"))), "uid_taken");
  EXPECT_EQ(accounts(), 1);
}

TEST_P(IdentityContract, accounts_without_user_id_or_address_do_not_clash) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(codes(try_create({.name = "Ann"})), "");
    EXPECT_EQ(codes(try_create(draft("ann" + std::to_string(i)))), "");
  }
  EXPECT_EQ(codes(try_create({.name = "Ann", .email = "ann@example.org"})), "");
  EXPECT_EQ(codes(try_create({.name = "Ben", .email = "ann@example.org"})), "email_taken");
}

TEST_P(IdentityContract, refused_account_is_not_ranked) {
  created(draft("ann"));
  auto rival = draft("Ann");
  rival.profile = {{"coins", std::int64_t{1}}};
  prepare_ranks(database(), {});
  EXPECT_EQ(codes(try_create(rival)), "uid_taken");
  EXPECT_EQ(ranked(), 1) << "ann, and nobody else";
}

TEST_P(IdentityContract, account_is_found_by_any_spelling_of_what_it_signs_in_with) {
  const auto ann = created(draft("J\u00fcrgen", "Jurgen@b\u00fccher.example"));
  // Case, surrounding blanks, a composed and a decomposed umlaut, full width.
  for (const auto* spelling : {"J\u00fcrgen", "j\u00dcRGEN", " j\u00fcrgen\t", "Ju\u0308rgen", "\uff2a\u00fcrgen"}) {
    const auto account = found(spelling);
    ASSERT_TRUE(account) << spelling;
    EXPECT_EQ(account->id, ann.id);
  }
  for (const auto* none : {"", "  ", "jurgen", "j\u00fcrgen x", "\xff", "@", "Jurgen@", "a@b@c"}) {
    EXPECT_FALSE(found(none)) << none;
  }
  const auto ben = created(draft("ben", "Ben@xn--bcher-kva.example"));
  for (const auto* address : {"Ben@xn--bcher-kva.example", "ben@B\u00dcCHER.example", " BEN@b\u00fccher.example "}) {
    const auto account = found(address);
    ASSERT_TRUE(account) << address;
    EXPECT_EQ(account->id, ben.id);
  }
}

TEST_P(IdentityContract, confusable_name_does_not_sign_in_as_the_account_it_looks_like) {
  created(draft("paypal"));
  EXPECT_FALSE(found("paypa1"));
}

TEST_P(IdentityContract, update_changes_what_is_named_and_nothing_else) {
  auto start = draft("ann", "ann@example.org");
  start.profile = {{"tracking", "run"}, {"exercise", "swim"}, {"coins", std::int64_t{3}}};
  const auto ann = created(start);
  const Time later = noon + 1h;
  const auto changed = try_update(
      ann.id, {.name = "Anna", .profile = {{"tracking", ProfileValue{"walk"}}, {"exercise", std::nullopt}}}, later);
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(changed->name, "Anna");
  EXPECT_EQ(changed->email, "ann@example.org");
  EXPECT_EQ(changed->created_at, noon);
  EXPECT_EQ(changed->updated_at, later);
  EXPECT_EQ(changed->profile, (Profile{{"tracking", "walk"}, {"coins", std::int64_t{3}}}));
  EXPECT_EQ(found(ann.id)->profile, changed->profile);
}

TEST_P(IdentityContract, profile_value_may_change_its_type) {
  auto start = draft("ann");
  start.profile = {{"age", "forty"}};
  const auto ann = created(start);
  ASSERT_TRUE(try_update(ann.id, {.profile = {{"age", ProfileValue{std::int64_t{40}}}}}).ok());
  EXPECT_EQ(found(ann.id)->profile.at("age"), ProfileValue{std::int64_t{40}});
  ASSERT_TRUE(try_update(ann.id, {.profile = {{"age", ProfileValue{"old"}}}}).ok());
  EXPECT_EQ(found(ann.id)->profile.at("age"), ProfileValue{"old"});
}

TEST_P(IdentityContract, taken_address_is_refused_and_changes_nothing) {
  created(draft("ann", "ann@example.org"));
  const auto ben = created(draft("ben", "ben@example.org"));
  EXPECT_EQ(codes(try_update(ben.id, {.name = "Benny", .email = "ANN@example.org"}, noon + 1h)), "email_taken");
  const auto still = found(ben.id);
  EXPECT_EQ(still->email, "ben@example.org");
  EXPECT_EQ(still->name, "Ann");
  EXPECT_EQ(still->updated_at, noon);
}

TEST_P(IdentityContract, address_can_be_respelled_removed_and_taken_over) {
  const auto ann = created(draft("ann", "ann@example.org"));
  const auto ben = created(draft("ben"));
  EXPECT_EQ(try_update(ann.id, {.email = "Ann@example.org"})->email, "Ann@example.org");
  EXPECT_EQ(try_update(ann.id, {.email = std::optional<std::string>{}})->email, std::nullopt);
  EXPECT_FALSE(found("ann@example.org"));
  EXPECT_EQ(codes(try_update(ben.id, {.email = "ann@example.org"})), "");
  EXPECT_EQ(found("ann@example.org")->id, ben.id);
}

TEST_P(IdentityContract, changes_of_an_unknown_account_are_not_found) {
  const auto nobody = AccountId::make(noon, random);
  EXPECT_TRUE(try_update(nobody, {.name = "X"}).error().is(not_found));
  database().write([&](db::Tx& tx) {
    EXPECT_TRUE(set_status(tx, nobody, Status::disabled, noon).error().is(not_found));
    EXPECT_TRUE(set_role(tx, nobody, Role::admin, noon).error().is(not_found));
    EXPECT_FALSE(remove(tx, nobody));
  });
}

TEST_P(IdentityContract, status_and_admin_are_set_and_unset) {
  const auto ann = created(draft("ann"));
  const auto set = [&](Status status, Role role, Time now) {
    database().write([&](db::Tx& tx) {
      EXPECT_TRUE(set_status(tx, ann.id, status, now).ok());
      EXPECT_TRUE(set_role(tx, ann.id, role, now).ok());
    });
    return *found(ann.id);
  };
  const auto disabled = set(Status::disabled, Role::admin, noon + 1min);
  EXPECT_EQ(disabled.status, Status::disabled);
  EXPECT_EQ(disabled.role, Role::admin);
  EXPECT_EQ(disabled.updated_at, noon + 1min);
  const auto active = set(Status::active, Role::user, noon + 2min);
  EXPECT_EQ(active.status, Status::active);
  EXPECT_EQ(active.role, Role::user);
}

TEST_P(IdentityContract, removed_account_takes_with_it_what_is_its_own_and_frees_its_names) {
  prepare_ranks(database(), {});
  auto start = draft("ann", "ann@example.org");
  start.profile = {{"coins", std::int64_t{1}}};
  const auto ann = created(start);
  auto other = draft("ben", "ben@example.org");
  other.profile = {{"coins", std::int64_t{2}}};
  const auto ben = created(other);
  const auto own_something = [&](db::Tx& tx, const AccountId& id) {
    const auto bytes = random.bytes<32>();
    tx.run("INSERT INTO password (account_id, phc, changed_at) VALUES ($1, 'x', 0)", id);
    tx.run(
        "INSERT INTO session (id, account_id, token_hash, created_at, last_seen_at, idle_until, expires_at, "
        "user_agent, address) VALUES ($1, $2, $3, 0, 0, 0, 0, '', '')",
        SessionId::make(noon, random), id, bytes);
    tx.run("INSERT INTO known_browser (token_hash, account_id, place, last_seen_at) VALUES ($1, $2, 0, 0)", bytes, id);
    tx.run("INSERT INTO note (id, account_id, text, created_at, updated_at) VALUES ($1, $2, 'n', 0, 0)",
           SessionId::make(noon, random), id);
  };
  database().write([&](db::Tx& tx) {
    own_something(tx, ann.id);
    own_something(tx, ben.id);
  });
  const auto counts = [&] {
    return database().read([](db::Tx& tx) {
      return std::vector{
          tx.one("SELECT count(*) FROM account")->integer(0),       tx.one("SELECT count(*) FROM ranking")->integer(0),
          tx.one("SELECT count(*) FROM password")->integer(0),      tx.one("SELECT count(*) FROM session")->integer(0),
          tx.one("SELECT count(*) FROM known_browser")->integer(0), tx.one("SELECT count(*) FROM note")->integer(0)};
    });
  };
  EXPECT_EQ(counts(), std::vector<std::int64_t>(6, 2));
  database().write([&](db::Tx& tx) { EXPECT_TRUE(remove(tx, ann.id)); });
  EXPECT_EQ(counts(), std::vector<std::int64_t>(6, 1));
  EXPECT_TRUE(found(ben.id));
  EXPECT_FALSE(found("ann"));
  EXPECT_EQ(codes(try_create(start)), "");
}

}  // namespace
}  // namespace cardea::identity
