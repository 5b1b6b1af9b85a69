#include <algorithm>
#include <optional>
#include <stdexcept>

#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "identity/profile.hpp"

namespace cardea::identity {
namespace {

constexpr wire::Limits any_stored{.depth = 32, .members = 1'000'000};  // more than any set that is declared

struct Written {
  std::string& out;
  void operator()(const std::string& words) const { wire::append_json_string(out, words); }
  void operator()(std::int64_t number) const { wire::append_json_integer(out, number); }
  void operator()(const Json& json) const { out += json.text; }
};

}  // namespace

std::string stored_text(const Profile& profile) {
  std::string out = "{";
  for (const auto& [name, value] : profile) {
    if (out.size() > 1) out += ',';
    wire::append_json_string(out, name);
    out += ':';
    std::visit(Written{out}, value);
  }
  out += '}';
  return out;
}

namespace {

/// Takes a text without escapes, quotes included, from the front.
std::optional<std::string_view> take_plain_text(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  const auto is_plain = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\'; };
  const auto* const begin = rest.data() + 1;
  const auto* const end = std::find_if_not(begin, rest.data() + rest.size(), is_plain);
  const std::string_view text{begin, static_cast<std::size_t>(end - begin)};
  rest.remove_prefix(1 + text.size());
  if (!rest.starts_with('"') || !unicode::is_utf8(text)) return std::nullopt;
  rest.remove_prefix(1);
  return text;
}

/// Takes a whole number as it is written, from the front.
std::optional<std::int64_t> take_number(std::string_view& rest) {
  const auto is_in_it = [](char c) { return c == '-' || (c >= '0' && c <= '9'); };
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_in_it);
  const std::string_view digits = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  if (digits != "0" && (digits.starts_with('0') || digits.starts_with("-0"))) return std::nullopt;
  rest.remove_prefix(digits.size());
  return text::parse_integer(digits);
}

bool take(std::string_view& rest, char expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(1);
  return true;
}

/// Reads a profile that stored_text() wrote without an escape, as it mostly is. False for anything else, which is the
/// parser's to judge.
bool read_plain_text(std::string_view rest, ProfileView& profile) {
  if (!take(rest, '{')) return false;
  for (bool is_first = true; !rest.starts_with('}'); is_first = false) {
    if (!is_first && !take(rest, ',')) return false;
    const auto name = take_plain_text(rest);
    if (!name || !take(rest, ':')) return false;
    const bool is_last = is_first || profile.back().name < *name;  // as they are written
    if (!is_last) return false;
    if (rest.starts_with('"')) {
      const auto words = take_plain_text(rest);
      if (!words) return false;
      profile.add(*name, *words);
    } else {
      const auto number = take_number(rest);
      if (!number) return false;
      profile.add(*name, *number);
    }
  }
  return rest == "}";
}

Profile parse_stored_text(std::string_view text) {
  auto value = wire::parse(text, any_stored);
  auto* members = value ? value->get<wire::Object>() : nullptr;
  if (members == nullptr) throw std::runtime_error("a stored profile is not an object");
  Profile profile;
  for (auto& [name, member] : *members) {
    if (auto* words = member.get<std::string>()) {
      profile.emplace(std::move(name), std::move(*words));
    } else if (const auto* number = member.get<std::int64_t>()) {
      profile.emplace(std::move(name), *number);
    } else if (member.is<std::nullptr_t>()) {
      throw std::runtime_error("a stored profile has a value of no type");
    } else {
      profile.emplace(std::move(name), Json{wire::to_json(member)});
    }
  }
  return profile;
}

}  // namespace

Profile from_stored_text(std::string_view text) {
  ProfileView plain;
  if (!read_plain_text(text, plain)) return parse_stored_text(text);
  Profile profile;
  for (const auto& [name, value] : plain) {
    const auto* words = std::get_if<std::string_view>(&value);  // a plain one has no other JSON
    profile.emplace_hint(profile.end(), name,
                         words != nullptr ? ProfileValue{std::string{*words}} : std::get<std::int64_t>(value));
  }
  return profile;
}

ProfileView view_stored_text(std::string_view text, Profile& parsed) {
  ProfileView profile;
  if (!read_plain_text(text, profile)) {
    parsed = parse_stored_text(text);
    profile = ProfileView{parsed};
  }
  return profile;
}

}  // namespace cardea::identity
