#include "password/password.hpp"

#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::password {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

class PasswordContract : public testing_support::OnEngine {
 protected:
  std::optional<Stored> found(const AccountId& account) {
    return database().read([&](db::Tx& tx) { return find(tx, account); });
  }
  template <class Work>
  void write(const Work& work) {
    database().write([&](db::Tx& tx) { work(tx); });
  }

  testing_support::SeededRandom random{21};
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId ben = testing_support::add_account(database(), noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, PasswordContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(PasswordContract, account_has_no_password_until_one_is_stored) {
  EXPECT_FALSE(found(ann));
  write([&](db::Tx& tx) { store(tx, ann, "one", noon); });
  EXPECT_EQ(found(ann)->phc, "one");
  EXPECT_EQ(found(ann)->changed_at, noon);
  EXPECT_FALSE(found(ben));
}

TEST_P(PasswordContract, new_password_replaces_the_old_one_and_its_date) {
  write([&](db::Tx& tx) { store(tx, ann, "one", noon); });
  write([&](db::Tx& tx) { store(tx, ben, "bens", noon); });
  write([&](db::Tx& tx) { store(tx, ann, "two", noon + 1h); });
  EXPECT_EQ(found(ann)->phc, "two");
  EXPECT_EQ(found(ann)->changed_at, noon + 1h);
  EXPECT_EQ(found(ben)->phc, "bens");
}

TEST_P(PasswordContract, better_hash_keeps_the_date_and_the_revision_of_the_password) {
  write([&](db::Tx& tx) { store(tx, ann, "one", noon); });
  const auto revision = found(ann)->revision;
  write([&](db::Tx& tx) { replace_hash(tx, ann, "one", "one, dearer"); });
  EXPECT_EQ(found(ann)->phc, "one, dearer");
  EXPECT_EQ(found(ann)->changed_at, noon);
  EXPECT_EQ(found(ann)->revision, revision);
  write([&](db::Tx& tx) { store(tx, ann, "one, dearer", noon); });
  EXPECT_NE(found(ann)->revision, revision) << "the same text at the same instant is a new password all the same";
}

TEST_P(PasswordContract, better_hash_of_a_password_that_has_changed_since_is_dropped) {
  write([&](db::Tx& tx) { store(tx, ann, "two", noon); });
  write([&](db::Tx& tx) { replace_hash(tx, ann, "one", "one, dearer"); });
  EXPECT_EQ(found(ann)->phc, "two");
}

TEST_P(PasswordContract, password_of_no_account_is_refused) {
  const auto nobody = AccountId::make(noon, random);
  EXPECT_THROW(write([&](db::Tx& tx) { store(tx, nobody, "one", noon); }), db::DatabaseError);
  EXPECT_FALSE(found(nobody));
}

TEST_P(PasswordContract, rehash_at_sign_in_never_undoes_a_change_of_password) {
  for (int round = 0; round < 5; ++round) {
    write([&](db::Tx& tx) { store(tx, ann, "old", noon); });
    testing_support::race(4, [&](int i) {
      if (i == 0) {
        write([&](db::Tx& tx) { store(tx, ann, "new", noon + 1s); });
      } else {
        write([&](db::Tx& tx) { replace_hash(tx, ann, "old", "old, dearer"); });
      }
    });
    EXPECT_EQ(found(ann)->phc, "new");
  }
}

}  // namespace
}  // namespace cardea::password
