#include "login/code_pages.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "encoding/form.hpp"
#include "page/form.hpp"

namespace cardea::login {
namespace {

constexpr std::int64_t tries_before_hint = 3;

/// How often a code was refused on this page. The form carries it, for a hint alone: what is allowed is counted
/// elsewhere.
std::int64_t tries_of(const http::Call& call) {
  const auto tries = text::parse_integer(page::typed(call.form, "tries")).value_or(0);
  const bool is_post = !http::is_safe(call.request.method);
  return std::clamp<std::int64_t>(tries, 0, 99) + (is_post ? 1 : 0);
}

}  // namespace

wire::Object code_input(const Deps& deps, const http::Call& call, const CodeChoice& choice) {
  const auto words = deps.pages.words(call);
  const auto& all = choice.methods;
  const bool is_theirs = choice.chosen && std::find(all.begin(), all.end(), *choice.chosen) != all.end();
  const AuthMethod method = is_theirs ? *choice.chosen : all.front();
  const std::string name{enum_text(method)};
  wire::Array others;
  for (const AuthMethod other : all) {
    if (other == method) continue;
    const std::string other_name{enum_text(other)};
    others.emplace_back(wire::Object{
        {"href", std::string{choice.page} + "/" + other_name + "?next=" + encoding::percent_encode(choice.next)},
        {"label", words.text("method." + other_name)}});
  }
  const auto how = "code_how." + name;
  const auto tries = tries_of(call);
  return {{"method", name},
          {"how", words.has(how) ? words.text(how) : std::string_view{}},
          {"code_label", words.text("method." + name)},
          {"is_digits", method != AuthMethod::recovery_code},
          {"asks", wire::Object{{name, true}}},
          {"code_page", choice.page},
          {"has_others", !others.empty()},
          {"others", std::move(others)},
          {"tries", tries},
          {"clock_hint", method == AuthMethod::totp && tries >= tries_before_hint}};
}

std::optional<AuthMethod> asked_method(const http::Call& call) {
  const auto posted = page::typed(call.form, "method");
  if (!posted.empty()) return parse_enum<AuthMethod>(posted);
  return call.params.empty() ? std::nullopt : parse_enum<AuthMethod>(call.param(0));
}

}  // namespace cardea::login
