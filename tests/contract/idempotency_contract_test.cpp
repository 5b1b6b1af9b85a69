// A request that is sent again is carried out once, and answered to whoever sends the whole of it alone.

#include "tests/contract/idempotency_fixture.hpp"
#include "tests/support/passing_database.hpp"

namespace cardea::idempotency {
namespace {

class IdempotencyContract : public IdempotencyFixture {
 protected:
  /// Everything of the table, as bytes.
  std::string stored() {
    std::string all;
    for (const auto& row :
         database().read_all("SELECT key_hash, caller_hash, request_hash, claim, response_sealed FROM idempotency")) {
      for (std::size_t i = 0; i < 5; ++i) all.append(as_text(row.bytes(i)));
    }
    return all;
  }
  /// As many more as the caller of the one row there is may have sent.
  void fill(std::int64_t count) {
    database().write([&](db::Tx& tx) {
      for (std::int64_t i = 0; i < count; ++i) {
        tx.run(
            "INSERT INTO idempotency (key_hash, caller_hash, request_hash, claim, claimed_until, expires_at) "
            "SELECT $1, caller_hash, request_hash, claim, claimed_until, expires_at FROM idempotency LIMIT 1",
            crypto::sha256(std::to_string(i)));
      }
    });
  }
};
/// Goes away when it is told to.
class LeavingDatabase : public testing_support::PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;
  bool is_away = false;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    if (is_away) throw db::DatabaseError{"the database is away", db::Failure::unreachable};
    pass_on(access, work);
  }
};
INSTANTIATE_TEST_SUITE_P(engines, IdempotencyContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(IdempotencyContract, what_is_sent_again_is_answered_as_before_and_says_so) {
  const auto first = send();
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(is_replay(first));
  const auto again = send({.after = 23h});
  ASSERT_TRUE(is_replay(again));
  EXPECT_EQ(again->status, 201);
  EXPECT_EQ(again->body.text(), first->body.text());
  std::string cookies;
  for (const auto& field : again->headers.fields()) {
    if (field.name == "Set-Cookie") cookies.append(field.value).append(" ");
  }
  EXPECT_EQ(cookies, "session=1 known=1 ");
  EXPECT_EQ(carried_out, 1);
}

TEST_P(IdempotencyContract, request_without_a_key_is_carried_out_each_time) {
  const http::Request request{.method = http::Method::post, .target = "/v1/signup"};
  const http::Call call{.request = request, .route = route, .params = {}, .context = {.now = noon}};
  EXPECT_TRUE(memory.once(call, count()).ok());
  EXPECT_TRUE(memory.once(call, count()).ok());
  EXPECT_EQ(carried_out, 2);
  EXPECT_EQ(rows(), 0);
}

TEST_P(IdempotencyContract, key_is_1_to_255_visible_characters) {
  for (const auto& key : {std::string{}, std::string(256, 'k'), std::string{"a b"}, std::string{"k\x7f"},
                          std::string{"k\xc3\xa9"}, std::string{"k\t"}}) {
    const auto answer = send({.key = key});
    ASSERT_FALSE(answer.ok()) << key;
    EXPECT_TRUE(answer.error().is(http::idempotency_key_invalid)) << key;
  }
  EXPECT_EQ(carried_out, 0);
  for (const auto& key : {std::string{"k"}, std::string(255, 'k'), std::string{"\"quoted\""}}) {
    EXPECT_TRUE(send({.key = key}).ok()) << key;
    EXPECT_TRUE(is_replay(send({.key = key}))) << key;
  }
}

TEST_P(IdempotencyContract, another_request_under_the_key_is_refused_and_learns_nothing) {
  send_before();
  for (const Sent& sent : {Sent{.body = R"({"uid":"ann","password":"another"})"}, Sent{.body = ""},
                           Sent{.target = "/v1/signup?x"}, Sent{.target = "/v1/me/notes"}}) {
    const auto answer = send(sent);
    ASSERT_FALSE(answer.ok()) << sent.body << sent.target;
    EXPECT_TRUE(answer.error().is(http::idempotency_mismatch)) << sent.body << sent.target;
  }
  EXPECT_EQ(carried_out, 1);
}

TEST_P(IdempotencyContract, answer_opens_by_the_whole_request_and_not_by_a_row_that_says_so) {
  send_before();
  const Sent other{.body = "the body of a neighbour who knows the key"};
  // What the table would hold of the neighbour's request, put in the place of ours.
  send_before({.key = other.key, .body = other.body, .address = "198.51.100.1"});
  database().run(
      "UPDATE idempotency SET request_hash = (SELECT b.request_hash FROM idempotency b WHERE b.caller_hash <> "
      "idempotency.caller_hash)");
  EXPECT_THROW((void)send(other), std::runtime_error);
  EXPECT_EQ(carried_out, 2);
}

TEST_P(IdempotencyContract, callers_share_no_keys) {
  const auto ann = AccountId::make(noon, random);
  const auto bob = AccountId::make(noon, random);
  EXPECT_FALSE(is_replay(send()));
  EXPECT_FALSE(is_replay(send({.address = "192.0.2.2"})));
  EXPECT_FALSE(is_replay(send({.account = ann})));
  EXPECT_FALSE(is_replay(send({.account = bob})));
  EXPECT_EQ(carried_out, 4);
  EXPECT_TRUE(is_replay(send({.address = "198.51.100.7", .account = ann}))) << "an account is one caller anywhere";
}

TEST_P(IdempotencyContract, table_holds_nothing_that_can_be_read) {
  send_before();
  const std::string all = stored();
  EXPECT_GT(all.size(), 100U);
  for (const char* text : {"6b1f0f2e", "violet", "192.0.2.1", "session=1", "number"}) {
    EXPECT_EQ(all.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(all.find(as_text(crypto::sha256(Sent{}.body))), std::string::npos) << "a password could be found by trying";
}

TEST_P(IdempotencyContract, request_that_is_being_carried_out_is_not_begun_again) {
  const auto answer = send({}, [&]() -> Result<http::Response> {
    const auto second = send({.after = 119s});
    EXPECT_FALSE(second.ok());
    EXPECT_TRUE(!second.ok() && second.error().is(http::idempotency_in_progress));
    EXPECT_TRUE(!second.ok() && second.error().retry_after == std::chrono::seconds{1});
    const auto other = send({.body = "other"});
    EXPECT_TRUE(!other.ok() && other.error().is(http::idempotency_mismatch));
    return created(++carried_out);
  });
  EXPECT_TRUE(answer.ok());
  EXPECT_EQ(carried_out, 1);
}

TEST_P(IdempotencyContract, claim_of_a_process_that_ended_lapses_and_a_late_answer_replaces_nothing) {
  // The inner request comes when the outer one's claim has lapsed, as it does when the process is gone.
  const auto late = send({}, [&]() -> Result<http::Response> {
    const auto other = send({.body = "other", .after = 121s});
    EXPECT_TRUE(!other.ok() && other.error().is(http::idempotency_mismatch)) << "a lapsed key is not free for others";
    EXPECT_TRUE(send({.after = 121s}).ok());
    return created(99);
  });
  EXPECT_EQ(late->body.text(), "{\"number\":99}");
  const auto again = send({.after = 122s});
  ASSERT_TRUE(is_replay(again));
  EXPECT_EQ(again->body.text(), "{\"number\":1}");
}

TEST_P(IdempotencyContract, what_failed_or_was_refused_is_carried_out_again_even_with_another_body) {
  EXPECT_THROW((void)send({}, []() -> Result<http::Response> { throw std::runtime_error{"a fault"}; }),
               std::runtime_error);
  EXPECT_FALSE(send({.body = "second"}, []() -> Result<http::Response> { return overload(); }).ok());
  EXPECT_FALSE(send({.body = "third"}, []() -> Result<http::Response> { return validation_failed; }).ok());
  EXPECT_TRUE(send({.body = "fourth"}, []() -> Result<http::Response> { return http::Response{.status = 500}; }).ok());
  EXPECT_EQ(rows(), 0);
  EXPECT_FALSE(is_replay(send()));
  EXPECT_TRUE(is_replay(send()));
}

TEST_P(IdempotencyContract, what_was_done_is_answered_although_the_database_is_away_when_it_should_be_kept) {
  LeavingDatabase leaving{database()};
  Memory there{leaving, Secret{std::string(32, 'k')}, nonces, log};
  const auto answer = send_to(there, {}, [&]() -> Result<http::Response> {
    leaving.is_away = true;
    return created(++carried_out);
  });
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->body.text(), "{\"number\":1}");
  EXPECT_THROW((void)send_to(there, {}, count()), db::DatabaseError);
  leaving.is_away = false;
  const auto again = send_to(there, {.after = 1min}, count());
  EXPECT_TRUE(!again.ok() && again.error().is(http::idempotency_in_progress));
  EXPECT_TRUE(send_to(there, {.after = 2min}, count()).ok());
  EXPECT_EQ(carried_out, 2);
}

TEST_P(IdempotencyContract, day_is_over_after_a_day_whoever_sweeps) {
  send_before();
  EXPECT_TRUE(is_replay(send({.after = 24h - 1s})));
  EXPECT_FALSE(is_replay(send({.body = "another", .after = 24h})));
  EXPECT_EQ(rows(), 1);
  const auto sweep = sweep_job(database());
  EXPECT_TRUE(sweep.work(noon + 47h).ok());
  EXPECT_EQ(rows(), 1);
  EXPECT_TRUE(sweep.work(noon + 48h).ok());
  EXPECT_EQ(rows(), 0);
}

TEST_P(IdempotencyContract, what_a_clock_far_ahead_left_is_not_believed) {
  send_before({.after = 400 * 24h});
  EXPECT_FALSE(is_replay(send({.body = "another"})));
  send_before({.key = "of-the-clock", .after = 400 * 24h});
  EXPECT_TRUE(sweep_job(database()).work(noon).ok());
  EXPECT_EQ(rows(), 1);
}

TEST_P(IdempotencyContract, answer_that_is_too_large_is_answered_and_not_kept) {
  const auto answer = [](std::size_t size) {
    return [size]() -> Result<http::Response> {
      return http::Response{.status = 201, .headers = {}, .body = std::string(size, 'x')};
    };
  };
  EXPECT_TRUE(send({.key = "large"}, answer(largest_answer + 1)).ok());
  EXPECT_EQ(rows(), 0);
  EXPECT_TRUE(send({.key = "small"}, answer(largest_answer)).ok());
  EXPECT_EQ(send({.key = "small"})->body.text().size(), largest_answer);
}

TEST_P(IdempotencyContract, caller_has_500_keys_a_day_and_others_have_theirs) {
  send_before({.key = "first"});
  fill(most_of_a_caller - 1);
  const auto full = send({.key = "one-more", .after = 1h});
  ASSERT_FALSE(full.ok());
  EXPECT_TRUE(full.error().is(http::idempotency_full));
  EXPECT_EQ(full.error().retry_after, Duration{23h});
  EXPECT_EQ(carried_out, 1);
  EXPECT_TRUE(is_replay(send({.key = "first", .after = 1h})));
  EXPECT_TRUE(send({.key = "one-more", .address = "192.0.2.2", .after = 1h}).ok());
  EXPECT_TRUE(send({.key = "one-more", .after = 24h}).ok());
}

TEST_P(IdempotencyContract, who_is_refused_all_the_time_writes_no_more_for_a_minute) {
  const Run refuse = [&]() -> Result<http::Response> { return ++carried_out, validation_failed; };
  for (int i = 0; i < RefusedCallers::most; ++i) EXPECT_FALSE(send({.after = 10s}, refuse).ok());
  const auto answer = send({.after = 11s}, refuse);
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(answer.error().is(http::idempotency_full));
  EXPECT_EQ(answer.error().retry_after, Duration{59s});
  EXPECT_EQ(carried_out, RefusedCallers::most);
  EXPECT_TRUE(send({.address = "192.0.2.2", .after = 11s}).ok());
  EXPECT_TRUE(send({.after = 70s}).ok());
}

TEST_P(IdempotencyContract, of_many_at_once_in_two_processes_one_is_carried_out) {
  const auto other_database = reopen();
  Memory there{*other_database, Secret{std::string(32, 'k')}, nonces, log};
  for (int round = 0; round < 5; ++round) {
    carried_out = 0;
    std::atomic<int> answers = 0;
    testing_support::race(16, [&](int i) {
      const auto answer = send_to(i % 2 == 0 ? memory : there, {.key = "round-" + std::to_string(round)}, count());
      if (answer.ok()) {
        EXPECT_EQ(answer->body.text(), "{\"number\":1}");
      } else {
        EXPECT_TRUE(answer.error().is(http::idempotency_in_progress)) << answer.error().kind->code;
      }
      ++answers;
    });
    EXPECT_EQ(answers, 16);
    EXPECT_EQ(carried_out, 1);
  }
}

}  // namespace
}  // namespace cardea::idempotency
