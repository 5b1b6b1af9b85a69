#include "page/translate.hpp"

namespace cardea::page {
namespace {

/// The first of these strings that there is, filled in; empty when there is none, or a variable of it has no value.
std::string sentence(const Words& words, std::initializer_list<std::string> keys, const wire::Object& data) {
  for (const auto& key : keys) {
    if (!words.has(key)) continue;
    auto text = fill(words.text(key), data);
    return text ? std::move(*text) : std::string{};
  }
  return {};
}

}  // namespace

std::optional<http::Translation> translate(const Pages& pages, const http::Request& request, const Error& error,
                                           const wire::Object& data) {
  const auto words = pages.words_asked_for(request);
  if (!words || &words->language() == &english()) return std::nullopt;
  wire::Object known = data;
  http::Translation said{.language = words->language().tag, .title = {}, .wait = {}, .details = {}};
  if (error.retry_after) {
    const auto wait = wait_text(*words, *error.retry_after);
    known.push_back({"wait", wait});
    said.wait = words->text("wait.advice", {{"wait", wait}});
  }
  const std::string code{error.kind->code};
  said.title = sentence(*words, {"problem." + code, "errors." + code + ".text"}, known);
  for (const auto& problem : error.fields) {
    said.details.push_back(sentence(*words, {problem_key(problem)}, named_in(problem, data)));
  }
  return said;
}

}  // namespace cardea::page
