#include "app/command_database.hpp"

#include <fmt/core.h>

#include <filesystem>

namespace cardea::app {

std::optional<std::string> sqlite_path(const std::string& url) {
  constexpr std::string_view scheme = "sqlite:";
  return url.starts_with(scheme) ? std::optional{url.substr(scheme.size())} : std::nullopt;
}

bool is_missing(const std::string& url) {
  const auto path = sqlite_path(url);
  return path && !std::filesystem::exists(*path);
}

int with_settings(const Options& options, const std::function<int(const Settings&)>& work) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) {
    fmt::print(stderr, "cardea: {}\n{}\n", loaded.error().kind->title, loaded.error().detail);
    return 1;
  }
  return work(settings);
}

int with_database(const Options& options, Missing missing,
                  const std::function<int(db::Database&, const Settings&)>& work) {
  return with_settings(options, [&](const Settings& settings) {
    if (missing == Missing::refuse && is_missing(database_url(settings))) {
      fmt::print(stderr, "cardea: there is no database at {}\n", database_place(settings));
      return 1;
    }
    const auto database = db::open(database_url(settings), {.readers = 1, .pool = 1, .missing = missing});
    return work(*database, settings);
  });
}

}  // namespace cardea::app
