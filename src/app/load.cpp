#include <unistd.h>

#include <algorithm>
#include <array>
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

// Those of ./dev and the tests, which a program they start inherits.
constexpr std::array<std::string_view, 3> of_tools{"CARDEA_JOBS", "CARDEA_BIN", "CARDEA_CRASH_SEED"};

std::vector<std::string> variable_names() {
  std::vector<std::string> names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const std::string_view name = text.substr(0, text.find('='));
    if (std::find(of_tools.begin(), of_tools.end(), name) == of_tools.end()) names.emplace_back(name);
  }
  return names;
}

// What the command line says about settings stands where the environment's word would, so that it is checked and shown
// like any other.
std::optional<std::string> option_value(const Options& options, std::string_view name) {
  if (name == "CARDEA_SERVER__LISTEN" && options.listen) return options.listen;
  if (name == "CARDEA_DATABASE" && options.database) return options.database;
  if (name == "CARDEA_DATABASE" && options.data) return "sqlite:" + *options.data + "/cardea.db";
  return variable(name);
}

}  // namespace

Result<Done> load_settings(Settings& settings, config::Section& root, const Options& options) {
  std::string toml;
  if (!options.config_file.empty()) {
    auto text = read_file(options.config_file);
    if (!text) return Error{config::wrong_settings, options.config_file + ": cannot be read"};
    toml = *std::move(text);
  }
  const auto environment = [&options](std::string_view name) { return option_value(options, name); };
  TRY(config::load(root, toml, options.config_file, environment, variable_names()));
  if (options.database) settings.database_url = Secret{};
  while (settings.url.ends_with('/')) settings.url.pop_back();
  settings.server.trusted_proxies = settings.trusted_proxies;
  settings.server.heavy_job_kib = settings.password.cost.memory_kib;
  return done;
}

}  // namespace cardea::app
