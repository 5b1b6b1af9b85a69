#include "http/body.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "http/problem.hpp"

namespace cardea::http {
namespace {

std::string_view media_type(std::string_view type) { return text::trim(type.substr(0, type.find(';'))); }

/// Parameters are none, or charset=utf-8.
bool is_utf8_or_silent(std::string_view type) {
  const auto semicolon = type.find(';');
  if (semicolon == std::string_view::npos) return true;
  const std::string_view parameter = text::trim(type.substr(semicolon + 1));
  return text::equals_ignoring_case(parameter, "charset=utf-8") ||
         text::equals_ignoring_case(parameter, "charset=\"utf-8\"");
}

Result<Done> read_multipart(Call& call, std::string_view type) {
  wire::Object fields;
  for (encoding::Part& part : TRY(encoding::parse_multipart(type, call.request.body))) {
    if (part.filename) {
      call.files.push_back(std::move(part));
      continue;
    }
    if (!unicode::is_utf8(part.content)) return encoding::malformed_form;
    fields.push_back({part.name, wire::Value{std::string_view{part.content}}});
    wipe(part.content);  // it may be a password
  }
  call.form = wire::Value{std::move(fields)};
  return done;
}

/// Removes the token's member and returns it; empty when there is none.
std::string take_token(wire::Value& form) {
  auto* fields = form.get<wire::Object>();
  if (fields == nullptr) return {};
  const auto at = std::find_if(fields->begin(), fields->end(),
                               [](const wire::Member& member) { return member.name == FormTokens::field_name; });
  if (at == fields->end()) return {};
  const auto* token = at->value.get<std::string>();
  std::string text = token == nullptr ? std::string{} : *token;
  fields->erase(at);
  return text;
}

Result<Done> read_form(Call& call) {
  const std::string_view type = call.request.headers.get("Content-Type");
  if (text::equals_ignoring_case(media_type(type), "application/x-www-form-urlencoded")) {
    call.form = TRY(encoding::parse_urlencoded(call.request.body));
  } else if (text::equals_ignoring_case(media_type(type), "multipart/form-data")) {
    TRY(read_multipart(call, type));
  } else {
    return Error{wrong_media_type, "a form was expected"};
  }
  return done;
}

}  // namespace

bool is_json(const Request& request) {
  const std::string_view type = request.headers.get("Content-Type");
  return text::equals_ignoring_case(media_type(type), "application/json") && is_utf8_or_silent(type);
}

Result<Done> read_body(Call& call, const FormTokens& tokens) {
  const Surface& surface = *call.route.surface;
  switch (surface.body) {
    case BodyKind::json:
      if (call.request.body.empty() || is_json(call.request)) return done;
      return wrong_media_type;
    case BodyKind::form: TRY(read_form(call)); break;
  }
  if (surface.cross_site == CrossSite::form_token && !tokens.matches(call.request, take_token(call.form))) {
    return form_expired;
  }
  return done;
}

}  // namespace cardea::http
