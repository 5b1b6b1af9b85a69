#include "throttle/throttle.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "crypto/hash.hpp"
#include "encoding/base64.hpp"

namespace cardea::throttle {
namespace {

Duration wait_after(const Budget& budget, std::int64_t attempts_over) {
  Duration wait = budget.delay;
  for (std::int64_t i = 1; i < attempts_over && wait < budget.max_delay; ++i) wait *= 2;
  return std::min(wait, budget.max_delay);
}

// Attempts come back at a steady pace, however many are made meanwhile: each is due one `regain` after the one before.
State recovered(const Budget& budget, const State& state, Time now) {
  State out = state;
  const auto due = now > state.regained_at ? (now - state.regained_at) / budget.regain : 0;
  out.attempts = std::max<std::int64_t>(0, state.attempts - due);
  out.regained_at = out.attempts == 0 ? now : state.regained_at + budget.regain * due;
  return out;
}

// When nothing is left to remember; bounded, because the settings allow a product that is no time.
Time forget_at(const Budget& budget, const State& state) {
  constexpr Duration longest = std::chrono::hours{24 * 3650};
  const bool fits = state.attempts < longest / budget.regain;
  return std::max(state.blocked_until, state.regained_at + (fits ? budget.regain * (state.attempts + 1) : longest));
}

State load(db::Tx& tx, const crypto::Digest& key) {
  const auto row =
      tx.one("SELECT attempts, last_at, regained_at, blocked_until FROM throttle WHERE key_hash = $1", key);
  if (!row) return {};
  return {
      .attempts = row->integer(0), .last_at = row->time(1), .regained_at = row->time(2), .blocked_until = row->time(3)};
}

void store(db::Tx& tx, const Budget& budget, const crypto::Digest& key, const State& state) {
  tx.run(
      "INSERT INTO throttle (key_hash, attempts, last_at, regained_at, blocked_until, forget_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT (key_hash) DO UPDATE SET attempts = excluded.attempts, last_at = excluded.last_at, "
      "regained_at = excluded.regained_at, blocked_until = excluded.blocked_until, forget_at = excluded.forget_at",
      key, state.attempts, state.last_at, state.regained_at, state.blocked_until, forget_at(budget, state));
}

}  // namespace

void describe(config::Section& section, Budget& budget) {
  section.integer("free", budget.free, "Attempts before the first wait.", {.min = 1, .max = 1'000'000'000'000});
  section.span("regain", budget.regain, "One attempt comes back this often.", {.min = std::chrono::milliseconds{1}});
  section.span("delay", budget.delay, "The first wait; each further attempt doubles it.",
               {.min = std::chrono::milliseconds{1}});
  section.span("max_delay", budget.max_delay, "The longest wait.", {.min = std::chrono::milliseconds{1}});
}

Decision decide(const Budget& budget, const State& state, Time now) {
  if (now < state.blocked_until) return {.next = state, .admitted = false};
  State next = recovered(budget, state, now);
  next.attempts += 1;
  next.last_at = now;
  if (next.attempts >= budget.free) next.blocked_until = now + wait_after(budget, next.attempts - budget.free + 1);
  return {.next = next, .admitted = true};
}

Result<Duration> admit(db::Tx& tx, std::span<const Claim> claims, Time now) {
  std::vector<std::pair<crypto::Digest, State>> taken;
  for (const auto& claim : claims) {
    const auto key = crypto::sha256(claim.key);
    const auto decision = decide(claim.budget, load(tx, key), now);
    if (!decision.admitted) {
      Error error{rate_limited, claim.key.substr(0, claim.key.find(':'))};
      error.retry_after = decision.next.blocked_until - now;
      return error;
    }
    taken.emplace_back(key, decision.next);
  }
  Duration wait{0};
  for (std::size_t i = 0; i < taken.size(); ++i) {
    store(tx, claims[i].budget, taken[i].first, taken[i].second);
    wait = std::max(wait, taken[i].second.blocked_until - now);
  }
  return wait;
}

void give_back(db::Tx& tx, std::span<const Claim> claims, Time now) {
  for (const auto& claim : claims) {
    const auto key = crypto::sha256(claim.key);
    State state = load(tx, key);
    if (state.attempts == 0) continue;
    state.attempts -= 1;
    // Ends the wait that this very attempt began; one that a later attempt began is not ours to end.
    if (state.last_at == now) state.blocked_until = std::min(state.blocked_until, now);
    store(tx, claim.budget, key, state);
  }
}

void forget(db::Tx& tx, std::string_view key) {
  tx.run("DELETE FROM throttle WHERE key_hash = $1", crypto::sha256(key));
}

std::string address_key(std::string_view address) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET6, std::string{address}.c_str(), bytes.data()) != 1) return std::string{address};
  return encoding::hex(BytesView{bytes}.first(8));
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "throttle.sweep", .every = std::chrono::minutes{10}, .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM throttle WHERE key_hash IN "
                  "(SELECT key_hash FROM throttle WHERE forget_at < $1 LIMIT $2)",
                  now, jobs::batch_size);
            });
            return done;
          }};
}

}  // namespace cardea::throttle
