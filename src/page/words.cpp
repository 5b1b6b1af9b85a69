#include "page/words.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

namespace cardea::page {
namespace {

constexpr std::int64_t most_seconds = 120;  // beyond, minutes are easier to wait for

std::string text_of(const wire::Value& value) {
  if (const auto* text = value.get<std::string>()) return *text;
  const auto* number = value.get<std::int64_t>();
  return number != nullptr ? std::to_string(*number) : std::string{};
}

void forbid_missing([[maybe_unused]] const std::string& key) {
#ifndef NDEBUG
  throw std::logic_error("no string " + key + ", or no value for what it names");
#endif
}

std::string say(const Words& words, const std::string& key, const wire::Object& data, std::string_view otherwise) {
  if (words.has(key)) {
    if (auto filled = fill(words.text(key), data)) return std::move(*filled);
  }
  forbid_missing(key);
  return std::string{otherwise};
}

}  // namespace

std::optional<std::string> fill(std::string_view sentence, const wire::Object& data) {
  std::string out;
  while (true) {
    const auto open = sentence.find("{{");
    out += sentence.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = sentence.find("}}", open);
    if (close == std::string_view::npos) return out;
    const auto name = sentence.substr(open + 2, close - open - 2);
    const auto at = std::find_if(data.begin(), data.end(), [&](const auto& member) { return member.name == name; });
    if (at == data.end()) return std::nullopt;
    out += text_of(at->value);
    sentence.remove_prefix(close + 2);
  }
}

wire::Object named_in(const FieldError& problem, const wire::Object& data) {
  wire::Object named;
  if (problem.limit) named.push_back({"limit", *problem.limit});
  named.insert(named.end(), data.begin(), data.end());
  return named;
}

std::string problem_key(const FieldError& problem) {
  std::string key = "problem." + problem.code;
  if (!problem.variant.empty()) key.append(".").append(problem.variant);
  return key;
}

std::string_view Words::text(std::string_view key) const {
  const auto found = strings_->find(key);
  return found == strings_->end() ? key : std::string_view{found->second};
}

std::string Words::text(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values) const {
  wire::Object data;
  for (const auto& [name, value] : values) data.push_back({name, value});
  const auto sentence = text(key);
  return fill(sentence, data).value_or(std::string{sentence});
}

std::string Words::counted(std::string_view key, std::int64_t count) const {
  return text(fmt::format("{}.{}", key, language_->plural(count)), {{"count", std::to_string(count)}});
}

std::vector<FieldError> problems_of(const Words& words, const Error* error, const wire::Object& data) {
  if (error == nullptr) return {};
  if (error->fields.empty()) {
    wire::Object known{{"wait", wait_text(words, error->retry_after.value_or(std::chrono::seconds{1}))}};
    known.insert(known.end(), data.begin(), data.end());
    return {{"", std::string{error->kind->code},
             say(words, "problem." + std::string{error->kind->code}, known, error->kind->title)}};
  }
  auto problems = error->fields;
  for (auto& problem : problems) {
    problem.detail = say(words, problem_key(problem), named_in(problem, data), problem.detail);
  }
  return problems;
}

std::string wait_text(const Words& words, std::chrono::microseconds wait) {
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  return seconds <= most_seconds ? words.counted("wait.seconds", seconds)
                                 : words.counted("wait.minutes", (seconds + 59) / 60);
}

namespace {

std::string day_text(const Words& words, Time at) {
  const Date date{std::chrono::floor<std::chrono::days>(at)};
  const auto month = fmt::format("month.{}", static_cast<unsigned>(date.month()));
  return words.text("date.day", {{"day", std::to_string(static_cast<unsigned>(date.day()))},
                                 {"month", std::string{words.text(month)}},
                                 {"year", std::to_string(static_cast<int>(date.year()))}});
}

}  // namespace

std::string instant_text(const Words& words, Time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss clock{std::chrono::floor<std::chrono::minutes>(at - day)};
  const auto time = fmt::format("{:02}:{:02}", clock.hours().count(), clock.minutes().count());
  return words.text("date.time", {{"day", day_text(words, at)}, {"time", time}});
}

wire::Value instant(const Words& words, Time at) {
  return wire::Object{{"iso", rfc3339(at)}, {"text", instant_text(words, at)}, {"day", day_text(words, at)}};
}

std::string label_of(const Words& words, std::string_view name, std::string_view own_label) {
  if (!own_label.empty()) return std::string{own_label};
  const auto key = "field." + std::string{name};
  return std::string{words.has(key) ? words.text(key) : name};
}

}  // namespace cardea::page
