#include "password/password.hpp"

#include "crypto/argon2_memory.hpp"
#include "encoding/unicode.hpp"

namespace cardea::password {
namespace {

// Records its own life.
class Stopwatch {
 public:
  explicit Stopwatch(observe::Histogram& spans) : spans_(spans) {}
  ~Stopwatch() { spans_.record(std::chrono::steady_clock::now() - begun_); }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  observe::Histogram& spans_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace

Hasher::Hasher(const Settings& settings, Random& random, observe::Metrics& metrics)
    : cost_(settings.cost),
      random_(&random),
      spans_(&metrics.histogram("cardea_password_hash_seconds", "Time to compute one Argon2id hash.")) {
  const auto unguessable = random.bytes<32>();
  decoy_ = crypto::argon2id(as_text(unguessable), cost_, random);
  crypto::release_argon2_memory();  // the thread that builds the house hashes nothing more
}

std::string Hasher::hash(const Secret& password) const {
  auto clean = unicode::opaque_string(password.reveal());
  if (!clean) throw std::invalid_argument("a password that check_new refuses");
  const Stopwatch stopwatch{*spans_};
  std::string phc = crypto::argon2id(*clean, cost_, *random_);
  wipe(*clean);
  return phc;
}

bool Hasher::verify(const std::optional<Stored>& stored, const Secret& password) const {
  const bool fits = !password.empty() && password.size() <= max_bytes;
  auto clean = fits ? unicode::opaque_string(password.reveal()) : std::nullopt;
  const Stopwatch stopwatch{*spans_};
  // One hash is computed on every path: unknown account, impossible password, or a real comparison.
  const bool match = crypto::argon2id_verify(stored && clean ? stored->phc : decoy_, clean.value_or("-"));
  if (clean) wipe(*clean);
  return match && stored && clean;
}

bool Hasher::is_outdated(const Stored& stored) const { return crypto::argon2id_cost(stored.phc) != cost_; }

}  // namespace cardea::password
