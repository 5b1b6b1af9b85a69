#include "crypto/argon2.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <new>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "crypto/argon2_memory.hpp"
#include "crypto/hash.hpp"
#include "crypto/start.hpp"

namespace cardea::crypto {
namespace {

using Salt = std::array<std::uint8_t, 16>;

constexpr std::int64_t least_memory_kib = 8;
constexpr std::int64_t most_memory_kib = 1024 * 1024;
constexpr std::int64_t most_passes = 16;

/// A PHC string taken apart.
struct Parsed {
  Argon2Cost cost;
  Salt salt;
  Digest hash;
};

bool is_allowed(const Argon2Cost& cost) {
  return cost.memory_kib >= least_memory_kib && cost.memory_kib <= most_memory_kib && cost.passes >= 1 &&
         cost.passes <= most_passes;
}

Digest compute(std::string_view password, const Salt& salt, const Argon2Cost& cost, Argon2Memory* reused) {
  start_library();
  Digest out{};
  const UseArgon2Memory use{reused};
  const auto memory = static_cast<std::size_t>(cost.memory_kib) * 1024;
  const int failed = crypto_pwhash(out.data(), out.size(), password.data(), password.size(), salt.data(),
                                   static_cast<unsigned long long>(cost.passes), memory, crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) throw std::bad_alloc{};  // with allowed parameters only memory can be missing
  return out;
}

std::string unpadded_base64(BytesView bytes) {
  constexpr int variant = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), variant);
  out.pop_back();  // the terminating NUL
  return out;
}

template <std::size_t N>
bool read_base64(std::string_view text, std::array<std::uint8_t, N>& out) {
  std::size_t size = 0;
  const char* end = nullptr;
  const int failed = sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, &end,
                                       sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  return failed == 0 && size == N && end == text.data() + text.size();
}

std::string parameters_text(const Argon2Cost& cost) {
  return fmt::format("m={},t={},p=1", cost.memory_kib, cost.passes);
}

std::string phc_text(const Argon2Cost& cost, const Salt& salt, const Digest& hash) {
  return fmt::format("$argon2id$v=19${}${}${}", parameters_text(cost), unpadded_base64(salt), unpadded_base64(hash));
}

std::optional<Argon2Cost> parse_cost(std::string_view text) {
  const auto parts = text::split(text, ',');
  if (parts.size() != 3 || !parts[0].starts_with("m=") || !parts[1].starts_with("t=")) return std::nullopt;
  const auto memory = text::parse_integer(parts[0].substr(2));
  const auto passes = text::parse_integer(parts[1].substr(2));
  if (!memory || !passes) return std::nullopt;
  const Argon2Cost cost{.memory_kib = *memory, .passes = *passes};
  // Written again and compared, so that "m=019456" is not a second spelling.
  if (!is_allowed(cost) || parameters_text(cost) != text) return std::nullopt;
  return cost;
}

std::optional<Parsed> parse(std::string_view phc) {
  if (phc.size() > 128) return std::nullopt;
  const auto parts = text::split(phc, '$');  // "", argon2id, v=19, m=…, salt, hash
  if (parts.size() != 6 || !parts[0].empty() || parts[1] != "argon2id" || parts[2] != "v=19") return std::nullopt;
  const auto cost = parse_cost(parts[3]);
  if (!cost) return std::nullopt;
  Parsed parsed{.cost = *cost, .salt = {}, .hash = {}};
  if (!read_base64(parts[4], parsed.salt) || !read_base64(parts[5], parsed.hash)) return std::nullopt;
  return parsed;
}

}  // namespace

std::string argon2id(std::string_view password, const Argon2Cost& cost, Random& random, Argon2Memory* memory) {
  if (!is_allowed(cost)) throw std::invalid_argument{"argon2id: cost out of range"};
  const Salt salt = random.bytes<16>();
  return phc_text(cost, salt, compute(password, salt, cost, memory));
}

std::string argon2id_of_nobody(const Argon2Cost& cost, Random& random) {
  if (!is_allowed(cost)) throw std::invalid_argument{"argon2id: cost out of range"};
  const Salt salt = random.bytes<16>();
  return phc_text(cost, salt, random.bytes<32>());
}

std::optional<Argon2Cost> argon2id_cost(std::string_view phc) {
  const auto parsed = parse(phc);
  if (!parsed) return std::nullopt;
  return parsed->cost;
}

bool argon2id_verify(std::string_view phc, std::string_view password, Argon2Memory* memory) {
  const auto parsed = parse(phc);
  if (!parsed) return false;
  return constant_time_equal(compute(password, parsed->salt, parsed->cost, memory), parsed->hash);
}

}  // namespace cardea::crypto
