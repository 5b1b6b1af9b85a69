#include "throttle/throttle.hpp"

#include <algorithm>

#include "crypto/hash.hpp"

namespace cardea::throttle {
namespace {

Duration wait_after(const Budget& budget, std::int64_t doublings) {
  if (doublings > 61 || budget.delay.count() > (budget.max_delay.count() >> doublings)) return budget.max_delay;
  return Duration{budget.delay.count() << doublings};
}

// Attempts come back at a steady pace, however many are made meanwhile: each is due one `regain` after the one before.
State recovered(const Budget& budget, const State& state, Time now) {
  const Time since = std::min(state.regained_at, now);  // it lies ahead only when the clock went back
  const std::int64_t due = (now - since) / budget.regain;
  State out = state;
  out.attempts = std::max<std::int64_t>(0, state.attempts - due);
  out.regained_at = state.attempts > due ? since + budget.regain * due : now;
  return out;
}

}  // namespace

void describe(config::Section& section, Budget& budget) {
  section.integer("free", budget.free, "Attempts before the first wait.", {.min = 1, .max = 1'000'000'000'000});
  section.span("regain", budget.regain, "One attempt comes back this often.", {.min = std::chrono::milliseconds{1}});
  section.span("delay", budget.delay, "The first wait; each further attempt doubles it.",
               {.min = std::chrono::milliseconds{1}});
  section.span("max_delay", budget.max_delay, "The longest wait.", {.min = std::chrono::milliseconds{1}});
}

Decision decide(const Budget& budget, const State& state, Time now, std::int64_t amount) {
  const Duration wait = state.blocked_until - now;
  if (wait > Duration{0} && wait <= budget.max_delay) return {.next = state, .granted = false};
  State next = recovered(budget, state, now);
  if (wait > budget.max_delay) {
    next.last_at = {};  // no attempt that may be given back began this wait
    next.blocked_until = now + budget.max_delay;
    return {.next = next, .granted = false};
  }
  next.attempts += amount;
  next.last_at = now;
  if (next.attempts >= budget.free) next.blocked_until = now + wait_after(budget, next.attempts - budget.free);
  return {.next = next, .granted = true};
}

State without(const State& state, Time attempt, std::int64_t amount) {
  if (state.attempts == 0) return state;
  State out = state;
  out.attempts = std::max<std::int64_t>(0, out.attempts - amount);
  if (state.last_at == attempt) out.blocked_until = std::min(state.blocked_until, attempt);
  return out;
}

Time forget_at(const Budget& budget, const State& state) {
  // Bounded, because the settings allow a product that is no time.
  constexpr Duration longest = std::chrono::hours{24 * 3650};
  const bool fits = state.attempts < longest / budget.regain;
  return std::max(state.blocked_until, state.regained_at + (fits ? budget.regain * (state.attempts + 1) : longest));
}

Duration Charged::longest() const {
  return waits.empty() ? Duration{0} : *std::max_element(waits.begin(), waits.end());
}

std::vector<Charge> network_charges(const Budget& budget, std::string_view key, const ClientNetwork& network) {
  std::vector<Charge> charges;
  const std::size_t widths = network.has_widths() ? ClientNetwork::widths : 1;
  for (std::size_t i = 0; i < widths; ++i) {
    Budget own = budget;
    own.free *= static_cast<std::int64_t>(i + 1);
    own.regain = std::max<Duration>(Duration{1}, own.regain / static_cast<std::int64_t>(i + 1));
    charges.push_back({.budget = own, .key = std::string{key} + ":" + network.text(ClientNetwork::widths - 1 - i)});
  }
  return charges;
}

Charge whole_charge(const Budget& budget, std::string_view key, std::string_view address) {
  return {.budget = budget,
          .key = std::string{key} + ":" + std::to_string(crypto::sha256(address)[0] & 15U),
          .is_shared = true};
}

}  // namespace cardea::throttle
