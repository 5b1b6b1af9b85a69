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
constexpr std::size_t reader_size = 16;
constexpr std::size_t mac_size = 32;
constexpr std::size_t token_size = salt_size + reader_size + mac_size;
constexpr std::size_t token_length = 86;  // of its base64url

std::optional<Bytes> cookie_bytes(const Request& request) {
  const auto text = cookie(request, FormTokens::cookie_name);
  if (!text) return std::nullopt;
  auto bytes = encoding::parse_base64url(*text);
  if (!bytes || bytes->size() != cookie_size) return std::nullopt;
  return bytes;
}

/// All inputs have a fixed size, so their concatenation is unambiguous; and it is longer than that of `mark_of`.
crypto::Digest mac(const Secret& key, BytesView salt_and_mark, BytesView browser) {
  std::array<std::uint8_t, salt_size + reader_size + cookie_size> message{};
  std::copy(salt_and_mark.begin(), salt_and_mark.end(), message.begin());
  std::copy(browser.begin(), browser.end(), message.begin() + salt_size + reader_size);
  return crypto::hmac_sha256(key.reveal_bytes(), message);
}

/// Who reads the page, as the token says it: another text each time, and nothing to read for whoever sees it.
std::array<std::uint8_t, reader_size> mark_of(const Secret& key, BytesView salt, const FormTokens::Reader& reader) {
  static_assert(std::tuple_size_v<std::remove_cvref_t<decltype(reader->raw())>> == reader_size);
  std::array<std::uint8_t, salt_size + reader_size> message{};
  std::copy(salt.begin(), salt.end(), message.begin());
  if (reader) std::copy(reader->raw().begin(), reader->raw().end(), message.begin() + salt_size);
  const auto digest = crypto::hmac_sha256(key.reveal_bytes(), message);
  std::array<std::uint8_t, reader_size> mark{};
  std::copy_n(digest.begin(), reader_size, mark.begin());
  return mark;
}

/// The token's bytes; absent when it cannot be one.
std::optional<Bytes> token_bytes(std::string_view token) {
  if (token.size() != token_length) return std::nullopt;
  auto bytes = encoding::parse_base64url(token);
  if (!bytes || bytes->size() != token_size) return std::nullopt;
  return bytes;
}

}  // namespace

FormTokens::FormTokens(Secret key, Random& random) : key_(std::move(key)), random_(&random) {
  if (key_.size() != mac_size) throw std::invalid_argument{"the form token key is not 32 bytes"};
}

FormTokens::Issued FormTokens::issue(const Request& request, const Reader& reader) const {
  Issued issued;
  auto browser = cookie_bytes(request);
  if (!browser) {
    browser = to_bytes(random_->bytes<cookie_size>());
    issued.set_cookie = set_cookie(cookie_name, encoding::base64url(*browser), {});
  }
  // A fresh salt makes every token differ, so compression beside attacker-chosen text cannot reveal it (BREACH).
  const auto salt = random_->bytes<salt_size>();
  const auto mark = mark_of(key_, salt, reader);
  Bytes token{salt.begin(), salt.end()};
  token.insert(token.end(), mark.begin(), mark.end());
  const auto digest = mac(key_, token, *browser);
  token.insert(token.end(), digest.begin(), digest.end());
  issued.token = encoding::base64url(token);
  return issued;
}

bool FormTokens::matches(const Request& request, std::string_view token) const {
  const auto browser = cookie_bytes(request);
  const auto bytes = token_bytes(token);
  if (!browser || !bytes) return false;
  const BytesView all{*bytes};
  constexpr auto signed_size = salt_size + reader_size;
  return crypto::constant_time_equal(mac(key_, all.first(signed_size), *browser), all.subspan(signed_size));
}

bool FormTokens::is_for(std::string_view token, const Reader& reader) const {
  const auto bytes = token_bytes(token);
  if (!bytes) return false;
  const BytesView all{*bytes};
  return crypto::constant_time_equal(mark_of(key_, all.first(salt_size), reader), all.subspan(salt_size, reader_size));
}

}  // namespace cardea::http
