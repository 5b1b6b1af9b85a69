#include "password/password.hpp"

#include <zxcvbn.h>

#include <array>

#include "crypto/argon2_memory.hpp"
#include "encoding/unicode.hpp"

namespace cardea::password {
namespace {

// Only the beginning of a longer one is judged, because the estimator's cost grows with the length.
constexpr std::size_t judged_bytes = 64;
// As easy to guess as an entry of a list of the 16,000 most common passwords (2^14): in the estimator's embedded lists,
// or made from them by repeating, appending digits, walking the keyboard or swapping look-alike characters.
constexpr double least_bits = 14.0;

bool is_common(std::string_view password, const Owner& owner) {
  std::string copy{password.substr(0, judged_bytes)};  // the C interface wants a terminating zero
  const std::string name{owner.name};
  const std::string uid{owner.uid};
  const std::string email{owner.email};
  std::array<const char*, 4> words{};
  std::size_t count = 0;
  for (const auto* word : {&name, &uid, &email}) {
    if (!word->empty()) words[count++] = word->c_str();
  }
  const double bits = ZxcvbnMatch(copy.c_str(), words.data(), nullptr);
  wipe(copy);
  return bits < least_bits;
}

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

std::string folded(std::string_view text) {
  const auto clean = unicode::opaque_string(text);
  return clean ? unicode::user_id_key(*clean) : std::string{};
}

bool is_personal(std::string_view password, const Owner& owner) {
  std::string key = folded(password);
  const auto local = owner.email.substr(0, owner.email.find('@'));
  bool found = false;
  for (const auto word : {owner.name, owner.uid, owner.email, local}) {
    found = found || (!word.empty() && key == folded(word));
  }
  wipe(key);
  return found;
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.integer("min_length", settings.min_length,
                  "Fewest characters of a new password. 15 when it is the only factor.", {.min = 8, .max = 64});
  section.integer("max_length", settings.max_length, "Most characters of a password.", {.min = 64, .max = 256});
  section.integer("memory_kib", settings.cost.memory_kib, "Memory of one Argon2id hash, in KiB.",
                  {.min = 8, .max = 1024 * 1024});
  section.integer("passes", settings.cost.passes, "Passes of one Argon2id hash over its memory.",
                  {.min = 1, .max = 16});
}

std::optional<FieldError> check_new(const Settings& settings, std::string_view password, const Owner& owner,
                                    std::string_view field) {
  const std::string name{field};
  if (password.empty()) return FieldError{name, "password_missing", "Choose a password."};
  auto too_long =
      FieldError{name, "password_long", "Use at most " + std::to_string(settings.max_length) + " characters."};
  if (password.size() > max_bytes) return too_long;
  auto clean = unicode::opaque_string(password);
  if (!clean) return FieldError{name, "password_invalid", "Leave out control characters."};
  Secret text{*clean};
  wipe(*clean);
  const auto length = static_cast<std::int64_t>(unicode::length(text.reveal()));
  if (length > settings.max_length) return too_long;
  if (length < settings.min_length) {
    return FieldError{
        name, "password_short",
        "Use at least " + std::to_string(settings.min_length) + " characters. A few unrelated words work well."};
  }
  if (is_personal(text.reveal(), owner)) {
    return FieldError{name, "password_personal", "Choose something other than your name, user id or e-mail address."};
  }
  if (is_common(text.reveal(), owner)) {
    return FieldError{name, "password_common", "This password is easy to guess. Choose a few unrelated words."};
  }
  return std::nullopt;
}

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
