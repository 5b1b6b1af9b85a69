#include "http/form_token.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "crypto/hash.hpp"
#include "encoding/base64.hpp"
#include "http/cookie.hpp"

namespace cardea::http {
namespace {

constexpr std::size_t cookie_size = 16;
constexpr std::size_t salt_size = 16;
constexpr std::size_t mac_size = 32;

std::optional<Bytes> cookie_bytes(const Request& request) {
  const auto text = cookie(request, FormTokens::cookie_name);
  if (!text) return std::nullopt;
  auto bytes = encoding::parse_base64url(*text);
  if (!bytes || bytes->size() != cookie_size) return std::nullopt;
  return bytes;
}

/// Both inputs have a fixed size, so their concatenation is unambiguous.
crypto::Digest mac(const Secret& key, BytesView salt, BytesView browser) {
  std::array<std::uint8_t, salt_size + cookie_size> message{};
  std::copy(salt.begin(), salt.end(), message.begin());
  std::copy(browser.begin(), browser.end(), message.begin() + salt_size);
  return crypto::hmac_sha256(key.reveal_bytes(), message);
}

}  // namespace

FormTokens::FormTokens(Secret key, Random& random) : key_(std::move(key)), random_(&random) {
  if (key_.size() != mac_size) throw std::invalid_argument{"the form token key is not 32 bytes"};
}

FormTokens::Issued FormTokens::issue(const Request& request) const {
  Issued issued;
  auto browser = cookie_bytes(request);
  if (!browser) {
    browser = to_bytes(random_->bytes<cookie_size>());
    issued.set_cookie = set_cookie(cookie_name, encoding::base64url(*browser), {});
  }
  // A fresh salt makes every token differ, so compression beside attacker-chosen text cannot reveal it (BREACH).
  const auto salt = random_->bytes<salt_size>();
  const auto digest = mac(key_, salt, *browser);
  Bytes token{salt.begin(), salt.end()};
  token.insert(token.end(), digest.begin(), digest.end());
  issued.token = encoding::base64url(token);
  return issued;
}

bool FormTokens::matches(const Request& request, std::string_view token) const {
  constexpr std::size_t longest = 64;  // 48 bytes as base64url
  if (token.size() != longest) return false;
  const auto browser = cookie_bytes(request);
  const auto bytes = encoding::parse_base64url(token);
  if (!browser || !bytes || bytes->size() != salt_size + mac_size) return false;
  const BytesView all{*bytes};
  return crypto::constant_time_equal(mac(key_, all.first(salt_size), *browser), all.subspan(salt_size));
}

}  // namespace cardea::http
