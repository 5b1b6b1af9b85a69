#include "config/set.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/load.hpp"
#include "config/secret_file.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

Error wrong(std::string detail) { return Error{wrong_settings, std::move(detail)}; }

/// A value in a message; long ones are cut.
std::string shown(std::string_view text) { return quoted(text.substr(0, 60)); }

Error not_in_range(std::string_view value, std::string_view range) {
  return wrong(fmt::format("{} is out of range, allowed is {}", value, range));
}

struct Setter {
  const TomlValue& given;
  const std::optional<std::string>& credentials_directory;

  Result<Done> operator()(Flag& flag) const {
    const auto* value = std::get_if<bool>(&given.value);
    if (value == nullptr) return wrong("expects true or false");
    *flag.value = *value;
    return done;
  }

  Result<Done> operator()(Integer& integer) const {
    const auto* value = std::get_if<std::int64_t>(&given.value);
    if (value == nullptr) return wrong("expects an integer");
    if (*value < integer.range.min || *value > integer.range.max) {
      return not_in_range(std::to_string(*value), range_text(integer.range));
    }
    *integer.value = *value;
    return done;
  }

  Result<Done> operator()(Span& span) const {
    const auto* text = std::get_if<std::string>(&given.value);
    if (text == nullptr) return wrong("expects a span of time as text, such as \"15m\"");
    const auto value = parse_span(*text);
    if (!value) {
      return wrong(shown(*text) +
                   " is not a span of time: write a whole number and one of us ms s m h d, such as \"15m\"");
    }
    if (*value < span.range.min || *value > span.range.max) {
      return not_in_range(*text, range_text(span.range));
    }
    *span.value = *value;
    return done;
  }

  Result<Done> operator()(Text& text) const {
    const auto* value = std::get_if<std::string>(&given.value);
    if (value == nullptr) return wrong("expects text in quotes");
    *text.value = *value;
    return done;
  }

  Result<Done> operator()(Choice& choice) const {
    const auto* value = std::get_if<std::string>(&given.value);
    const auto& texts = choice.texts;
    if (value == nullptr) return wrong(fmt::format("expects one of {}", fmt::join(texts, ", ")));
    if (std::find(texts.begin(), texts.end(), *value) == texts.end()) {
      return wrong(fmt::format("{} is not one of {}", shown(*value), fmt::join(texts, ", ")));
    }
    choice.set(*value);
    return done;
  }

  Result<Done> operator()(Texts& texts) const {
    const auto* items = std::get_if<TomlArray>(&given.value);
    std::vector<std::string> values;
    for (const auto& item : items == nullptr ? TomlArray{} : *items) {
      if (const auto* text = std::get_if<std::string>(&item.value)) values.push_back(*text);
    }
    if (items == nullptr || values.size() != items->size())
      return wrong("expects a list of texts, such as [\"a\", \"b\"]");
    *texts.value = std::move(values);
    return done;
  }

  Result<Done> operator()(SecretFile& secret) const {
    const auto* path = std::get_if<std::string>(&given.value);
    if (path == nullptr) return wrong("expects the path of a file, in quotes");
    if (!path->empty()) *secret.value = TRY(read_secret(*path, credentials_directory));
    secret.path = *path;
    return done;
  }

  Result<Done> operator()(Tables&) const { return wrong("expects tables"); }
};

TomlArray split_list(std::string_view text) {
  TomlArray items;
  if (text::trim(text).empty()) return items;
  for (const auto piece : text::split(text, ',')) items.push_back({std::string{text::trim(piece)}, 1});
  return items;
}

/// Parses "v = …" and takes the value; anything behind it is refused.
Result<TomlValue> parse_value(const std::string& toml) {
  auto parsed = parse_toml("v = " + toml);
  if (!parsed.ok() || parsed->size() != 1 || parsed->front().key != "v") return wrong("expects one TOML value");
  return std::move(parsed->front().value);
}

}  // namespace

Result<Done> set(Binding& binding, const TomlValue& value, const std::optional<std::string>& credentials_directory) {
  return std::visit(Setter{value, credentials_directory}, binding);
}

Result<TomlValue> from_environment(const Binding& binding, const std::string& text) {
  if (std::holds_alternative<Flag>(binding)) {
    if (text == "true" || text == "false") return TomlValue{text == "true", 1};
    return wrong("expects true or false");
  }
  if (std::holds_alternative<Integer>(binding)) {
    const auto number = text::parse_integer(text);
    if (!number) return wrong("expects an integer");
    return TomlValue{*number, 1};
  }
  if (std::holds_alternative<Tables>(binding)) return parse_value(text);
  const auto valid = parse_value(quoted(text));  // the environment, unlike the file, may hold any octets
  if (!valid.ok()) return wrong("is not UTF-8");
  if (std::holds_alternative<Texts>(binding)) return TomlValue{split_list(text), 1};
  return TomlValue{text, 1};
}

}  // namespace cardea::config
