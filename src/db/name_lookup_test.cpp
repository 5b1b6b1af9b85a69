#include "db/name_lookup.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <memory>

namespace cardea::db::postgres {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

Wait for_at_most(std::chrono::milliseconds span, const EndOfWaits* ends = nullptr) {
  return {.deadline = std::chrono::steady_clock::now() + span, .ends = ends};
}

/// A name server that does not answer before it is let go.
struct Silent {
  std::shared_ptr<std::latch> answers = std::make_shared<std::latch>(1);
  ~Silent() { answers->count_down(); }
  [[nodiscard]] Lookup lookup() const {
    return [answers = answers](const std::string&) { answers->wait(); };
  }
};

TEST(NameLookup, names_are_those_that_a_name_server_is_asked_for) {
  const auto names = [](std::string_view url) { return names_in(Secret{url}); };
  EXPECT_EQ(names("postgres://ann:pass@db.internal:5432/cardea"), Names{"db.internal"});
  EXPECT_EQ(names("postgres://one,127.0.0.1,two:5433/cardea"), (Names{"one", "two"}));
  EXPECT_EQ(names("host=db.internal dbname=cardea"), Names{"db.internal"});
  EXPECT_EQ(names("host=db.internal hostaddr=192.0.2.1"), Names{});
  for (const auto* none : {"postgres://192.0.2.1/cardea", "postgres://[2001:db8::1]/cardea", "postgres:///cardea",
                           "postgres:///cardea?host=/run/postgresql", "host=@abstract", "host=fe80::1%eth0"}) {
    EXPECT_EQ(names(none), Names{}) << none;
  }
}

TEST(NameLookup, is_awaited_when_it_comes_in_time_however_it_ends) {
  EXPECT_TRUE(await_names(Names{}, for_at_most(0ms)));
  EXPECT_TRUE(await_names(Names{"localhost"}, for_at_most(1min)));
  Names asked;
  EXPECT_TRUE(
      await_names(Names{"one", "two"}, for_at_most(1min), [&](const std::string& name) { asked.push_back(name); }));
  EXPECT_EQ(asked, (Names{"one", "two"}));
}

TEST(NameLookup, that_gets_no_answer_is_given_up) {
  const Silent server;
  EXPECT_FALSE(await_names(Names{"db.internal"}, for_at_most(10ms), server.lookup()));
}

TEST(NameLookup, that_gets_no_answer_is_given_up_when_all_waits_end) {
  const Silent server;
  EndOfWaits ends;
  ends.set(std::chrono::steady_clock::now());
  EXPECT_FALSE(await_names(Names{"db.internal"}, for_at_most(1h, &ends), server.lookup()));
}

}  // namespace
}  // namespace cardea::db::postgres
