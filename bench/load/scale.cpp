// What a sign-in's look-up and a page of the leaderboard cost, by how many accounts there are.
//   bench_scale fill URL COUNT      makes COUNT accounts
//   bench_scale measure URL COUNT   prints microseconds of the bare reads: look-up, leaderboard page deep in the list

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string_view>

#include "app/real_clock.hpp"
#include "crypto/argon2.hpp"
#include "crypto/system_random.hpp"
#include "db/migrate.hpp"
#include "identity/listing.hpp"
#include "password/password.hpp"

namespace {

using namespace cardea;

std::string uid_of(long number) { return fmt::format("player-{:07}", number); }

void fill(db::Database& database, long count) {
  crypto::SystemRandom random;
  app::RealClock clock;
  std::mt19937_64 coins{7};
  const identity::Settings settings;
  const auto hash = crypto::argon2id("correct horse battery", {.memory_kib = 8, .passes = 1}, random);
  db::migrate(database, db::embedded_migrations(), clock.now());
  identity::prepare_ranks(database, settings);
  constexpr long batch = 2000;
  for (long first = 0; first < count; first += batch) {
    database.write([&](db::Tx& tx) {
      for (long i = first; i < std::min(count, first + batch); ++i) {
        std::vector<FieldError> problems;
        auto draft = identity::check_new(settings, {.name = "Player " + std::to_string(i), .uid = uid_of(i)},
                                         clock.now(), problems);
        draft.profile["coins"] = static_cast<std::int64_t>(coins() % 1'000'000);
        const auto account = identity::create(tx, draft, clock.now(), random);
        if (!account) std::abort();
        password::store(tx, account->id, hash, clock.now());
      }
    });
  }
}

template <class Work>
double median_micros(int rounds, Work work) {
  std::vector<double> spans;
  for (int i = 0; i < rounds; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    spans.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun).count());
  }
  std::nth_element(spans.begin(), spans.begin() + rounds / 2, spans.end());
  return spans[static_cast<std::size_t>(rounds / 2)];
}

void measure(db::Database& database, long count) {
  std::mt19937_64 pick{11};
  const identity::Order order{.field = "coins", .descending = true};
  const double look_up = median_micros(4000, [&] {
    const auto uid = uid_of(static_cast<long>(pick() % static_cast<unsigned long>(count)));
    const bool found = database.read([&](db::Tx& tx) {
      const auto account = identity::find_by_identifier(tx, uid);
      return account && password::find(tx, account->id);
    });
    if (!found) std::abort();
  });
  const double page = median_micros(1000, [&] {
    // Deep in the list: an OFFSET would pay for everything before it.
    const identity::Position after{.value = static_cast<std::int64_t>(pick() % 1'000'000), .id = AccountId{}};
    int shown = 0;
    database.read([&](db::Tx& tx) { identity::list(tx, order, after, 50, [&](const auto&) { ++shown; }); });
    if (shown == 0 && after.value > 100'000) std::abort();
  });
  fmt::print("{:.1f} {:.1f}\n", look_up, page);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto database = db::open(argv[2], {.readers = 1, .pool = 1});
  const long count = std::atol(argv[3]);
  if (std::string_view{argv[1]} == "fill") {
    fill(*database, count);
  } else {
    measure(*database, count);
  }
  return 0;
}
