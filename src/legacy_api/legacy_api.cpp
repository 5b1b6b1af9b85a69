#include "legacy_api/legacy_api.hpp"

namespace cardea::legacy_api {

Error with_message(const ErrorKind& kind, std::vector<FieldError> problems, std::string message) {
  problems.front().detail = std::move(message);
  return Error{kind, std::move(problems)};
}

FeatureEntry entry() {
  return {.switch_name = "legacy_api",
          .surface = &surface(),
          .switch_doc = "The older contract, below /api.",
          .make = [](const Host& host) {
            return feature({.authn = host.authn, .listing = host.settings.of<identity::ListingSettings>()});
          }};
}

Feature feature(const Deps& deps) {
  Feature feature{.name = "legacy_api"};
  for (auto routes : {user_routes(deps), sign_in_routes(deps)}) {
    for (auto& each : routes) feature.routes.push_back(std::move(each));
  }
  feature.errors_hint = "error_list.classic";
  feature.errors = {&name_missing, &uid_missing,    &dob_format,          &not_processed,    &user_not_found,
                    &id_not_found, &update_refused, &credentials_missing, &credentials_wrong};
  return feature;
}

}  // namespace cardea::legacy_api
