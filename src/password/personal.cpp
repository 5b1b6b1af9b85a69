#include "password/personal.hpp"

#include <algorithm>

#include "base/secret.hpp"
#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "encoding/utf8.hpp"

namespace cardea::password {
namespace {

constexpr std::size_t least_key = 3;  // a shorter word is part of too many others
constexpr std::size_t most_digits = 8;  // a date

bool is_punctuation(char32_t code) {
  const bool alphanumeric =
      (code >= U'0' && code <= U'9') || (code >= U'A' && code <= U'Z') || (code >= U'a' && code <= U'z');
  return code < 0x80 ? !alphanumeric : (code >= 0x2000 && code <= 0x206f);
}

/// The look of what is neither space nor punctuation.
std::string key_of(std::string_view text) {
  std::string bare;
  bare.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto code = unicode::next_code_point(text, i);
    if (!code) return {};
    if (!is_punctuation(*code)) unicode::append_utf8(bare, *code);
  }
  std::string key = unicode::confusable_skeleton(bare);
  wipe(bare);
  return key;
}

/// A digit, or what is one in a confusable skeleton.
bool is_digit(char c) { return (c >= '0' && c <= '9') || c == 'o' || c == 'l'; }

}  // namespace

std::vector<std::string> own_words(const Owner& owner) {
  std::vector<std::string> words;
  for (const auto word : {owner.name, owner.uid, owner.email, owner.email.substr(0, owner.email.find('@'))}) {
    words.emplace_back(word);
  }
  for (const auto part : text::split(owner.name, ' ')) words.emplace_back(part);
  std::erase_if(words, [](const std::string& word) { return word.empty(); });
  return words;
}

bool is_personal(std::string_view password, const Owner& owner) {
  std::vector<std::string> keys;
  for (const auto& word : own_words(owner)) keys.push_back(key_of(word));
  std::erase_if(keys, [](const std::string& key) { return key.size() < least_key; });
  // The longest first: the name before its parts.
  std::sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  std::string rest = key_of(password);
  bool found = false;
  for (const auto& key : keys) {
    for (std::size_t at = 0; (at = rest.find(key, at)) != std::string::npos; found = true) {
      rest.replace(at, key.size(), 1, '\n');  // so that what stood around it does not become one word
    }
  }
  std::erase(rest, '\n');
  const bool personal = found && rest.size() <= most_digits && std::all_of(rest.begin(), rest.end(), is_digit);
  wipe(rest);
  return personal;
}

}  // namespace cardea::password
