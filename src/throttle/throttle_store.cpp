#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <variant>

#include "crypto/hash.hpp"
#include "throttle/throttle.hpp"

namespace cardea::throttle {
namespace {

// A clock less far ahead is another machine's, whose rows are as good as ours.
constexpr Duration far = std::chrono::hours{1};

constexpr Duration turn_is_kept_for = std::chrono::minutes{2};

/// A charge as a statement takes it. It has `most_charges` places; the keys of unused ones are NULL.
struct Place {
  std::optional<crypto::Digest> key = {};
  Budget budget = {};
  std::size_t number = 0;  // of the charge among those of the attempt
  std::int64_t amount = 0;  // taken, or given back; 0: all is forgotten
};
using Places = std::array<Place, most_charges>;

void put(Places& places, std::size_t number, const Charge& charge, std::int64_t amount) {
  if (number >= most_charges) throw std::invalid_argument("more charges than an attempt may have");
  const auto key = crypto::sha256(charge.key);
  const auto is_same = [&](const Place& place) { return place.key == key; };
  if (std::any_of(places.begin(), places.end(), is_same)) throw std::invalid_argument("one key charged twice");
  places[number] = {.key = key, .budget = charge.budget, .number = number, .amount = amount};
}

/// In the order of their keys, unused ones first.
Places sorted(Places places) {
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.key < b.key; });
  return places;
}

Places places_of(std::span<const Charge> charges) {
  Places places;
  for (std::size_t i = 0; i < charges.size(); ++i) put(places, i, charges[i], charges[i].amount);
  return sorted(places);
}

Places places_of(const Settlement& settlement) {
  Places places;
  std::size_t number = 0;
  for (const auto& charge : settlement.give_back) put(places, number++, charge, charge.amount);
  for (const auto& charge : settlement.forget) put(places, number++, charge, 0);
  return sorted(places);
}

// `decide` as one statement. `found` is what the charges meet; where one of them has to wait no row is touched, except
// for a wait that no right clock began. A rival may have begun a wait since: the row itself is asked again when it is
// locked, and then it is missing from the answer. Rows are locked in the order in which they are named, that of their
// keys, so that no two attempts wait for each other. 315360000000000 is ten years, as in forget_at.
constexpr char take[] =
    "WITH charge (key_hash, free, regain, delay, max_delay, amount) AS ("
    // The first select has no rows: it tells the types of the others.
    "  SELECT key_hash, free, regain, delay, max_delay, attempts FROM throttle WHERE 1 = 0"
    "  UNION ALL SELECT $2, $3, $4, $5, $6, $7 UNION ALL SELECT $8, $9, $10, $11, $12, $13"
    "  UNION ALL SELECT $14, $15, $16, $17, $18, $19 UNION ALL SELECT $20, $21, $22, $23, $24, $25"
    "  UNION ALL SELECT $26, $27, $28, $29, $30, $31 UNION ALL SELECT $32, $33, $34, $35, $36, $37"
    "  UNION ALL SELECT $38, $39, $40, $41, $42, $43 UNION ALL SELECT $44, $45, $46, $47, $48, $49"
    "), found AS ("
    "  SELECT charge.key_hash, charge.free, charge.regain, charge.delay, charge.max_delay, charge.amount,"
    "    (SELECT throttle.blocked_until FROM throttle WHERE throttle.key_hash = charge.key_hash) - $1 AS wait,"
    "    CASE WHEN charge.free > charge.amount THEN 0"
    "         WHEN charge.amount - charge.free > 61 THEN $1 + charge.max_delay"
    "         WHEN charge.delay > charge.max_delay >> CAST(charge.amount - charge.free AS INTEGER)"
    "           THEN $1 + charge.max_delay"
    "         ELSE $1 + (charge.delay << CAST(charge.amount - charge.free AS INTEGER)) END AS blocked_until,"
    "    $1 + CASE WHEN charge.amount < 315360000000000 / charge.regain THEN charge.regain * (charge.amount + 1)"
    "              ELSE 315360000000000 END AS whole_at"
    "  FROM charge WHERE charge.key_hash IS NOT NULL"
    ") "
    "INSERT INTO throttle (key_hash, attempts, last_at, regained_at, blocked_until, forget_at,"
    "  free, regain, delay, max_delay) "
    "SELECT key_hash, amount, $1, $1, blocked_until,"
    "  CASE WHEN blocked_until > whole_at THEN blocked_until ELSE whole_at END,"
    "  free, regain, delay, max_delay "
    "FROM found WHERE wait > max_delay OR NOT EXISTS (SELECT 1 FROM found WHERE wait > 0) "
    "ON CONFLICT (key_hash) DO UPDATE SET "
    "  (attempts, last_at, regained_at, blocked_until, forget_at, free, regain, delay, max_delay) = ("
    "  SELECT attempts, last_at, regained_at, blocked_until,"
    "    CASE WHEN blocked_until > regained_at + memory THEN blocked_until ELSE regained_at + memory END,"
    "    excluded.free, excluded.regain, excluded.delay, excluded.max_delay"
    "  FROM (SELECT attempts, regained_at,"
    "      CASE WHEN is_far THEN 0 ELSE excluded.last_at END AS last_at,"
    "      CASE WHEN is_far THEN excluded.last_at + excluded.max_delay"
    "           WHEN attempts < excluded.free THEN throttle.blocked_until"
    "           WHEN attempts - excluded.free > 61 THEN excluded.last_at + excluded.max_delay"
    "           WHEN excluded.delay > excluded.max_delay >> CAST(attempts - excluded.free AS INTEGER)"
    "             THEN excluded.last_at + excluded.max_delay"
    "           ELSE excluded.last_at + (excluded.delay << CAST(attempts - excluded.free AS INTEGER))"
    "      END AS blocked_until,"
    "      CASE WHEN attempts < 315360000000000 / excluded.regain THEN excluded.regain * (attempts + 1)"
    "           ELSE 315360000000000 END AS memory"
    "    FROM (SELECT is_far,"
    "        CASE WHEN throttle.attempts > due THEN throttle.attempts - due ELSE 0 END"
    "          + CASE WHEN is_far THEN 0 ELSE excluded.attempts END AS attempts,"
    "        CASE WHEN throttle.attempts > due THEN since + excluded.regain * due ELSE excluded.last_at END"
    "          AS regained_at"
    "      FROM (SELECT is_far, since, (excluded.last_at - since) / excluded.regain AS due"
    "        FROM (SELECT throttle.blocked_until > excluded.last_at AS is_far,"
    "            CASE WHEN throttle.regained_at < excluded.last_at THEN throttle.regained_at"
    "                 ELSE excluded.last_at END AS since) AS clock) AS regained) AS counted) AS next) "
    "WHERE throttle.blocked_until <= excluded.last_at"
    "  OR throttle.blocked_until - excluded.last_at > excluded.max_delay "
    "RETURNING key_hash, blocked_until, last_at, attempts, regained_at";

// `without` as one statement: an upsert and not an update, because it takes its rows in the order in which they are
// named. `attempts` says what becomes of a row: so many attempts less, or with 0 none left. What it would insert, were
// the row swept meanwhile, is a row that remembers nothing, because all of it has come back long ago.
constexpr char untake[] =
    "WITH settled (key_hash, attempts) AS ("
    "  SELECT key_hash, attempts FROM throttle WHERE 1 = 0"
    "  UNION ALL SELECT $2, $3 UNION ALL SELECT $4, $5 UNION ALL SELECT $6, $7 UNION ALL SELECT $8, $9"
    "  UNION ALL SELECT $10, $11 UNION ALL SELECT $12, $13 UNION ALL SELECT $14, $15 UNION ALL SELECT $16, $17"
    ") "
    "INSERT INTO throttle (key_hash, attempts, last_at, regained_at, blocked_until, forget_at,"
    "  free, regain, delay, max_delay) "
    "SELECT key_hash, attempts, 0, 0, 0, 0, 1, 1, 1, 1 FROM settled "
    "WHERE (SELECT 1 FROM throttle WHERE throttle.key_hash = settled.key_hash) = 1 "
    "ON CONFLICT (key_hash) DO UPDATE SET "
    "  attempts = CASE WHEN excluded.attempts = 0 OR throttle.attempts < excluded.attempts THEN 0"
    "    ELSE throttle.attempts - excluded.attempts END,"
    "  blocked_until = CASE WHEN excluded.attempts = 0 THEN 0"
    "    WHEN throttle.attempts > 0 AND throttle.last_at = $1 AND throttle.blocked_until > $1 THEN $1"
    "    ELSE throttle.blocked_until END,"
    "  forget_at = CASE WHEN excluded.attempts = 0 THEN 0 ELSE throttle.forget_at END";

/// "signin" of "signin.account:…": which of several budgets it is may tell what is known of somebody.
std::string policy_of(std::string_view key) { return std::string{key.substr(0, key.find('.'))}; }

const db::Row* row_of(const db::Rows& rows, const Place& place) {
  const auto is_its = [&](const db::Row& row) { return row.bytes(0) == to_bytes(*place.key); };
  const auto found = std::find_if(rows.begin(), rows.end(), is_its);
  return found == rows.end() ? nullptr : &*found;
}

Allowance allowance_of(const Charge& charge, const db::Row& row, Duration wait, Time now) {
  constexpr Duration longest = std::chrono::hours{24 * 3650};
  const auto& [free, regain, delay, max_delay] = charge.budget;
  const auto span = [&](std::int64_t attempts) { return attempts < longest / regain ? regain * attempts : longest; };
  const std::int64_t attempts = row.integer(3);
  const std::int64_t left = std::max<std::int64_t>(0, free - attempts);
  const Duration whole_in = std::max(Duration{0}, row.time(4) + span(attempts) - now);
  return {.policy = policy_of(charge.key),
          .quota = free,
          .window = span(free),
          .left = left,
          .reset = left == 0 ? wait : whole_in};
}

/// Runs a statement within a transaction, or by itself.
template <class... Args>
db::Rows run(db::Tx& tx, db::Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
  return tx.all<Args...>(sql, args...);
}
template <class... Args>
db::Rows run(db::Database& database, db::Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
  return database.write_all<Args...>(sql, args...);
}

template <class Db>
db::Rows run_take(Db& db, const Places& places, Time now) {
  const auto& [a, b, c, d, e, f, g, h] = places;
  return run(db, take, now,  //
             a.key, a.budget.free, a.budget.regain, a.budget.delay, a.budget.max_delay, a.amount,  //
             b.key, b.budget.free, b.budget.regain, b.budget.delay, b.budget.max_delay, b.amount,  //
             c.key, c.budget.free, c.budget.regain, c.budget.delay, c.budget.max_delay, c.amount,  //
             d.key, d.budget.free, d.budget.regain, d.budget.delay, d.budget.max_delay, d.amount,  //
             e.key, e.budget.free, e.budget.regain, e.budget.delay, e.budget.max_delay, e.amount,  //
             f.key, f.budget.free, f.budget.regain, f.budget.delay, f.budget.max_delay, f.amount,  //
             g.key, g.budget.free, g.budget.regain, g.budget.delay, g.budget.max_delay, g.amount,  //
             h.key, h.budget.free, h.budget.regain, h.budget.delay, h.budget.max_delay, h.amount);
}

/// Runs a statement for its effect: within a transaction whenever it suits, or by itself.
template <class... Args>
void run_for_effect(db::Tx& tx, db::Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
  tx.later<Args...>(sql, args...);
}
template <class... Args>
void run_for_effect(db::Database& database, db::Sql<std::type_identity_t<Args>...> sql, const Args&... args) {
  database.run<Args...>(sql, args...);
}

template <class Db>
void run_untake(Db& db, const Places& places, Time attempt) {
  const auto& [a, b, c, d, e, f, g, h] = places;
  run_for_effect(db, untake, attempt, a.key, a.amount, b.key, b.amount, c.key, c.amount, d.key, d.amount,  //
                 e.key, e.amount, f.key, f.amount, g.key, g.amount, h.key, h.amount);
}

/// The first charge that has to wait.
struct Refusal {
  std::size_t number = 0;
  Duration wait = {};
};

/// `key` is told up to its colon: the rest is somebody's.
Error to_error(std::string_view key, Duration wait) {
  Error error{rate_limited, std::string{key.substr(0, key.find(':'))}};
  error.retry_after = wait;
  return error;
}

template <class Db>
Refusal why_refused(Db& db, const Places& places, Time now) {
  const auto& [a, b, c, d, e, f, g, h] = places;
  const auto rows = run(db,
                        "SELECT key_hash, blocked_until FROM throttle "
                        "WHERE key_hash IN ($1, $2, $3, $4, $5, $6, $7, $8) AND blocked_until > $9",
                        a.key, b.key, c.key, d.key, e.key, f.key, g.key, h.key, now);
  std::optional<Refusal> first;
  for (const auto& place : places) {
    const auto* row = place.key ? row_of(rows, place) : nullptr;
    if (row == nullptr || (first && first->number < place.number)) continue;
    first = Refusal{.number = place.number, .wait = row->time(1) - now};
  }
  return first.value_or(Refusal{.wait = places.back().budget.delay});  // it was ended before it could be read
}

template <class Db>
std::variant<Charged, Refusal> charge_on(Db& db, std::span<const Charge> charges, Time now) {
  const auto places = places_of(charges);
  const auto rows = run_take(db, places, now);
  Charged charged{.waits = std::vector<Duration>(charges.size())};
  Places taken;
  std::size_t count = 0;
  for (const auto& place : places) {
    const auto* row = place.key ? row_of(rows, place) : nullptr;
    if (row == nullptr || row->time(2) != now) continue;
    taken.at(count++) = place;
    const Duration wait = std::max(Duration{0}, row->time(1) - now);
    charged.waits.at(place.number) = wait;
    const Charge& charge = charges[place.number];
    if (charge.is_told && !charge.is_shared) charged.left.push_back(allowance_of(charge, *row, wait, now));
  }
  if (count == charges.size()) return charged;
  if (count > 0) run_untake(db, sorted(taken), now);
  return why_refused(db, places, now);
}

Result<Charged> to_result(std::variant<Charged, Refusal> outcome, std::span<const Charge> charges) {
  if (auto* charged = std::get_if<Charged>(&outcome)) return std::move(*charged);
  const auto& refusal = std::get<Refusal>(outcome);
  return to_error(charges[refusal.number].key, refusal.wait);
}

template <class Db>
void settle_on(Db& db, const Settlement& settlement, Time attempt) {
  if (settlement.give_back.empty() && settlement.forget.empty()) return;
  run_untake(db, places_of(settlement), attempt);
}

void tell(const Context& context, const Charged& charged) {
  if (context.allowances == nullptr) return;
  for (const Allowance& allowance : charged.left) context.allowances->tell(allowance);
}

void tell(const Context& context, const Error& refusal) {
  if (context.allowances == nullptr || !refusal.retry_after) return;
  context.allowances->tell({.policy = policy_of(refusal.detail), .reset = *refusal.retry_after});
}

Result<Charged> told(const Context& context, Result<Charged> outcome) {
  outcome.ok() ? tell(context, *outcome) : tell(context, outcome.error());
  return outcome;
}

/// How long to wait still; absent when the wait is over, and then the next one begins anew.
std::optional<Duration> wait_turn(db::Database& database, const Turn& turn, Time now) {
  const auto key = crypto::sha256(turn.key);
  const auto had = database.write_one(
      "DELETE FROM throttle WHERE key_hash = $1 AND blocked_until <= $2 AND forget_at > $2 RETURNING key_hash", key,
      now);
  if (had) return std::nullopt;
  const Time due = now + turn.wait;
  const auto row = database.write_one(
      "INSERT INTO throttle (key_hash, attempts, last_at, regained_at, blocked_until, forget_at,"
      "  free, regain, delay, max_delay) "
      "VALUES ($1, 0, $2, $2, $3, $4, 1, $5, $5, $5) "
      "ON CONFLICT (key_hash) DO UPDATE SET "
      "  blocked_until = CASE WHEN throttle.forget_at <= $2 OR throttle.blocked_until > $3 THEN $3"
      "    ELSE throttle.blocked_until END,"
      "  forget_at = CASE WHEN throttle.forget_at <= $2 OR throttle.blocked_until > $3 THEN $4"
      "    ELSE throttle.forget_at END "
      "RETURNING blocked_until",
      key, now, due, due + turn_is_kept_for, turn.wait);
  return std::max(Duration{0}, row->time(0) - now);
}

/// A few rows that lie together, and whether one of them is to go.
struct Stretch {
  Bytes last;
  bool is_due = false;
};

std::optional<Stretch> stretch_after(db::Database& database, const Bytes& after, Time now) {
  const auto rows = database.read_all(
      "SELECT key_hash, CASE WHEN forget_at < $1 OR last_at > $2 OR blocked_until - max_delay > $2 THEN 1 ELSE 0 END "
      "FROM throttle WHERE key_hash > $3 ORDER BY key_hash LIMIT $4",
      now, now + far, after, jobs::batch_size);
  if (rows.empty()) return std::nullopt;
  const auto is_due = [](const db::Row& row) { return row.flag(1); };
  return Stretch{.last = rows.back().bytes(0), .is_due = std::any_of(rows.begin(), rows.end(), is_due)};
}

}  // namespace

Result<Charged> charge(db::Tx& tx, std::span<const Charge> charges, Time now) {
  return to_result(charge_on(tx, charges, now), charges);
}
Result<Charged> charge(db::Database& database, std::span<const Charge> charges, Time now) {
  return to_result(charge_on(database, charges, now), charges);
}

Result<Charged> charge(db::Database& database, std::span<const Charge> charges, const Context& context) {
  return told(context, charge(database, charges, context.now));
}

std::optional<Error> recall(const Refusals& refusals, std::span<const Charge> charges, const Turn& turn,
                            const Context& context) {
  auto refusal = recall(refusals, charges, turn, context.now);
  if (refusal) tell(context, *refusal);
  return refusal;
}

std::optional<Error> recall(const Refusals& refusals, std::span<const Charge> charges, const Turn& turn, Time now) {
  for (const auto& charge : charges) {
    if (const auto wait = refusals.wait(charge.key, now)) return to_error(charge.key, *wait);
  }
  if (const auto wait = refusals.wait(turn.key, now)) return to_error(turn.key, *wait);
  return std::nullopt;
}

Result<Charged> charge_in_turn(db::Database& database, Refusals& refusals, std::vector<Charge>& charges,
                               const Turn& turn, Time now) {
  if (auto known = recall(refusals, charges, turn, now)) return *std::move(known);
  const auto refuse = [&](std::string_view key, Duration wait) {
    refusals.remember(key, wait, now);
    return to_error(key, wait);
  };
  auto outcome = charge_on(database, charges, now);
  const auto* refusal = std::get_if<Refusal>(&outcome);
  if (refusal == nullptr) return std::get<Charged>(std::move(outcome));
  if (!charges[refusal->number].is_shared) return refuse(charges[refusal->number].key, refusal->wait);
  if (const auto left = wait_turn(database, turn, now)) return refuse(turn.key, *left);
  std::erase_if(charges, [](const Charge& charge) { return charge.is_shared; });
  return charge(database, charges, now);
}

Result<Charged> charge_in_turn(db::Database& database, Refusals& refusals, std::vector<Charge>& charges,
                               const Turn& turn, const Context& context) {
  return told(context, charge_in_turn(database, refusals, charges, turn, context.now));
}

void settle(db::Tx& tx, const Settlement& settlement, Time attempt) { settle_on(tx, settlement, attempt); }
void settle(db::Database& database, const Settlement& settlement, Time attempt) {
  settle_on(database, settlement, attempt);
}

void forget_all(db::Tx& tx) { tx.run("DELETE FROM throttle"); }

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "throttle.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            // All of the table is read, where nobody waits for it: an index by time would have to be written by every
            // attempt, and on PostgreSQL would have each leave a dead row behind in two of them.
            Bytes after;
            while (const auto stretch = stretch_after(database, after, now)) {
              if (stretch->is_due) {
                database.run(
                    "DELETE FROM throttle WHERE key_hash > $1 AND key_hash <= $2 "
                    "AND (forget_at < $3 OR last_at > $4 OR blocked_until - max_delay > $4)",
                    after, stretch->last, now, now + far);
              }
              after = stretch->last;
            }
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::throttle
