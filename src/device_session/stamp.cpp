#include "device_session/stamp.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/hash.hpp"
#include "encoding/base64.hpp"

namespace cardea::device_session {
namespace {

constexpr std::size_t id_size = 16;
constexpr std::size_t time_size = 8;
constexpr std::size_t mac_size = 32;
constexpr std::size_t stamp_size = id_size + time_size + mac_size;
using Signed = std::array<std::uint8_t, 1 + id_size + time_size>;

/// The purpose, the id and the microseconds, most significant byte first: each of a fixed size.
Signed signed_bytes(Purpose purpose, const Stamp& stamp) {
  Signed bytes{};
  bytes[0] = static_cast<std::uint8_t>(purpose);
  std::copy(stamp.of.begin(), stamp.of.end(), bytes.begin() + 1);
  auto micros = static_cast<std::uint64_t>(to_micros(stamp.at));
  for (std::size_t i = 0; i < time_size; ++i) {
    bytes[bytes.size() - 1 - i] = static_cast<std::uint8_t>(micros & 0xffU);
    micros >>= 8U;
  }
  return bytes;
}

Time time_in(BytesView bytes) {
  std::uint64_t micros = 0;
  for (const auto byte : bytes) micros = micros << 8U | byte;
  return from_micros(static_cast<std::int64_t>(micros));
}

}  // namespace

Stamps::Stamps(Secret key) : key_(std::move(key)) {
  if (key_.size() != mac_size) throw std::invalid_argument{"the key of stamps is not 32 bytes"};
}

std::string Stamps::make(Purpose purpose, const Stamp& stamp) const {
  const auto bytes = signed_bytes(purpose, stamp);
  const auto mac = crypto::hmac_sha256(key_.reveal_bytes(), bytes);
  std::array<std::uint8_t, stamp_size> all{};
  std::copy(mac.begin(), mac.end(), std::copy(bytes.begin() + 1, bytes.end(), all.begin()));
  return encoding::base64url(all);
}

std::optional<Stamp> Stamps::read(Purpose purpose, std::string_view text) const {
  std::array<std::uint8_t, stamp_size> all{};
  if (!encoding::parse_base64url(text, all)) return std::nullopt;
  const BytesView bytes{all};
  Stamp stamp{.at = time_in(bytes.subspan(id_size, time_size))};
  std::copy_n(bytes.begin(), id_size, stamp.of.begin());
  const auto mac = crypto::hmac_sha256(key_.reveal_bytes(), signed_bytes(purpose, stamp));
  return crypto::constant_time_equal(mac, bytes.last(mac_size)) ? std::optional{stamp} : std::nullopt;
}

}  // namespace cardea::device_session
