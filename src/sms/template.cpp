#include "sms/template.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "encoding/form.hpp"
#include "encoding/value.hpp"

namespace cardea::sms {
namespace {

struct Placeholder {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the brace
  std::string_view name;
};

std::optional<Placeholder> next_placeholder(std::string_view pattern, std::size_t from) {
  for (auto begin = pattern.find('{', from); begin != std::string_view::npos; begin = pattern.find('{', begin + 1)) {
    auto end = begin + 1;
    while (end < pattern.size() && pattern[end] >= 'a' && pattern[end] <= 'z') ++end;
    const bool is_one = end < pattern.size() && pattern[end] == '}' && end > begin + 1;
    if (is_one) return Placeholder{.begin = begin, .end = end + 1, .name = pattern.substr(begin + 1, end - begin - 1)};
  }
  return std::nullopt;
}

std::optional<std::string_view> value_of(std::string_view name, const Values& values) {
  if (name == "number") return values.number;
  if (name == "digits") return values.digits;
  if (name == "text") return values.text;
  if (name == "sender") return values.sender;
  if (name == "secret") return values.secret;
  if (name == "id") return values.id;
  return std::nullopt;
}

std::string escaped(std::string_view value, Escape escape) {
  switch (escape) {
    case Escape::header: {
      // A line break would begin a header of somebody else's.
      std::string line{value};
      std::erase_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
      return line;
    }
    case Escape::url:
    case Escape::form: return encoding::percent_encode(value);
    case Escape::json: {
      std::string text;
      wire::append_json_string(text, value);
      return text.substr(1, text.size() - 2);  // the quotes are the template's
    }
  }
  return {};
}

}  // namespace

std::string_view unknown_placeholder(std::string_view pattern) {
  std::size_t at = 0;
  while (const auto found = next_placeholder(pattern, at)) {
    if (!value_of(found->name, {})) return pattern.substr(found->begin, found->end - found->begin);
    at = found->end;
  }
  return {};
}

bool mentions(std::string_view pattern, std::string_view name) {
  return pattern.find("{" + std::string{name} + "}") != std::string_view::npos;
}

Secret fill(std::string_view pattern, const Values& values, Escape escape) {
  std::string out;
  std::size_t at = 0;
  while (const auto found = next_placeholder(pattern, at)) {
    out.append(pattern.substr(at, found->begin - at));
    auto value = escaped(value_of(found->name, values).value_or(""), escape);
    out.append(value);
    wipe(value);
    at = found->end;
  }
  out.append(pattern.substr(at));
  Secret filled{out};
  wipe(out);
  return filled;
}

}  // namespace cardea::sms
