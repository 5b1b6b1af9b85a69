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

/// The sentence with its variables filled in from `data`; one that is not there is left out.
std::string fill(std::string_view sentence, const wire::Object& data) {
  std::string out;
  while (true) {
    const auto open = sentence.find("{{");
    out += sentence.substr(0, open);
    if (open == std::string_view::npos) return out;
    const auto close = sentence.find("}}", open);
    if (close == std::string_view::npos) return out;
    const auto name = sentence.substr(open + 2, close - open - 2);
    const auto at = std::find_if(data.begin(), data.end(), [&](const auto& member) { return member.name == name; });
    if (at != data.end()) out += text_of(at->value);
    sentence.remove_prefix(close + 2);
  }
}

void forbid_missing([[maybe_unused]] const std::string& key) {
#ifndef NDEBUG
  throw std::logic_error("no string " + key);
#endif
}

std::string say(const Pages& pages, const std::string& key, const wire::Object& data, std::string_view otherwise) {
  if (pages.has_string(key)) return fill(pages.string(key), data);
  forbid_missing(key);
  return std::string{otherwise};
}

}  // namespace

std::vector<FieldError> problems_of(const Pages& pages, const Error* error, const wire::Object& data) {
  if (error == nullptr) return {};
  if (error->fields.empty()) {
    wire::Object known{{"wait", wait_text(pages, error->retry_after.value_or(std::chrono::seconds{1}))}};
    known.insert(known.end(), data.begin(), data.end());
    return {{"", std::string{error->kind->code},
             say(pages, "problem." + std::string{error->kind->code}, known, error->kind->title)}};
  }
  auto problems = error->fields;
  for (auto& problem : problems) {
    wire::Object known;
    if (problem.limit) known.push_back({"limit", *problem.limit});
    known.insert(known.end(), data.begin(), data.end());
    std::string key = "problem." + problem.code;
    if (!problem.variant.empty()) key.append(".").append(problem.variant);
    problem.detail = say(pages, key, known, problem.detail);
  }
  return problems;
}

std::string wait_text(const Pages& pages, std::chrono::microseconds wait) {
  const auto seconds = std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
  if (seconds == 1) return std::string{pages.string("wait.second")};
  if (seconds <= most_seconds) return pages.string("wait.seconds", {{"count", std::to_string(seconds)}});
  return pages.string("wait.minutes", {{"count", std::to_string((seconds + 59) / 60)}});
}

}  // namespace cardea::page
