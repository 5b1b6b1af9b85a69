#include "proof_of_work/work.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "crypto/hash.hpp"
#include "encoding/base64.hpp"

namespace cardea::proof_of_work {
namespace {

constexpr std::size_t seed_size = 16;
constexpr std::size_t time_size = 8;
constexpr std::size_t terms_size = seed_size + time_size + 1;
constexpr std::size_t mac_size = 32;
constexpr std::size_t longest_number = 16;
using Packed = std::array<std::uint8_t, terms_size>;

/// The seed, the microseconds, most significant byte first, and the bits: each of a fixed size.
Packed packed(const Terms& terms) {
  Packed bytes{};
  std::copy(terms.seed.begin(), terms.seed.end(), bytes.begin());
  auto micros = static_cast<std::uint64_t>(to_micros(terms.expires_at));
  for (std::size_t i = 0; i < time_size; ++i) {
    bytes[seed_size + time_size - 1 - i] = static_cast<std::uint8_t>(micros & 0xffU);
    micros >>= 8U;
  }
  bytes.back() = static_cast<std::uint8_t>(terms.bits);
  return bytes;
}

Terms unpacked(BytesView bytes) {
  Terms terms{.bits = bytes[terms_size - 1]};
  std::copy_n(bytes.begin(), seed_size, terms.seed.begin());
  std::uint64_t micros = 0;
  for (const auto byte : bytes.subspan(seed_size, time_size)) micros = micros << 8U | byte;
  terms.expires_at = from_micros(static_cast<std::int64_t>(micros));
  return terms;
}

/// Nothing else of a fixed size stands behind the purpose, so that no two of them give one message.
crypto::Digest mac_of(const Secret& key, std::string_view purpose, BytesView terms) {
  std::string message{purpose};
  message.append(1, '\0').append(as_text(terms));
  return crypto::hmac_sha256(key.reveal_bytes(), as_bytes(message));
}

}  // namespace

Challenges::Challenges(Secret key, std::string_view purpose) : key_(std::move(key)), purpose_(purpose) {
  if (key_.size() != mac_size) throw std::invalid_argument{"the key of challenges is not 32 bytes"};
}

std::string Challenges::make(const Terms& terms) const {
  const auto bytes = packed(terms);
  const auto mac = mac_of(key_, purpose_, bytes);
  std::array<std::uint8_t, terms_size + mac_size> all{};
  std::copy(mac.begin(), mac.end(), std::copy(bytes.begin(), bytes.end(), all.begin()));
  return encoding::base64url(all);
}

std::optional<Terms> Challenges::read(std::string_view text) const {
  std::array<std::uint8_t, terms_size + mac_size> all{};
  if (!encoding::parse_base64url(text, all)) return std::nullopt;
  const BytesView bytes{all};
  const auto mac = mac_of(key_, purpose_, bytes.first(terms_size));
  if (!crypto::constant_time_equal(mac, bytes.last(mac_size))) return std::nullopt;
  return unpacked(bytes);
}

Proof read_proof(std::string_view proof) {
  const auto colon = proof.find(':');
  if (colon == std::string_view::npos) return {.challenge = proof};
  return {.challenge = proof.substr(0, colon), .number = proof.substr(colon + 1)};
}

bool solves(std::string_view challenge, std::string_view number, std::int64_t bits) {
  const bool is_number = !number.empty() && number.size() <= longest_number &&
                         std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!is_number) return false;
  std::string message{challenge};
  message.append(1, ':').append(number);
  std::int64_t zeros = 0;
  for (const std::uint8_t byte : crypto::sha256(message)) {
    zeros += std::countl_zero(byte);
    if (byte != 0) break;
  }
  return zeros >= bits;
}

}  // namespace cardea::proof_of_work
