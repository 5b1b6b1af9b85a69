#include "config/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace cardea::config {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr Unit units[] = {
    {"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1000}, {"us", 1},
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('.') + 1); }  // npos + 1 is 0

struct ValueText {
  std::string operator()(const Flag& flag) const { return *flag.value ? "true" : "false"; }
  std::string operator()(const Integer& integer) const { return std::to_string(*integer.value); }
  std::string operator()(const Span& span) const { return quoted(span_text(*span.value)); }
  std::string operator()(const Text& text) const { return quoted(*text.value); }
  std::string operator()(const Choice& choice) const { return quoted(choice.get()); }
  std::string operator()(const SecretFile& secret) const { return quoted(secret.path); }
  std::string operator()(const Texts& texts) const {
    std::string out = "[";
    for (const auto& text : *texts.value) out += (out.size() > 1 ? ", " : "") + quoted(text);
    return out + "]";
  }
  std::string operator()(const Tables&) const { return {}; }
};

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string key_text(std::string_view key) {
  constexpr std::size_t most = 80;
  const bool bare = !key.empty() && key.size() <= most && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string{key} : quoted(key.substr(0, most));
}

std::optional<Duration> parse_span(std::string_view text) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = text::parse_integer(text.substr(0, digits));
  if (!number) return std::nullopt;
  for (const auto& unit : units) {
    if (text.substr(digits) != unit.name) continue;
    if (*number > INT64_MAX / unit.micros) return std::nullopt;
    return Duration{*number * unit.micros};
  }
  return std::nullopt;
}

std::string span_text(Duration span) {
  if (span.count() == 0) return "0s";
  for (const auto& unit : units) {
    if (span.count() % unit.micros == 0) return std::to_string(span.count() / unit.micros) + std::string{unit.name};
  }
  return {};  // every span is whole microseconds
}

std::string range_text(const IntegerRange& range) {
  if (range.max < INT64_MAX) return fmt::format("{} to {}", range.min, range.max);
  return range.min > INT64_MIN ? fmt::format("at least {}", range.min) : "any integer";
}

std::string range_text(const SpanRange& range) { return span_text(range.min) + " to " + span_text(range.max); }

std::string value_text(const Binding& binding) { return std::visit(ValueText{}, binding); }

std::string join(std::string_view path, std::string_view key) {
  return path.empty() ? std::string{key} : std::string{path} + "." + std::string{key};
}

std::string environment_name(std::string_view full_key) {
  std::string out = "CARDEA_";
  for (const char c : full_key) {
    if (c == '.') {
      out += "__";
    } else {
      out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  return out;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > 100) return std::nullopt;  // bounds the work; no key is that long
  const std::string_view leaf = last_part(word);
  std::optional<std::string> best;
  std::size_t least = std::max<std::size_t>(2, leaf.size() / 3 + 1) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  if (best) return best;
  const auto moved =
      std::find_if(candidates.begin(), candidates.end(), [&](const auto& one) { return last_part(one) == leaf; });
  return moved == candidates.end() ? std::nullopt : std::optional{*moved};
}

}  // namespace cardea::config
