#include "account/account.hpp"
#include "app/error_reference.hpp"
#include "app/house.hpp"
#include "legacy_api/legacy_api.hpp"
#include "people/people.hpp"
#include "login/login.hpp"
#include "signup/signup.hpp"

namespace cardea::app {

std::vector<Feature> features(const Parts& parts) {
  const auto& [settings, authn, keyring, pages, metrics] = parts;
  auto& database = authn.database;
  std::vector<Feature> all{
      system_feature(parts),
      {.name = "page", .routes = pages.asset_routes()},
      signup::feature({.authn = authn, .pages = pages}),
      login::feature({.authn = authn, .pages = pages}),
      account::feature({.authn = authn, .note = settings.note, .pages = pages}),
      note::feature({.database = database, .random = authn.random, .settings = settings.note}),
      people::feature({.authn = authn, .settings = settings.directory, .pages = pages}),
      legacy_api::feature({.authn = authn, .directory = settings.directory, .note = settings.note}),
      keyring::feature(keyring),
      {.name = "jobs", .jobs = {jobs::lease_sweep_job(database)}},
      {.name = "session", .jobs = {session::sweep_job(database)}},
      {.name = "throttle", .jobs = {throttle::sweep_job(database)}},
      {.name = "audit", .jobs = {audit::seal_job(database)}},
  };
  all.push_back(error_reference(pages, error_catalogue(all)));  // last: it knows what the others may answer
  return all;
}

}  // namespace cardea::app
