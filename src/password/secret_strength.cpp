#include "password/secret_strength.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "password/guess.hpp"

namespace cardea::password {
namespace {

constexpr std::size_t most_judged = 128;  // what begins with so much chance needs no more

// Without signs and in lower case, as they are compared.
constexpr std::string_view of_documentation[] = {
    "0123456789abcdef",
    "abcdefghijklmnop",
    "changeme",
    "correcthorsebatterystaple",
    "djangoinsecure",
    "deadbeef",
    "donotuse",
    "keyboardcat",
    "notasecret",
    "placeholder",
    "replaceme",
    "replacethis",
    "secretkeybase",
    "supersecret",
    "thisisasecret",
    "thisshouldbe",
    "averysecret",
    "averylongsecret",
    "verysecretkey",
    "your256bitsecret",
    "stringsecret",
    "yoursecret",
    "mysecret",
    "aym1sysppbydfgzld3umj1qz",  // RFC 7515 §A.1
    "mdeymzq1njc4owfiy2rlz",  // the base64 of 0123456789abcdef…
};

/// What people put into a secret when they make one up.
const std::vector<std::string>& usual_words() {
  static const std::vector<std::string> words{"cardea",   "secret", "token",  "metrics",    "example", "server",
                                              "password", "auth",   "signin", "production", "key",     "please"};
  return words;
}

/// Letters and digits alone, in lower case.
std::string essence(std::string_view secret) {
  std::string out;
  for (const char c : secret) {
    const char lower = text::lower(c);
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) out += lower;
  }
  return out;
}

/// The entropy of its octets, were each drawn as often as it occurs (Shannon), for all of them, in bits.
double octet_bits(std::string_view secret) {
  std::array<double, 256> counts{};
  for (const char c : secret) ++counts[static_cast<unsigned char>(c)];
  double bits = 0;
  for (const double count : counts) {
    if (count > 0) bits += count * std::log2(static_cast<double>(secret.size()) / count);
  }
  return bits;
}

/// The piece that it repeats, or all of it.
std::string_view period_of(std::string_view secret) {
  for (std::size_t size = 1; size <= secret.size() / 2; ++size) {
    if (secret.substr(size) == secret.substr(0, secret.size() - size)) return secret.substr(0, size);
  }
  return secret;
}

/// How many of its octets follow from the one before: the same, or the next up or down.
std::size_t steps(std::string_view secret) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < secret.size(); ++i) {
    const int step = static_cast<unsigned char>(secret[i]) - static_cast<unsigned char>(secret[i - 1]);
    if (step >= -1 && step <= 1) ++count;
  }
  return count;
}

}  // namespace

bool is_guessable(std::string_view secret, double least_bits) {
  const std::string_view piece = period_of(secret.substr(0, most_judged));
  if (octet_bits(piece) < least_bits || steps(piece) > piece.size() / 2) return true;
  std::string plain = essence(piece);
  const bool is_example = std::any_of(std::begin(of_documentation), std::end(of_documentation),
                                      [&](std::string_view one) { return plain.find(one) != std::string::npos; });
  wipe(plain);
  if (is_example) return true;
  const bool is_text = unicode::is_utf8(piece) && piece.find('\0') == std::string_view::npos;
  return is_text && guess_bits(piece, usual_words()) < least_bits;
}

}  // namespace cardea::password
