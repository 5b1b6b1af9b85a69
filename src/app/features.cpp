#include "account/account.hpp"
#include "app/error_reference.hpp"
#include "app/house.hpp"
#include "classic/classic.hpp"
#include "directory/directory.hpp"
#include "login/login.hpp"
#include "signup/signup.hpp"

namespace cardea::app {

std::vector<Feature> features(const Parts& parts) {
  const auto& [settings, entry, keyring, pages, metrics] = parts;
  auto& database = entry.database;
  std::vector<Feature> all{
      system_feature(parts),
      {.name = "page", .routes = pages.asset_routes()},
      signup::feature({.entry = entry, .pages = pages}),
      login::feature({.entry = entry, .pages = pages}),
      account::feature({.entry = entry, .note = settings.note, .pages = pages}),
      note::feature({.database = database, .random = entry.random, .settings = settings.note}),
      directory::feature({.entry = entry, .settings = settings.directory, .pages = pages}),
      classic::feature({.entry = entry, .directory = settings.directory, .note = settings.note}),
      keyring::feature(keyring),
      {.name = "jobs", .periodic = {jobs::lease_sweep_job(database)}},
      {.name = "session", .periodic = {session::sweep_job(database)}},
      {.name = "throttle", .periodic = {throttle::sweep_job(database)}},
      {.name = "audit", .periodic = {audit::seal_job(database)}},
  };
  all.push_back(error_reference(pages, error_catalogue(all)));  // last: it knows what the others may answer
  return all;
}

}  // namespace cardea::app
