#include "challenge/challenge.hpp"

#include <algorithm>
#include <array>

#include "crypto/hash.hpp"
#include "crypto/opaque_token.hpp"

namespace cardea::challenge {
namespace {

std::uint64_t random_number(Random& random) {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : random.bytes<8>()) number = (number << 8U) | byte;
  return number;
}

/// Each code is as likely as any other.
Secret random_code(Random& random, std::int64_t digits) {
  std::uint64_t count = 1;
  for (std::int64_t i = 0; i < digits; ++i) count *= 10;
  const std::uint64_t fair = UINT64_MAX / count * count;
  std::uint64_t number = random_number(random);
  while (number >= fair) number = random_number(random);
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto at = text.rbegin(); at != text.rend(); ++at, number /= 10) *at = static_cast<char>('0' + number % 10);
  Secret code{text};
  wipe(text);
  return code;
}

crypto::Digest code_hash(const Secret& key, const Purpose& purpose, const ChallengeId& id, std::string_view code) {
  std::string message;
  message.reserve(purpose.name().size() + 1 + id.bytes().size() + code.size());  // so that no copy is left behind
  message.append(purpose.name()).append(1, '\0').append(as_text(id.bytes()));
  std::copy_if(code.begin(), code.end(), std::back_inserter(message), [](char c) { return c != ' ' && c != '-'; });
  const auto hash = crypto::hmac_sha256(key.reveal_bytes(), as_bytes(message));
  wipe(message);
  return hash;
}

}  // namespace

Issued Challenges::issue(db::Tx& tx, const Purpose& purpose, std::string_view subject, Time now,
                         std::optional<Duration> sooner) const {
  const Rules& rules = purpose.rules();
  const Duration lifetime = std::min(sooner.value_or(rules.lifetime), rules.lifetime);
  Issued issued{.id = ChallengeId::make(now, random_), .code = {}, .link = {}, .expires_at = now + lifetime};
  std::optional<crypto::Digest> secret_hash;
  std::optional<crypto::Digest> link_hash;
  if (rules.carries != Carries::link) {
    issued.code = random_code(random_, rules.digits);
    secret_hash = code_hash(key_, purpose, issued.id, issued.code->reveal());
  }
  if (rules.carries != Carries::code) {
    auto token = crypto::make_opaque_token(random_);
    issued.link = std::move(token.text);
    link_hash = token.hash;
  }
  // Where one is live, all have the serial 0 and the new one takes the old one's place.
  const std::int64_t serial = rules.live == Live::one ? 0 : 1 + static_cast<std::int64_t>(random_number(random_) >> 2U);
  tx.run(
      "INSERT INTO challenge (id, purpose, subject, serial, secret_hash, link_hash, attempts_left, lifetime,"
      "  created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
      "ON CONFLICT (purpose, subject, serial) DO UPDATE SET id = excluded.id, secret_hash = excluded.secret_hash,"
      "  link_hash = excluded.link_hash, attempts_left = excluded.attempts_left, lifetime = excluded.lifetime,"
      "  created_at = excluded.created_at, expires_at = excluded.expires_at",
      issued.id, purpose.name(), subject, serial, secret_hash, link_hash, rules.attempts, lifetime, now,
      issued.expires_at);
  return issued;
}

Result<Done> Challenges::redeem_code(db::Database& database, const Purpose& purpose, const ChallengeId& id,
                                     std::string_view subject, const Secret& code, Time now) const {
  const auto hash = code_hash(key_, purpose, id, code.reveal());
  // A right guess ends the challenge, the link included; a wrong one costs an attempt.
  const auto judged = database.write([&](db::Tx& tx) {
    return tx.one(
        "UPDATE challenge SET attempts_left = attempts_left - 1,"
        "  expires_at = CASE WHEN secret_hash = $5 THEN 0 ELSE expires_at END "
        "WHERE id = $1 AND purpose = $2 AND subject = $3 AND expires_at > $4 AND attempts_left > 0"
        "  AND secret_hash IS NOT NULL "
        "RETURNING expires_at",
        id, purpose.name(), subject, now, hash);
  });
  if (!judged) return not_valid;
  if (judged->integer(0) != 0) return wrong_code;
  return done;
}

std::optional<ChallengeId> Challenges::live_one(db::Tx& tx, const Purpose& purpose, std::string_view subject,
                                                Time now) {
  const auto row =
      tx.one("SELECT id FROM challenge WHERE purpose = $1 AND subject = $2 AND serial = 0 AND expires_at > $3",
             purpose.name(), subject, now);
  return row ? std::optional{row->id<ChallengeId>(0)} : std::nullopt;
}

std::optional<std::string> Challenges::subject_of_link(db::Tx& tx, const Purpose& purpose, std::string_view token,
                                                       Time now) {
  const auto hash = crypto::opaque_token_hash(token);
  if (!hash) return std::nullopt;
  const auto row = tx.one("SELECT subject FROM challenge WHERE link_hash = $1 AND purpose = $2 AND expires_at > $3",
                          *hash, purpose.name(), now);
  return row ? std::optional{row->text(0)} : std::nullopt;
}

Result<Redeemed> Challenges::redeem_link(db::Tx& tx, const Purpose& purpose, std::string_view token, Time now) const {
  const auto hash = crypto::opaque_token_hash(token);
  if (!hash) return not_valid;
  const auto row =
      tx.one("DELETE FROM challenge WHERE link_hash = $1 AND purpose = $2 AND expires_at > $3 RETURNING id, subject",
             *hash, purpose.name(), now);
  if (!row) return not_valid;
  return Redeemed{.id = row->id<ChallengeId>(0), .subject = row->text(1)};
}

void void_later(db::Tx& tx, const Purpose& purpose, std::string_view beginning, const ChallengeId& id) {
  tx.run("DELETE FROM challenge WHERE purpose = $1 AND substr(subject, 1, length($2)) = $2 AND id > $3", purpose.name(),
         beginning, id);
}

void void_all(db::Tx& tx) { tx.run("DELETE FROM challenge"); }

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "challenge.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM challenge WHERE id IN (SELECT id FROM challenge WHERE expires_at <= $1 LIMIT $2)", now,
                  jobs::batch_size);
            });
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "UPDATE challenge SET expires_at = $1 + lifetime WHERE id IN "
                  "(SELECT id FROM challenge WHERE expires_at - lifetime > $1 LIMIT $2)",
                  now, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::challenge
