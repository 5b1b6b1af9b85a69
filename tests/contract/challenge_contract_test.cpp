// One-time secrets on both engines: what they open, for whom, until when.
#include "challenge/challenge.hpp"

#include <algorithm>
#include <set>

#include "crypto/hash.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::challenge {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

constexpr Purpose verify{"email.verify", {.lifetime = 15min}};
constexpr Purpose reset{"password.reset", {.lifetime = 15min}};
constexpr Purpose code_only{"signin.code", {.lifetime = 5min, .carries = Carries::code, .digits = 8, .attempts = 3}};
constexpr Purpose link_only{"invite", {.lifetime = 24h, .carries = Carries::link, .live = Live::any}};

class ChallengeContract : public testing_support::OnEngine {
 protected:
  Issued issue(const Purpose& purpose, std::string_view subject = "ann", Time now = noon) {
    return database().write([&](db::Tx& tx) { return challenges.issue(tx, purpose, subject, now); });
  }
  Result<Done> redeem(const Purpose& purpose, const Issued& issued, std::string_view code,
                      std::string_view subject = "ann", Time now = noon) {
    return challenges.redeem_code(database(), purpose, issued.id, subject, Secret{code}, now);
  }
  Result<Redeemed> follow(const Purpose& purpose, std::string_view token, Time now = noon) {
    return database().write([&](db::Tx& tx) { return challenges.redeem_link(tx, purpose, token, now); });
  }
  /// Some other code of the same length.
  static std::string wrong(const Issued& issued) {
    std::string code{issued.code->reveal()};
    code.back() = code.back() == '9' ? '0' : static_cast<char>(code.back() + 1);
    return code;
  }
  std::int64_t rows() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM challenge")->integer(0); });
  }

  testing_support::SeededRandom random{61};
  Challenges challenges{Secret{std::string(32, 'k')}, random};
};
INSTANTIATE_TEST_SUITE_P(engines, ChallengeContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ChallengeContract, a_code_works_once) {
  const auto issued = issue(verify);
  EXPECT_EQ(issued.expires_at, noon + 15min);
  EXPECT_TRUE(redeem(verify, issued, issued.code->reveal()));
  const auto again = redeem(verify, issued, issued.code->reveal());
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(not_valid));
}

TEST_P(ChallengeContract, a_link_that_is_looked_at_goes_on_working_and_one_that_was_used_has_nobody) {
  const auto issued = issue(verify);
  const auto subject = [&](const Purpose& purpose, Time now) {
    return database().read([&](db::Tx& tx) {
      return Challenges::subject_of_link(tx, purpose, issued.link->reveal(), now).value_or("nobody");
    });
  };
  EXPECT_EQ(subject(verify, noon), "ann");
  EXPECT_EQ(subject(verify, noon), "ann");
  EXPECT_EQ(subject(reset, noon), "nobody") << "of another purpose";
  EXPECT_EQ(subject(verify, noon + 15min), "nobody");
  EXPECT_TRUE(follow(verify, issued.link->reveal()));
  EXPECT_EQ(subject(verify, noon), "nobody");
}

TEST_P(ChallengeContract, a_link_works_once_and_says_whom_it_is_for) {
  const auto issued = issue(verify);
  const auto redeemed = follow(verify, issued.link->reveal());
  ASSERT_TRUE(redeemed);
  EXPECT_EQ(redeemed->subject, "ann");
  EXPECT_EQ(redeemed->id, issued.id);
  const auto again = follow(verify, issued.link->reveal());
  ASSERT_FALSE(again);
  EXPECT_TRUE(again.error().is(not_valid));
}

TEST_P(ChallengeContract, code_and_link_end_each_other) {
  const auto by_code = issue(verify);
  ASSERT_TRUE(redeem(verify, by_code, by_code.code->reveal()));
  EXPECT_FALSE(follow(verify, by_code.link->reveal()));
  const auto by_link = issue(verify);
  ASSERT_TRUE(follow(verify, by_link.link->reveal()));
  EXPECT_FALSE(redeem(verify, by_link, by_link.code->reveal()));
}

TEST_P(ChallengeContract, purposes_carry_what_they_say) {
  const auto code = issue(code_only);
  EXPECT_EQ(code.code->size(), 8U);
  EXPECT_FALSE(code.link);
  EXPECT_TRUE(redeem(code_only, code, code.code->reveal()));
  const auto link = issue(link_only);
  EXPECT_FALSE(link.code);
  EXPECT_EQ(link.link->size(), 43U);
  const auto no_code = redeem(link_only, link, "000000");
  ASSERT_FALSE(no_code);
  EXPECT_TRUE(no_code.error().is(not_valid));
  EXPECT_TRUE(follow(link_only, link.link->reveal()));
}

TEST_P(ChallengeContract, codes_are_digits_that_differ_and_begin_with_zero_too) {
  std::set<std::string> codes;
  bool begins_with_zero = false;
  for (int i = 0; i < 60; ++i) {
    const auto issued = issue(verify);
    const std::string code{issued.code->reveal()};
    ASSERT_EQ(code.size(), 6U);
    ASSERT_TRUE(std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; })) << code;
    begins_with_zero = begins_with_zero || code.front() == '0';
    codes.insert(code);
  }
  EXPECT_GT(codes.size(), 55U);
  EXPECT_TRUE(begins_with_zero);
}

TEST_P(ChallengeContract, spaces_and_hyphens_in_a_code_do_not_count) {
  const auto issued = issue(verify);
  const std::string code{issued.code->reveal()};
  EXPECT_TRUE(redeem(verify, issued, " " + code.substr(0, 3) + "-" + code.substr(3) + " "));
}

TEST_P(ChallengeContract, after_five_wrong_guesses_the_right_code_is_refused_too_but_the_link_works) {
  const auto issued = issue(verify);
  for (int i = 0; i < 5; ++i) {
    const auto guess = redeem(verify, issued, wrong(issued));
    ASSERT_FALSE(guess);
    EXPECT_TRUE(guess.error().is(wrong_code)) << i;
  }
  const auto late = redeem(verify, issued, issued.code->reveal());
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().is(not_valid));
  EXPECT_TRUE(follow(verify, issued.link->reveal()));
}

TEST_P(ChallengeContract, the_last_allowed_guess_may_be_right) {
  const auto issued = issue(code_only);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(redeem(code_only, issued, wrong(issued)));
  EXPECT_TRUE(redeem(code_only, issued, issued.code->reveal()));
}

TEST_P(ChallengeContract, expired_secrets_are_refused) {
  const auto issued = issue(verify);
  EXPECT_FALSE(redeem(verify, issued, issued.code->reveal(), "ann", noon + 15min));
  EXPECT_FALSE(follow(verify, issued.link->reveal(), noon + 15min));
  EXPECT_TRUE(redeem(verify, issued, issued.code->reveal(), "ann", noon + 15min - 1us)) << "refusals used nothing up";
}

TEST_P(ChallengeContract, one_that_is_to_end_sooner_does_and_none_ends_later_than_the_rules_say) {
  const auto issue_for = [&](Duration lifetime) {
    return database().write([&](db::Tx& tx) { return challenges.issue(tx, link_only, "ann", noon, lifetime); });
  };
  const auto soon = issue_for(1h);
  EXPECT_EQ(soon.expires_at, noon + 1h);
  const auto late = issue_for(25h);
  EXPECT_EQ(late.expires_at, noon + 24h);
  ASSERT_TRUE(sweep_job(database()).work(noon + 1h - 1us).ok());
  EXPECT_TRUE(follow(link_only, soon.link->reveal(), noon + 1h - 1us));
  EXPECT_FALSE(follow(link_only, late.link->reveal(), noon + 24h));
}

TEST_P(ChallengeContract, secrets_of_another_purpose_or_subject_are_refused_and_cost_nothing) {
  const auto issued = issue(verify);
  for (int i = 0; i < 10; ++i) {
    EXPECT_FALSE(redeem(reset, issued, issued.code->reveal()));
    EXPECT_FALSE(redeem(verify, issued, issued.code->reveal(), "ben"));
    EXPECT_FALSE(follow(reset, issued.link->reveal()));
  }
  EXPECT_TRUE(redeem(verify, issued, issued.code->reveal()));
}

TEST_P(ChallengeContract, a_code_opens_its_own_challenge_only) {
  const auto ann = issue(verify, "ann");
  const auto ben = issue(verify, "ben");
  EXPECT_FALSE(redeem(verify, ben, ann.code->reveal(), "ben"));
  EXPECT_FALSE(redeem(verify, {.id = ChallengeId{}}, ann.code->reveal()));
  EXPECT_TRUE(redeem(verify, ann, ann.code->reveal()));
}

TEST_P(ChallengeContract, the_hash_of_a_code_moved_to_another_challenge_opens_nothing) {
  const auto ann = issue(verify, "ann");
  const auto ben = issue(verify, "ben");
  const auto admin = issue(reset, "ann");
  database().write([&](db::Tx& tx) {
    tx.run("UPDATE challenge SET secret_hash = (SELECT secret_hash FROM challenge WHERE id = $1)", ann.id);
  });
  EXPECT_FALSE(redeem(verify, ben, ann.code->reveal(), "ben"));
  EXPECT_FALSE(redeem(reset, admin, ann.code->reveal()));
  EXPECT_TRUE(redeem(verify, ann, ann.code->reveal()));
}

TEST_P(ChallengeContract, without_the_servers_key_no_stored_hash_can_be_told_from_another) {
  const auto issued = issue(verify);
  const Challenges other{Secret{std::string(32, 'x')}, random};
  EXPECT_FALSE(other.redeem_code(database(), verify, issued.id, "ann", *issued.code, noon));
  EXPECT_TRUE(redeem(verify, issued, issued.code->reveal()));
}

TEST_P(ChallengeContract, nothing_stored_holds_a_secret) {
  const auto issued = issue(verify);
  database().read([&](db::Tx& tx) {
    const auto row = tx.one("SELECT secret_hash, link_hash FROM challenge");
    EXPECT_EQ(row->bytes(0).size(), 32U);
    EXPECT_EQ(row->bytes(1).size(), 32U);
    EXPECT_NE(row->bytes(0), to_bytes(crypto::sha256(issued.code->reveal())));
    EXPECT_NE(row->bytes(1), to_bytes(as_bytes(issued.link->reveal())));
  });
}

TEST_P(ChallengeContract, a_new_challenge_replaces_the_old_one_of_its_purpose_and_subject) {
  const auto old = issue(verify);
  const auto other_subject = issue(verify, "ben");
  const auto other_purpose = issue(reset);
  const auto current = issue(verify);
  EXPECT_FALSE(redeem(verify, old, old.code->reveal()));
  EXPECT_FALSE(follow(verify, old.link->reveal()));
  EXPECT_TRUE(redeem(verify, current, current.code->reveal()));
  EXPECT_TRUE(redeem(verify, other_subject, other_subject.code->reveal(), "ben"));
  EXPECT_TRUE(redeem(reset, other_purpose, other_purpose.code->reveal()));
}

TEST_P(ChallengeContract, where_any_number_may_live_each_works) {
  const auto first = issue(link_only);
  const auto second = issue(link_only);
  EXPECT_TRUE(follow(link_only, first.link->reveal()));
  EXPECT_TRUE(follow(link_only, second.link->reveal()));
}

TEST_P(ChallengeContract, malformed_links_are_refused) {
  const auto issued = issue(verify);
  const std::string token{issued.link->reveal()};
  for (const std::string& text :
       {std::string{}, token.substr(1), token + "A", std::string(43, '!'), std::string(43, 'A')}) {
    const auto refused = follow(verify, text);
    ASSERT_FALSE(refused) << text;
    EXPECT_TRUE(refused.error().is(not_valid));
  }
}

TEST_P(ChallengeContract, sweep_removes_what_is_used_or_expired) {
  const auto used = issue(verify, "used");
  ASSERT_TRUE(redeem(verify, used, used.code->reveal(), "used"));
  const auto expired = issue(verify, "expired", noon - 15min);
  const auto alive = issue(verify, "alive");
  ASSERT_TRUE(sweep_job(database()).work(noon).ok());
  EXPECT_EQ(rows(), 1);
  EXPECT_TRUE(redeem(verify, alive, alive.code->reveal(), "alive"));
}

TEST_P(ChallengeContract, what_a_clock_far_ahead_issued_lives_its_lifetime_from_now) {
  const auto issued = issue(verify, "ann", noon + 24h * 400);
  const auto neighbour = issue(verify, "ben", noon + 1s);
  ASSERT_TRUE(sweep_job(database()).work(noon).ok());
  EXPECT_EQ(rows(), 2);
  EXPECT_FALSE(redeem(verify, issued, issued.code->reveal(), "ann", noon + 15min));
  EXPECT_TRUE(redeem(verify, issued, issued.code->reveal(), "ann", noon + 15min - 1us));
  EXPECT_TRUE(redeem(verify, neighbour, neighbour.code->reveal(), "ben", noon));
}

}  // namespace
}  // namespace cardea::challenge
