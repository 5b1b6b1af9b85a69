#include "app/command_database.hpp"

#include <fmt/core.h>

#include <filesystem>

namespace cardea::app {
namespace {

// SQLite makes a file that is not there; a misspelt path would pass for an empty database.
bool is_missing(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  return url.starts_with(scheme) && !std::filesystem::exists(url.substr(scheme.size()));
}

}  // namespace

int with_database(const Options& options, Missing missing,
                  const std::function<int(db::Database&, const Settings&)>& work) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) {
    fmt::print(stderr, "cardea: {}\n{}\n", loaded.error().kind->title, loaded.error().detail);
    return 1;
  }
  if (missing == Missing::refuse && is_missing(database_url(settings))) {
    fmt::print(stderr, "cardea: there is no database at {}\n", database_place(settings));
    return 1;
  }
  const auto database = db::open(database_url(settings), {.readers = 1, .pool = 1});
  return work(*database, settings);
}

}  // namespace cardea::app
