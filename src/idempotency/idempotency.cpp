#include "idempotency/idempotency.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/client_network.hpp"
#include "crypto/hash.hpp"
#include "crypto/seal.hpp"
#include "idempotency/stored_response.hpp"

namespace cardea::idempotency {
namespace {

constexpr Duration slack = std::chrono::hours{1};  // by which the clocks of two processes may differ
constexpr std::string_view place = "idempotency.response_sealed:";

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= http::longest_key &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// Pieces that cannot run into each other.
std::string joined(std::initializer_list<std::string_view> pieces) {
  std::string text;
  for (const auto piece : pieces) text.append(std::to_string(piece.size())).append(":").append(piece);
  return text;
}

std::string caller_of(const http::Call& call) {
  if (call.is_signed_in()) return "account " + call.account().text();
  return "network " + ClientNetwork{call.context.origin.address}.text(0);
}

crypto::Digest mac(const Secret& key, std::initializer_list<std::string_view> pieces) {
  return crypto::hmac_sha256(key.reveal_bytes(), as_bytes(joined(pieces)));
}

StoredResponse to_stored(const http::Response& response) {
  StoredResponse stored{.status = response.status, .headers = {}, .body = response.body.text()};
  for (const http::Header& field : response.headers.fields()) {
    stored.headers.push_back({std::string{field.name}, std::string{field.value}});
  }
  return stored;
}

http::Response to_response(StoredResponse stored) {
  http::Response response{.status = stored.status, .headers = {}, .body = std::move(stored.body)};
  for (const auto& [name, value] : stored.headers) response.headers.add(name, value);
  response.headers.set("Idempotency-Replayed", "true");
  return response;
}

bool is_success(const Result<http::Response>& response) { return response.ok() && response->status < 400; }

bool can_be_kept(const http::Response& response) {
  return response.body.producer() == nullptr && response.body.text().size() <= largest_answer;
}

Error later(const ErrorKind& kind, Duration wait) {
  Error error{kind};
  error.retry_after = std::chrono::ceil<std::chrono::seconds>(wait);
  return error;
}

}  // namespace

/// A request and its key, as the table knows them.
struct Memory::Claim {
  crypto::Digest key_hash;
  crypto::Digest caller_hash;
  crypto::Digest request_hash;
  Secret sealing_key;
  RequestId id;
  Time now;

  [[nodiscard]] std::string sealed_at() const { return std::string{place}.append(as_text(key_hash)); }
  [[nodiscard]] std::string caller() const { return std::string{as_text(caller_hash)}; }
};

/// Gives a claim back when the request was not carried out, whichever way that ends.
class Memory::Held {
 public:
  Held(Memory& memory, const Claim& claim) : memory_(memory), claim_(claim) {}
  ~Held() { settle(nullptr); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  /// Never throws: what was done is done, and is answered whether or not it can be remembered. A claim that stays
  /// because the database is away ends by itself.
  void settle(const http::Response* response) noexcept {
    if (is_settled_) return;
    is_settled_ = true;
    try {
      response != nullptr ? memory_.keep(claim_, *response) : memory_.release(claim_);
    } catch (const std::exception& surprise) {
      memory_.log_.warn("idempotency.not_kept", {{"detail", surprise.what()}});
    }
  }

 private:
  Memory& memory_;
  const Claim& claim_;
  bool is_settled_ = false;
};

// Keyed, because a body may hold a password, which must not be found by trying. The key that seals the answer, which
// may hold a session, takes the whole request to make: whoever has the database and the secret reads no answer.
Memory::Claim Memory::make_claim(const http::Call& call, std::string_view key) const {
  const std::string caller = caller_of(call);
  const http::Request& request = call.request;
  const std::string_view method = http::to_text(request.method);
  const auto body_hash = crypto::sha256(request.body);
  const std::string_view body = as_text(body_hash);
  const auto sealing = mac(key_, {"seal", caller, key, method, request.target, body});
  return {.key_hash = crypto::sha256(joined({caller, key})),
          .caller_hash = crypto::sha256(caller),
          .request_hash = mac(key_, {"request", key, method, request.target, body}),
          .sealing_key = Secret{as_text(sealing)},
          .id = call.context.origin.request.value(),
          .now = call.now()};
}

Result<http::Response> Memory::once(const http::Call& call, const std::function<Result<http::Response>()>& run) {
  if (!call.request.headers.has(http::idempotency_key)) return run();
  const std::string_view key = call.request.headers.get(http::idempotency_key);
  if (!is_key(key)) return http::idempotency_key_invalid;
  const Claim claim = make_claim(call, key);
  if (const auto wait = refused_.wait(claim.caller(), claim.now)) return later(http::idempotency_full, *wait);
  if (!take(claim)) return answer_again(claim);
  Held held{*this, claim};
  const auto share = check_share(claim);
  auto response = share.ok() ? run() : share.error();
  if (!is_success(response)) {
    refused_.add(claim.caller(), claim.now);
  } else if (can_be_kept(*response)) {
    held.settle(&*response);
  }
  return response;
}

/// One statement, so that of many at once one has it. Whose claim has lapsed is taken over by the same request alone.
bool Memory::take(const Claim& claim) {
  const Time now = claim.now;
  return database_
      .write_one(
          "INSERT INTO idempotency (key_hash, caller_hash, request_hash, claim, claimed_until, expires_at) "
          "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (key_hash) DO UPDATE SET "
          "  request_hash = excluded.request_hash, claim = excluded.claim, claimed_until = excluded.claimed_until, "
          "  expires_at = excluded.expires_at, response_sealed = NULL "
          "WHERE idempotency.expires_at <= $7 OR idempotency.expires_at > $8 OR (idempotency.response_sealed IS NULL "
          "  AND idempotency.request_hash = excluded.request_hash "
          "  AND (idempotency.claimed_until <= $7 OR idempotency.claimed_until > $9)) "
          "RETURNING claim",
          claim.key_hash, claim.caller_hash, claim.request_hash, claim.id, now + claimed_for, now + kept_for, now,
          now + kept_for + slack, now + claimed_for + slack)
      .has_value();
}

Result<Done> Memory::check_share(const Claim& claim) const {
  const auto row =
      database_.read_one("SELECT count(*), min(expires_at) FROM idempotency WHERE caller_hash = $1 AND expires_at > $2",
                         claim.caller_hash, claim.now);
  if (row->integer(0) <= most_of_a_caller) return done;
  return later(http::idempotency_full, row->time(1) - claim.now);
}

Result<http::Response> Memory::answer_again(const Claim& claim) const {
  const auto row =
      database_.read_one("SELECT request_hash, response_sealed FROM idempotency WHERE key_hash = $1", claim.key_hash);
  const Error in_progress = later(http::idempotency_in_progress, std::chrono::seconds{1});
  if (!row) return in_progress;  // it ended between the two statements
  if (!crypto::constant_time_equal(row->bytes(0), claim.request_hash)) return http::idempotency_mismatch;
  if (row->is_null(1)) return in_progress;
  const auto plain = crypto::open(claim.sealing_key, row->bytes(1), claim.sealed_at());
  if (!plain) throw std::runtime_error{"an answer that was kept for an Idempotency-Key does not open"};
  return to_response(TRY(wire::read<StoredResponse>(plain->reveal())));
}

void Memory::keep(const Claim& claim, const http::Response& response) {
  std::string plain = wire::write(to_stored(response));
  const Bytes sealed = crypto::seal(claim.sealing_key, as_bytes(plain), claim.sealed_at(), random_);
  wipe(plain);
  database_.run("UPDATE idempotency SET response_sealed = $3 WHERE key_hash = $1 AND claim = $2", claim.key_hash,
                claim.id, sealed);
}

void Memory::release(const Claim& claim) {
  database_.run("DELETE FROM idempotency WHERE key_hash = $1 AND claim = $2 AND response_sealed IS NULL",
                claim.key_hash, claim.id);
}

jobs::Periodic sweep_job(db::Database& database) {
  return {.name = "idempotency.sweep",
          .every = std::chrono::minutes{10},
          .work = [&database](Time now) -> Result<Done> {
            jobs::in_batches(database, [&](db::Tx& tx) {
              return tx.run(
                  "DELETE FROM idempotency WHERE key_hash IN "
                  "(SELECT key_hash FROM idempotency WHERE expires_at <= $1 OR expires_at > $2 LIMIT $3)",
                  now, now + kept_for + slack, jobs::batch_size);
            });
            return done;
          },
          .removes_by_age = true};
}

}  // namespace cardea::idempotency
