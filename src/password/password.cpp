#include "password/password.hpp"

#include <algorithm>
#include <thread>

#include "base/time_slice.hpp"
#include "encoding/unicode.hpp"
#include "password/hash_slots.hpp"

namespace cardea::password {
namespace {

// The heavy lane asks its threads to rest as soon (edge/lanes.hpp).
constexpr std::chrono::seconds memory_kept_for{1};

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

// A password as it is hashed, absent when it can be none; wiped also when the hash throws.
struct Clean {
  explicit Clean(const Secret& password) {
    const bool fits = !password.empty() && password.size() <= max_bytes;
    if (fits) text = unicode::opaque_string(password.reveal());
  }
  ~Clean() {
    if (text) wipe(*text);
  }
  Clean(const Clean&) = delete;
  Clean& operator=(const Clean&) = delete;

  std::optional<std::string> text;
};

HashSlots::Lease wait_for_slot(HashSlots& slots, const Share& share, observe::Histogram& waits) {
  const Stopwatch stopwatch{waits};
  return HashSlots::Lease{slots, share};
}

}  // namespace

std::size_t default_permits() { return std::max(std::thread::hardware_concurrency(), 1U); }

Hasher::Hasher(const Settings& settings, Random& random, observe::Metrics& metrics, const Places& places)
    : cost_(settings.cost),
      random_(random),
      spans_(metrics.histogram("cardea_password_hash_seconds", "Time to compute one Argon2id hash.")),
      waits_(metrics.histogram("cardea_password_hash_wait_seconds", "Time that a hash waited for its turn.")),
      slots_(std::make_unique<HashSlots>(places.permits, places.waiting, memory_kept_for)),
      decoy_(crypto::argon2id_of_nobody(cost_, random)) {}

Hasher::~Hasher() = default;

// Waits first: while it waits, no copy of the password is made.
Result<std::string> Hasher::hash(const Share& share, const Secret& password) const {
  const auto slot = wait_for_slot(*slots_, share, waits_);
  if (!slot) return overload();
  const Clean clean{password};
  if (!clean.text) throw std::invalid_argument("a password that check_new refuses");
  const Stopwatch stopwatch{spans_};
  const UsualTimeSlice slice;
  return crypto::argon2id(*clean.text, cost_, random_, &slot.memory());
}

Result<Match> Hasher::verify(const Share& share, const std::optional<Stored>& stored, const Secret& password) const {
  const auto slot = wait_for_slot(*slots_, share, waits_);
  if (!slot) return overload();
  const Clean clean{password};
  const Stopwatch stopwatch{spans_};
  const UsualTimeSlice slice;
  // One hash is computed on every path: unknown account, impossible password, or a real comparison.
  const std::string_view phc = stored && clean.text ? stored->phc : decoy_;
  const bool match = crypto::argon2id_verify(phc, clean.text ? *clean.text : "-", &slot.memory());
  return match && stored && clean.text ? Match::yes : Match::no;
}

bool Hasher::has_room_for(const Share& share) const { return slots_->has_room_for(share); }
void Hasher::close() const { slots_->close(); }

bool Hasher::is_outdated(const Stored& stored) const { return crypto::argon2id_cost(stored.phc) != cost_; }

void Hasher::release_idle_memory() const noexcept { slots_->release_idle(); }
std::size_t Hasher::memory_kept() const { return slots_->memory_kept(); }

}  // namespace cardea::password
