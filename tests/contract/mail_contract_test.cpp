// The outbox on both engines: what is put is sealed, sent once, withheld when it is too much and dropped when too late.

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "mail/mail.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::mail {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'795'435'200'000'000);

class SettableClock : public Clock {
 public:
  [[nodiscard]] Time now() const override { return at; }
  Time at = noon;
};

class Kept : public Transport {
 public:
  Result<Done> send(const Message& message, const jobs::Item&) override {
    sent.push_back(message);
    return done;
  }
  std::vector<Message> sent;
};

const page::Language& english() { return page::english(); }

/// A server that cannot be reached, or takes no letter, or takes them.
class Failing : public Transport {
 public:
  Result<Done> send(const Message&, const jobs::Item&) override {
    if (with == nullptr) return done;
    return Error{*with, "test"};
  }
  const ErrorKind* with = &not_reached;
};

class MailContract : public testing_support::OnEngine {
 protected:
  Outbox outbox(const Settings& settings) {
    return Outbox{settings,
                  {.brand = "Acme", .url = "https://auth.example.org"},
                  Secret{std::string(32, 'k')},
                  {queue_, random_, metrics_}};
  }
  bool put(const Outbox& outbox, std::string_view to, const Letter& letter, Duration lifetime = 24h) {
    return database().write([&](db::Tx& tx) {
      return outbox.put(tx, Address::parse(to).value(), letter, page::Words{english(), strings_}, noon, lifetime);
    });
  }
  std::vector<std::string> payloads() {
    std::vector<std::string> found;
    database().read([&](db::Tx& tx) {
      for (const auto& row : tx.all("SELECT payload FROM job ORDER BY id")) found.push_back(row.text(0));
    });
    return found;
  }

  testing_support::SeededRandom random_{1};
  jobs::Queue queue_{random_};
  observe::Metrics metrics_;
  page::Strings strings_;
  Settings settings_ = [] {
    Settings settings;
    settings.has_mailbox = true;
    return settings;
  }();
};

INSTANTIATE_TEST_SUITE_P(engines, MailContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(MailContract, what_waits_is_sealed_and_opens_for_the_worker) {
  const auto box = outbox(settings_);
  ASSERT_TRUE(put(box, "ada@example.com", {.subject = "Code", .before = {"Hello"}, .code = "482913"}));
  const auto waiting = payloads();
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(waiting.front().find("482913"), std::string::npos);
  Kept kept;
  SettableClock clock;
  const auto worker = box.worker(kept, clock);
  EXPECT_TRUE(worker.work({.id = {}, .payload = waiting.front()}).ok());
  ASSERT_EQ(kept.sent.size(), 1U);
  EXPECT_EQ(kept.sent.front().code, "482913");
  EXPECT_NE(kept.sent.front().text.find("482913"), std::string::npos);
  auto broken = waiting.front();
  broken[20] = broken[20] == 'A' ? 'B' : 'A';
  EXPECT_THROW((void)worker.work({.id = {}, .payload = broken}), std::runtime_error);
}

TEST_P(MailContract, nothing_is_put_by_what_is_rolled_back) {
  const auto box = outbox(settings_);
  const auto failed = database().write([&](db::Tx& tx) -> Result<Done> {
    box.put(tx, Address::parse("ada@example.com").value(), {.subject = "x", .before = {}},
            page::Words{english(), strings_}, noon);
    return not_found;
  });
  EXPECT_FALSE(failed.ok());
  EXPECT_TRUE(payloads().empty());
}

TEST_P(MailContract, server_that_is_out_of_reach_for_minutes_is_not_waited_for) {
  const auto box = outbox(settings_);
  ASSERT_TRUE(put(box, "ada@example.com", {.subject = "x", .before = {}}));
  const auto payload = payloads().front();
  Failing server;
  SettableClock clock;
  const auto worker = box.worker(server, clock);
  const auto attempt = [&] { (void)worker.work({.id = {}, .payload = payload}); };
  EXPECT_TRUE(box.is_working(clock.at));
  attempt();
  EXPECT_TRUE(box.is_working(clock.at + 2min - 1us)) << "a moment is no failure";
  EXPECT_FALSE(box.is_working(clock.at + 2min));
  clock.at += 5min;
  attempt();
  EXPECT_FALSE(box.is_working(clock.at));
  EXPECT_FALSE(box.is_working(clock.at + 30min));
  EXPECT_TRUE(box.is_working(clock.at + 30min + 1us)) << "nobody has tried since";
  server.with = nullptr;
  attempt();
  EXPECT_TRUE(box.is_working(clock.at));
  // What is wrong with one letter, which somebody may do on purpose, says nothing of the others.
  server.with = &not_found;
  attempt();
  EXPECT_TRUE(box.is_working(clock.at + 5min));
  settings_.has_mailbox = false;
  EXPECT_FALSE(box.is_working(clock.at)) << "there is none";
}

TEST_P(MailContract, one_address_gets_so_many_whatever_its_spelling) {
  const auto box = outbox(settings_);
  int put_count = 0;
  for (int i = 0; i < 30; ++i) {
    put_count += put(box, i % 2 == 0 ? "ada@example.com" : "ADA@Example.com", {.subject = "x", .before = {}}) ? 1 : 0;
  }
  EXPECT_LE(put_count, settings_.address.free + 1);
  EXPECT_TRUE(put(box, "bob@example.com", {.subject = "x", .before = {}})) << "others are not affected";
}

TEST_P(MailContract, a_letter_that_comes_too_late_is_dropped) {
  const auto box = outbox(settings_);
  ASSERT_TRUE(put(box, "ada@example.com", {.subject = "x", .before = {}}, 20min));
  Kept kept;
  SettableClock clock;
  clock.at = noon + 20min + 1s;
  EXPECT_TRUE(box.worker(kept, clock).work({.id = {}, .payload = payloads().front()}).ok());
  EXPECT_TRUE(kept.sent.empty());
}

TEST_P(MailContract, markup_is_shown_as_it_is_typed_and_links_lead_here_alone) {
  const auto box = outbox(settings_);
  ASSERT_TRUE(put(box, "ada@example.com", {.subject = "<b>x</b>", .before = {"<script>alert(1)</script>"}}));
  Kept kept;
  SettableClock clock;
  ASSERT_TRUE(box.worker(kept, clock).work({.id = {}, .payload = payloads().front()}).ok());
  EXPECT_EQ(kept.sent.front().html.find("<script>"), std::string::npos);
  EXPECT_THROW(put(box, "ada@example.com",
                   {.subject = "x", .before = {}, .link = Link{.label = "Go", .url = "https://evil.example/"}}),
               std::invalid_argument);
  EXPECT_THROW(
      put(box, "ada@example.com",
          {.subject = "x", .before = {}, .link = Link{.label = "Go", .url = "https://auth.example.org.evil.example/"}}),
      std::invalid_argument);
}

}  // namespace
}  // namespace cardea::mail
