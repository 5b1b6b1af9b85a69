#include "http/message.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "encoding/form.hpp"
#include "encoding/unicode.hpp"

namespace cardea::http {
namespace {

struct Named {
  std::string_view text;
  Method method;
};
constexpr std::array<Named, 7> methods{{{"GET", Method::get},
                                        {"HEAD", Method::head},
                                        {"POST", Method::post},
                                        {"PUT", Method::put},
                                        {"PATCH", Method::patch},
                                        {"DELETE", Method::del},
                                        {"OPTIONS", Method::options}}};

// At most 32 of them: a set of those seen is one word.
constexpr std::array<std::string_view, 13> singletons{
    "Authorization",  "Content-Type",   "Content-Length", "Host",
    "Origin",         "Referer",        "User-Agent",     "Access-Control-Request-Method",
    "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User",
    "Idempotency-Key"};

/// The place of a header's name in `singletons`; their number when it may occur more than once.
std::size_t singleton_index(std::string_view name) {
  std::size_t i = 0;
  while (i < singletons.size() &&
         !(singletons[i].size() == name.size() && text::equals_ignoring_case(singletons[i], name))) {
    ++i;
  }
  return i;
}

std::optional<std::string> decode(std::string_view raw) {
  auto decoded = encoding::percent_decode(raw, true);
  if (!decoded || !unicode::is_utf8(*decoded)) return std::nullopt;
  return decoded;
}

/// One parameter as sent.
struct Parameter {
  std::string_view name;
  std::string_view value;
};

/// Takes the first parameter off `query`. Empty ones, as in "a=1&&b=2", are passed over; absent at the end.
std::optional<Parameter> take_parameter(std::string_view& query) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
    return Parameter{pair.substr(0, equals), value};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Method> parse_method(std::string_view text) {
  for (const Named& named : methods) {
    if (named.text == text) return named.method;
  }
  return std::nullopt;
}

bool repeats_singleton(const Headers& headers) {
  std::uint32_t seen = 0;
  for (const Header& field : headers.fields()) {
    const std::size_t index = singleton_index(field.name);
    if (index == singletons.size()) continue;
    const std::uint32_t bit = std::uint32_t{1} << index;
    if ((seen & bit) != 0) return true;
    seen |= bit;
  }
  return false;
}

std::string_view to_text(Method method) { return methods[static_cast<std::size_t>(method)].text; }

Headers& Headers::operator=(const Headers& other) {
  if (this == &other) return *this;
  fields_.clear();
  texts_ = {};
  for (const Header& field : other.fields_) {
    if (field.is_constant) {
      fields_.push_back(field);
    } else {
      add(field.name, field.value);
    }
  }
  return *this;
}

void Headers::set(std::string_view name, std::string_view value) {
  const auto is_same = [&](const Header& field) { return text::equals_ignoring_case(field.name, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), is_same);
  if (first == fields_.end()) {
    add(name, value);
    return;
  }
  *first = {first->name, texts_.keep(value)};
  fields_.erase_from(std::remove_if(first + 1, fields_.end(), is_same));
}

std::string_view Headers::get(std::string_view name) const {
  for (const Header& field : fields_) {
    if (text::equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

bool Headers::has(std::string_view name) const {
  return std::any_of(fields_.begin(), fields_.end(),
                     [&](const Header& field) { return text::equals_ignoring_case(field.name, name); });
}

std::vector<std::string_view> list_items(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> items;
  for (const Header& field : headers.fields()) {
    if (!text::equals_ignoring_case(field.name, name)) continue;
    for (const std::string_view piece : text::split(field.value, ',')) {
      const std::string_view item = text::trim(piece);
      if (!item.empty()) items.push_back(item);
    }
  }
  return items;
}

bool is_query(std::string_view query) {
  std::vector<std::string> names;
  while (const auto parameter = take_parameter(query)) {
    auto name = decode(parameter->name);
    if (!name || !decode(parameter->value)) return false;
    names.push_back(*std::move(name));
  }
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  std::optional<std::string_view> found;
  while (const auto parameter = take_parameter(query)) {
    if (decode(parameter->name) != name) continue;
    if (found) return std::nullopt;
    found = parameter->value;
  }
  return found ? decode(*found) : std::nullopt;
}

}  // namespace cardea::http
