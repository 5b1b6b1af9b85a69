#include "encoding/value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "base/char_set.hpp"
#include "encoding/utf8.hpp"

namespace cardea::wire {
namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
  }
  const auto code = static_cast<unsigned char>(c);
  out += "\\u00";
  out += digits[code >> 4U];
  out += digits[code & 15U];
}

constexpr bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' ||
         c == '\x7f';
}

/// What goes out as it is, one by one: ASCII without escapes, which is nearly everything.
constexpr CharSet plain{[](char c) { return static_cast<unsigned char>(c) < 0x80 && !needs_escape(c); }};

/// Whether eight characters all go out as they are, as `plain` has it, looked at in one word: the high bit of a byte
/// tells that it is odd. What is borrowed from the next byte makes that one look odd too, but never hides one.
bool are_plain(const char* eight) {
  constexpr std::uint64_t ones = 0x0101'0101'0101'0101;
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  const auto is = [](std::uint64_t bytes, char c) {
    const std::uint64_t difference = bytes ^ (ones * static_cast<unsigned char>(c));
    return (difference - ones) & ~difference;
  };
  // '"' and '&' differ in one bit, '<' and '>' in another.
  const std::uint64_t odd = word | (word - ones * 0x20) | is(word | ones * 4, '&') | is(word | ones * 2, '>') |
                            is(word, '\\') | is(word, '\x7f');
  return (odd & ones * 0x80) == 0;
}

/// The first character from `at` on that does not go out as it is, or the end.
const char* end_of_plain(const char* at, const char* end) {
  const char* const begin = at;
  while (end - at >= 8 && are_plain(at)) at += 8;
  if (at != begin && end - at < 8 && are_plain(end - 8)) return end;
  while (at != end && plain.contains(*at)) ++at;
  return at;
}

void append(std::string& out, const char* from, const char* to) {
  out.append(from, static_cast<std::size_t>(to - from));
}

void append_number(std::string& out, double number) {
  if (!std::isfinite(number)) throw std::invalid_argument("a number that is not finite has no JSON text");
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  out += text;
  // Without a point it would be read back as an integer.
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

void append(std::string& out, const Array& items) {
  out += '[';
  for (const auto& item : items) {
    if (&item != items.data()) out += ',';
    append_json(out, item);
  }
  out += ']';
}

void append(std::string& out, const Object& members) {
  out += '{';
  for (const auto& member : members) {
    if (&member != members.data()) out += ',';
    append_json_string(out, member.name);
    out += ':';
    append_json(out, member.value);
  }
  out += '}';
}

}  // namespace

Value::Value(Array items) : state_(std::move(items)) {}
Value::Value(Object members) : state_(std::move(members)) {}

Value& Value::operator=(const Value& other) {
  if (this != &other) *this = Value(other);
  return *this;
}

Value& Value::operator=(Value&& other) noexcept {
  if (this == &other) return *this;
  // `other` may stand inside what is about to be replaced, so it is taken out first.
  State taken = std::move(other.state_);
  if (auto* text = std::get_if<std::string>(&other.state_)) wipe(*text);
  if (auto* text = std::get_if<std::string>(&state_)) wipe(*text);
  state_ = std::move(taken);
  if (auto* text = std::get_if<std::string>(&taken)) wipe(*text);
  return *this;
}

Value::~Value() {
  if (auto* text = std::get_if<std::string>(&state_)) wipe(*text);
}

bool operator==(const Member& a, const Member& b) { return a.name == b.name && a.value == b.value; }
bool operator==(const Value& a, const Value& b) { return a.state() == b.state(); }

const Value* Value::find(std::string_view name) const {
  const auto* members = get<Object>();
  if (members == nullptr) return nullptr;
  for (const auto& member : *members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

void append_json(std::string& out, const Value& value) {
  if (value.is<std::nullptr_t>()) out += "null";
  if (const auto* flag = value.get<bool>()) out += *flag ? "true" : "false";
  if (const auto* whole = value.get<std::int64_t>()) append_json_integer(out, *whole);
  if (const auto* number = value.get<double>()) append_number(out, *number);
  if (const auto* text = value.get<std::string>()) append_json_string(out, *text);
  if (const auto* items = value.get<Array>()) append(out, *items);
  if (const auto* members = value.get<Object>()) append(out, *members);
}

std::string to_json(const Value& value) {
  std::string out;
  append_json(out, value);
  return out;
}

void append_json_integer(std::string& out, std::int64_t number) {
  std::array<char, 20> digits{};  // the least has 20
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  append(out, digits.data(), end);
}

void append_json_string(std::string& out, std::string_view text) {
  const char* const end = text.data() + text.size();
  const char* copied = text.data();  // up to here the text is in `out`; what needs no escape is copied in one piece
  const char* at = end_of_plain(copied, end);
  out += '"';
  for (; at != end; at = end_of_plain(at, end)) {
    const bool escaped = needs_escape(*at);
    std::size_t next = static_cast<std::size_t>(at - text.data());
    if (!escaped && unicode::next_code_point(text, next)) {
      at = text.data() + next;
      continue;
    }
    append(out, copied, at);
    if (escaped) {
      append_escaped(out, *at++);
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD: whatever it was, the receiver gets valid JSON
      at = text.data() + next;
    }
    copied = at;
  }
  append(out, copied, end);
  out += '"';
}

}  // namespace cardea::wire
