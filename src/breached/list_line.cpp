#include "breached/list_line.hpp"

#include <algorithm>

namespace cardea::breached {
namespace {

constexpr std::size_t sha1_digits = 40;
constexpr std::size_t ntlm_digits = 32;
constexpr std::size_t prefix_digits = 5;
constexpr std::size_t most_count_digits = 19;

std::optional<std::uint32_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint32_t>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<std::uint32_t>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<std::uint32_t>(c - 'a' + 10);
  return std::nullopt;
}

bool is_hexadecimal(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return digit(c).has_value(); });
}

bool is_count(std::string_view text) {
  return !text.empty() && text.size() <= most_count_digits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_zero(std::string_view count) { return count.find_first_not_of('0') == std::string_view::npos; }

/// Of hexadecimal digits that are the first, or those behind the prefix.
Key key_of_digits(std::uint32_t prefix, std::string_view suffix) {
  std::uint32_t rest = 0;
  for (std::size_t i = 0; i < 8; ++i) rest = rest << 4U | digit(suffix[i]).value_or(0);
  return {.range = prefix, .rest = rest >> (32 - rest_bits)};
}

}  // namespace

std::optional<std::uint32_t> prefix_of(std::string_view text) {
  if (text.size() != prefix_digits || !is_hexadecimal(text)) return std::nullopt;
  std::uint32_t prefix = 0;
  for (const char c : text) prefix = prefix << 4U | digit(c).value_or(0);
  return prefix;
}

Result<std::optional<Key>> ListLines::read(std::string_view line) {
  const auto wrong = [](const char* what) { return Error{unusable, what}; };
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.empty()) return std::optional<Key>{};
  if (const auto prefix = prefix_of(line)) {
    prefix_ = prefix;
    return std::optional<Key>{};
  }
  const auto colon = line.find(':');
  const auto hash = line.substr(0, colon);
  if (colon == std::string_view::npos || !is_hexadecimal(hash) || !is_count(line.substr(colon + 1))) {
    return wrong("it is not HASH:COUNT, as Have I Been Pwned writes it");
  }
  if (hash.size() == ntlm_digits || hash.size() == ntlm_digits - prefix_digits) {
    return wrong("it is an NTLM hash; download the list of SHA-1 hashes");
  }
  const bool is_zero_times = is_zero(line.substr(colon + 1));
  if (hash.size() == sha1_digits) {
    const auto key = key_of_digits(*prefix_of(hash.substr(0, prefix_digits)), hash.substr(prefix_digits));
    return is_zero_times ? std::optional<Key>{} : std::optional{key};
  }
  if (hash.size() != sha1_digits - prefix_digits) {
    return wrong("its hash has neither the 40 digits of SHA-1, nor the 35 of a range");
  }
  if (!prefix_) {
    return wrong(
        "it has the 35 digits of a range, and nothing says of which; name the folder with the files of ranges");
  }
  return is_zero_times ? std::optional<Key>{} : std::optional{key_of_digits(*prefix_, hash)};
}

}  // namespace cardea::breached
