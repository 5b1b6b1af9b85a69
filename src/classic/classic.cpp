#include "classic/classic.hpp"

namespace cardea::classic {

Error with_message(const ErrorKind& kind, std::string field, std::string message) {
  std::string code{kind.code.substr(kind.code.find('.') + 1)};
  return Error{kind, std::vector<FieldError>{{std::move(field), std::move(code), std::move(message)}}};
}

std::string text_of(const wire::Value& body, std::string_view name) {
  const auto* value = body.find(name);
  const auto* text = value != nullptr ? value->get<std::string>() : nullptr;
  return text != nullptr ? *text : std::string{};
}

Result<wire::Value> read_object(const http::Call& call) {
  auto body = TRY(wire::parse(call.request.body));
  if (!body.is<wire::Object>()) return wire::malformed_json;
  return body;
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "classic"};
  for (auto routes : {user_routes(deps), sign_in_routes(deps), note_routes(deps)}) {
    for (auto& each : routes) feature.routes.push_back(std::move(each));
  }
  feature.errors = {&name_missing, &uid_missing,    &dob_format,          &not_processed,    &user_not_found,
                    &id_not_found, &update_refused, &credentials_missing, &credentials_wrong};
  return feature;
}

}  // namespace cardea::classic
