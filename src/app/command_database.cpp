#include "app/command_database.hpp"

#include <unistd.h>

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "app/say.hpp"

namespace cardea::app {

namespace {

constexpr std::string_view sqlite = "sqlite:";

namespace fs = std::filesystem;

constexpr const char* packaged = "/etc/cardea/cardea.toml";

bool is_readable(const char* path) { return ::access(path, R_OK) == 0; }

/// A copy of a SQLite database that goes with this.
class Copy {
 public:
  explicit Copy(const fs::path& file) {
    std::string pattern = (fs::temp_directory_path() / "cardea-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::system_error{errno, std::generic_category(), pattern};
    folder_ = pattern;
    fs::copy_file(file, folder_ / "cardea.db");
    const fs::path log = file.string() + "-wal";
    if (fs::exists(log)) fs::copy_file(log, folder_ / "cardea.db-wal");
    for (const auto& entry : fs::directory_iterator{folder_}) {
      fs::permissions(entry, fs::perms::owner_read | fs::perms::owner_write);
    }
  }
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  [[nodiscard]] std::string url() const { return "sqlite:" + (folder_ / "cardea.db").string(); }

 private:
  fs::path folder_;
};

/// SQLite writes beside a file that it only reads.
bool is_unwritable(const fs::path& file) {
  std::error_code ignored;
  const fs::path folder = fs::absolute(file, ignored).parent_path();
  return ::access(file.c_str(), W_OK) != 0 || ::access(folder.c_str(), W_OK | X_OK) != 0;
}

/// Opens what `url_of` makes of the database's url.
int with_database_at(const Options& options, Missing missing,
                     const std::function<std::string(const std::string&)>& url_of,
                     const std::function<int(db::Database&, const Settings&)>& work) {
  return with_settings(options, [&](const Settings& settings) {
    if (missing == Missing::refuse && is_missing(database_url(settings))) {
      complain("there is no database at " + database_place(settings) +
               "; name another with --config FILE, --data FOLDER or --database ADDRESS");
      return 1;
    }
    const auto database = db::open(url_of(database_url(settings)), {.readers = 1, .pool = 1, .missing = missing},
                                   database_pooler(settings));
    return work(*database, settings);
  });
}

}  // namespace

std::optional<std::string> sqlite_path(const std::string& url) {
  return url.starts_with(sqlite) ? std::optional{url.substr(sqlite.size())} : std::nullopt;
}

Options found_settings(const Options& options) {
  const bool is_named = !options.config_file.empty() || options.data || options.database ||
                        environment_variable("CARDEA_DATABASE") || environment_variable("CARDEA_DATABASE_FILE");
  const bool is_at_default = is_readable("data/cardea.db") && !is_readable("cardea.toml");
  if (is_named || is_at_default) return options;
  Options found = options;
  if (is_readable("cardea.toml"))
    found.config_file = "cardea.toml";
  else if (is_readable(".cardea/cardea.db"))
    found.data = ".cardea";
  else if (is_readable(packaged))
    found.config_file = packaged;
  else
    return options;
  fmt::print(stderr, "Using {}.\n", found.config_file.empty() ? "./.cardea" : found.config_file);
  return found;
}

bool is_missing(const std::string& url) {
  const auto path = sqlite_path(url);
  return path && !std::filesystem::exists(*path);
}

int with_settings(const Options& options, const std::function<int(const Settings&)>& work) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) return fail(loaded.error());
  return work(settings);
}

int with_database(const Options& options, Missing missing,
                  const std::function<int(db::Database&, const Settings&)>& work) {
  return with_database_at(options, missing, [](const std::string& url) { return url; }, work);
}

int with_copy(const Options& options, const std::function<int(db::Database&, const Settings&)>& work) {
  std::optional<Copy> copy;
  const auto url_of = [&copy](const std::string& url) {
    const auto path = sqlite_path(url);
    return path && is_unwritable(*path) ? copy.emplace(*path).url() : url;
  };
  return with_database_at(options, Missing::refuse, url_of, work);
}

}  // namespace cardea::app
