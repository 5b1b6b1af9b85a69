#pragma once
// idempotency: a request that is sent again under its Idempotency-Key is not carried out again.
//
// Owns: idempotency. Never: holds a key, a body or an answer in the clear; remembers for longer than a day; answers
// anybody who does not send the whole request again, whatever they know of it.
// Routes: those with `takes_idempotency_key`.

#include "base/random.hpp"
#include "base/secret.hpp"
#include "db/database.hpp"
#include "http/replays.hpp"
#include "idempotency/refused_callers.hpp"
#include "jobs/periodic.hpp"
#include "observe/log.hpp"

namespace cardea::idempotency {

inline constexpr Duration kept_for = std::chrono::hours{24};
/// Longer than any request takes. A process that ends meanwhile leaves its claim behind, and after this the request is
/// carried out when it comes again.
inline constexpr Duration claimed_for = std::chrono::minutes{2};
inline constexpr std::int64_t most_of_a_caller = 500;       // requests in a day
inline constexpr std::size_t largest_answer = 64 * 1024;  // bytes; a larger one is not kept

/// A caller is an account; whoever is not signed in is one with their network. Any thread.
class Memory : public http::Replays {
 public:
  /// `key` is 32 bytes, of this purpose alone.
  Memory(db::Database& database, Secret key, Random& random, observe::Log& log)
      : database_(database), key_(std::move(key)), random_(random), log_(log) {}

  Result<http::Response> once(const http::Call& call, const std::function<Result<http::Response>()>& run) override;

 private:
  struct Claim;
  class Held;
  [[nodiscard]] Claim make_claim(const http::Call& call, std::string_view key) const;
  [[nodiscard]] bool take(const Claim& claim);
  [[nodiscard]] Result<Done> check_share(const Claim& claim) const;
  [[nodiscard]] Result<http::Response> answer_again(const Claim& claim) const;
  void keep(const Claim& claim, const http::Response& response);
  void release(const Claim& claim);

  db::Database& database_;
  Secret key_;
  Random& random_;
  observe::Log& log_;
  RefusedCallers refused_;
};

/// Removes what is older than a day, and what a clock that was far ahead has left.
[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::idempotency
