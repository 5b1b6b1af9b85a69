#include "session/session.hpp"

#include <algorithm>
#include <span>

#include "crypto/opaque_token.hpp"

namespace cardea::session {
namespace {

constexpr std::size_t longest_user_agent = 300;

// A client may send any octets; a column of text takes only some of them, and so does JSON.
std::string as_plain_text(std::string_view user_agent) {
  std::string text{user_agent.substr(0, longest_user_agent)};
  const auto is_odd = [](char c) { return c < ' ' || c > '~'; };
  std::replace_if(text.begin(), text.end(), is_odd, '?');
  return text;
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.span("idle", settings.idle, "A session unused for this long ends.", {.min = std::chrono::minutes{1}});
  section.span("max", settings.absolute, "A session ends this long after it began, used or not.",
               {.min = std::chrono::minutes{1}});
  section.span("recent", settings.recent,
               "How long a shown password allows changing password and e-mail or deleting the account.",
               {.min = std::chrono::minutes{1}, .max = std::chrono::hours{1}});
  section.span("trust_cache", settings.trust_cache,
               "How long a session is served from memory before it is read again; bounds what another process's "
               "revocation takes to arrive.",
               {.min = std::chrono::seconds{0}, .max = std::chrono::minutes{5}});
  section.integer("per_account", settings.per_account, "Sessions an account may have; a new one ends the oldest.",
                  {.min = 1, .max = 10'000});
  section.integer("cache_size", settings.cache_size, "Sessions kept in memory.", {.min = 0, .max = 10'000'000});
}

Opened open(db::Tx& tx, const Context& context, const AccountId& account, const Assurance& assurance,
            const Settings& settings, Random& random, std::optional<Duration> absolute,
            const std::optional<Binding>& binding) {
  const Time now = context.now;
  auto token = crypto::make_opaque_token(random);
  const Time expires_at = now + std::min(settings.absolute, absolute.value_or(settings.absolute));
  Session session{.id = SessionId::make(now, random),
                  .account = account,
                  .token_hash = token.hash,
                  .created_at = now,
                  .last_seen_at = now,
                  .idle_until = std::min(now + settings.idle, expires_at),
                  .expires_at = expires_at,
                  .user_agent = as_plain_text(context.origin.user_agent),
                  .address = context.origin.address,
                  .assurance = assurance,
                  .binding = binding};
  std::optional<BindingId> binding_id;
  std::optional<Time> bound_at;
  if (binding) {
    binding_id = binding->id;
    bound_at = binding->at;
  }
  tx.later(
      "INSERT INTO session (id, account_id, token_hash, created_at, last_seen_at, idle_until, expires_at, user_agent, "
      "address, shown, binding_id, bound_at) VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11)",
      session.id, account, token.hash, now, session.idle_until, session.expires_at, session.user_agent, session.address,
      to_text(assurance), binding_id, bound_at);
  return {.session = std::move(session), .token = std::move(token.text)};
}

namespace {

constexpr Duration clock_tolerance = std::chrono::minutes{1};

/// The lowest id that is made at `now`.
SessionId first_id_of(Time now) {
  struct : Random {
    void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), std::uint8_t{0}); }
  } zeros;
  return SessionId::make(now, zeros);
}

db::Rows opened_ahead(db::Tx& tx, Time now) {
  const Time latest = now + clock_tolerance;
  return tx.all("SELECT id, shown FROM session WHERE id > $1 AND created_at > $2 LIMIT $3", first_id_of(latest), latest,
                jobs::batch_size);
}

/// Sessions that a clock which was ahead has opened begin now, and what was shown in them was shown now: they would
/// live, and count as fresh, for that much longer.
void bound_instants(db::Tx& tx, Time now) {
  for (const auto& row : opened_ahead(tx, now)) {
    Assurance assurance = parse_assurance(row.text(1));
    for (auto& shown : assurance.shown) shown.at = std::min(shown.at, now);
    tx.later(
        "UPDATE session SET created_at = $2, last_seen_at = $2, idle_until = $2 + (idle_until - last_seen_at), "
        "expires_at = $2 + (expires_at - created_at), shown = $3 WHERE id = $1",
        row.id<SessionId>(0), now, to_text(assurance));
  }
}

}  // namespace

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "session.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run("DELETE FROM session WHERE id IN (SELECT id FROM session WHERE idle_until < $1 LIMIT $2)",
                            now, jobs::batch_size);
            });
            const auto is_any_ahead = [&](db::Tx& tx) { return !opened_ahead(tx, now).empty(); };
            while (database.read(is_any_ahead)) database.write([&](db::Tx& tx) { bound_instants(tx, now); });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::session
