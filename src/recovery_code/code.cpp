#include "recovery_code/code.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cardea::recovery_code {
namespace {

constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";  // Crockford's
constexpr std::size_t group = 4;

std::string make_code(Random& random) {
  std::string code;
  for (const std::uint8_t byte : random.bytes<code_size>()) {
    if (code.size() % (group + 1) == group) code += '-';
    code += alphabet[byte & 31U];
  }
  return code;
}

char as_written(char c) {
  if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (c == 'o') return '0';
  if (c == 'i' || c == 'l') return '1';
  return c;
}

}  // namespace

Codes make_codes(Random& random) {
  Codes codes;
  for (auto at = codes.begin(); at != codes.end();) {
    *at = make_code(random);
    if (std::find(codes.begin(), at, *at) == at) ++at;
  }
  return codes;
}

std::string to_text(const Codes& codes) {
  std::string text;
  for (const auto& code : codes) text.append(code).append("\n");
  return text;
}

std::optional<Codes> parse_codes(std::string_view text) {
  const auto lines = text::split(text, '\n');
  if (lines.size() != codes_in_a_set + 1 || !lines.back().empty()) return std::nullopt;
  Codes codes;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    if (!read_code(lines[i])) return std::nullopt;
    codes.at(i) = lines[i];
  }
  return codes;
}

std::optional<std::string> read_code(std::string_view typed) {
  constexpr std::size_t longest = 64;
  if (typed.size() > longest) return std::nullopt;
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    const char read = as_written(c);
    if (alphabet.find(read) == std::string_view::npos || code.size() == code_size) return std::nullopt;
    code += read;
  }
  if (code.size() != code_size) return std::nullopt;
  return code;
}

crypto::Digest hash_of(const Secret& key, const AccountId& account, std::string_view code) {
  std::string message;
  message.reserve(account.bytes().size() + code.size());  // so that no copy is left behind
  message.append(as_text(account.bytes())).append(code);
  const auto hash = crypto::hmac_sha256(key.reveal_bytes(), as_bytes(message));
  wipe(message);
  return hash;
}

}  // namespace cardea::recovery_code
