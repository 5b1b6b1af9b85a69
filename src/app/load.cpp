#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/serve.hpp"
#include "config/load.hpp"

namespace cardea::app {
namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

std::optional<std::string> variable(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());
  return value != nullptr ? std::optional<std::string>{value} : std::nullopt;
}

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    names.emplace_back(text.substr(0, text.find('=')));
  }
  return names;
}

}  // namespace

Result<Done> load_settings(Settings& settings, config::Section& root, const Options& options) {
  std::string toml;
  if (!options.config_file.empty()) {
    auto text = read_file(options.config_file);
    if (!text) return Error{config::wrong_settings, options.config_file + ": cannot be read"};
    toml = *std::move(text);
  }
  TRY(config::load(root, toml, options.config_file, variable, variable_names()));
  if (options.listen) settings.server.listen = *options.listen;
  if (options.data) settings.database = "sqlite:" + *options.data + "/cardea.db";
  if (options.database) {
    settings.database = *options.database;
    settings.database_url = Secret{};
  }
  while (settings.url.ends_with('/')) settings.url.pop_back();
  settings.server.trusted_proxies = settings.trusted_proxies;
  settings.server.heavy_job_kib = settings.password.cost.memory_kib;
  return done;
}

}  // namespace cardea::app
