#include "http/body.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "http/problem.hpp"

namespace cardea::http {
namespace {

std::string_view media_type(std::string_view type) { return text::trim(type.substr(0, type.find(';'))); }

/// Takes the first parameter off, up to a ";" that stands outside quotes.
std::string_view take_parameter(std::string_view& parameters) {
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < parameters.size() && (is_quoted || parameters[end] != ';'); ++end) {
    if (parameters[end] == '"') is_quoted = !is_quoted;
    if (parameters[end] == '\\' && is_quoted) ++end;
  }
  const std::string_view parameter = text::trim(parameters.substr(0, end));
  parameters.remove_prefix(std::min(parameters.size(), end + 1));
  return parameter;
}

bool is_utf8_name(std::string_view charset) {
  if (charset.size() >= 2 && charset.starts_with('"') && charset.ends_with('"')) {
    charset = charset.substr(1, charset.size() - 2);
  }
  // The last is not registered and often meant.
  constexpr std::array<std::string_view, 3> names{"utf-8", "us-ascii", "utf8"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return text::equals_ignoring_case(charset, name); });
}

/// Whether no parameter names another charset.
bool is_utf8_or_silent(std::string_view type) {
  std::string_view parameters = type.substr(std::min(type.size(), type.find(';')));
  while (!parameters.empty()) {
    const std::string_view parameter = take_parameter(parameters);
    const auto equals = std::min(parameter.size(), parameter.find('='));
    if (!text::equals_ignoring_case(text::trim(parameter.substr(0, equals)), "charset")) continue;
    if (!is_utf8_name(text::trim(parameter.substr(std::min(parameter.size(), equals + 1))))) return false;
  }
  return true;
}

/// Whether the body is coded, as by gzip. "identity" says that it is not (RFC 9110 §12.5.3).
bool is_coded(const Headers& headers) {
  const auto codings = list_items(headers, "Content-Encoding");
  return std::any_of(codings.begin(), codings.end(),
                     [](std::string_view coding) { return !text::equals_ignoring_case(coding, "identity"); });
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

Result<std::string> read_body(Call& call, const FormTokens& tokens) {
  const Surface& surface = *call.route.surface;
  if (!call.request.body.empty() && is_coded(call.request.headers)) return wrong_content_coding;
  switch (surface.body) {
    case BodyKind::json:
      // No route reads the body of DELETE, which no page can send to another origin without asking.
      if (call.request.method == Method::del) return std::string{};
      if (call.request.body.empty() || is_json(call.request)) return std::string{};
      return wrong_media_type;
    case BodyKind::form: TRY(read_form(call)); break;
  }
  if (surface.cross_site != CrossSite::form_token) return std::string{};
  std::string token = take_token(call.form);
  if (!tokens.matches(call.request, token)) return form_expired;
  return token;
}

}  // namespace cardea::http
