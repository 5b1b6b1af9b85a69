#include "app/error_reference.hpp"
#include "app/house.hpp"
#include "legacy_api/legacy_api.hpp"
#include "login/login.hpp"
#include "note/note.hpp"
#include "people/people.hpp"
#include "self_service/self_service.hpp"
#include "signup/signup.hpp"

namespace cardea::app {

std::vector<Feature> features(const Parts& parts) {
  const auto& [settings, account, authn, keyring, pages, metrics] = parts;
  auto& database = authn.database;
  std::vector<Feature> all{
      system_feature(parts),
      {.name = "page", .routes = pages.asset_routes()},
      signup::feature({.authn = authn, .pages = pages}),
      login::feature({.authn = authn, .pages = pages}),
      self_service::feature({.authn = authn, .pages = pages}),
      people::feature({.account = account, .settings = settings.listing, .pages = pages}),
      legacy_api::feature({.authn = authn, .listing = settings.listing}),
      note::feature({.database = database, .random = authn.random, .settings = settings.note}, pages,
                    legacy_api::surface()),
      {.name = "keyring", .routes = keyring::routes(keyring), .periodic = {keyring.rotate_job()}},
      {.name = "jobs", .periodic = {jobs::lease_sweep_job(database)}},
      {.name = "session", .periodic = {session::sweep_job(database)}},
      {.name = "throttle", .periodic = {throttle::sweep_job(database)}},
      {.name = "audit", .periodic = {audit::seal_job(database)}},
      {.name = "account", .events = account::events(), .permissions = account::permissions()},
      {.name = "authn", .events = authn::events()},
  };
  all.push_back(error_reference(pages, error_catalogue(all)));  // last: it knows what the others may answer
  return all;
}

}  // namespace cardea::app
