#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/serve.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "config/service_variable.hpp"

namespace cardea::app {
namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return std::nullopt;
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Those of ./dev and the tests, which a program they start inherits.
constexpr std::array<std::string_view, 3> of_tools{"CARDEA_JOBS", "CARDEA_BIN", "CARDEA_CRASH_SEED"};

struct Names {
  std::vector<std::string> all;
  std::vector<std::string> ignored;
};

Names variable_names() {
  Names names;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    const std::string_view name = text.substr(0, text.find('='));
    const std::string_view value = text.substr(std::min(text.size(), name.size() + 1));
    if (std::find(of_tools.begin(), of_tools.end(), name) != of_tools.end()) continue;
    auto& kind = config::is_service_variable(name, value) ? names.ignored : names.all;
    kind.emplace_back(name);
  }
  return names;
}

// What the command line says about settings stands where the environment's word would, so that it is checked and shown
// like any other.
std::optional<std::string> option_value(const Options& options, std::string_view name) {
  if (name == "CARDEA_SERVER__LISTEN" && options.listen) return options.listen;
  if (name == "CARDEA_URL" && options.url) return options.url;
  if (name == "CARDEA_DATABASE" && options.database) return options.database;
  if (name == "CARDEA_DATABASE" && options.data) return "sqlite:" + *options.data + "/cardea.db";
  return environment_variable(name);
}

/// "auth.example.com" of "https://auth.example.com:8443".
std::string host_of(std::string_view url) {
  const auto authority = url.substr(std::min(url.size(), url.find("://") + 3));
  const auto colon = authority.rfind(':');
  return std::string{authority.substr(0, authority.ends_with(']') ? authority.size() : colon)};
}

}  // namespace

std::optional<std::string> environment_variable(std::string_view name) {
  const char* value = std::getenv(std::string{name}.c_str());
  return value != nullptr ? std::optional<std::string>{value} : std::nullopt;
}

Result<Done> load_settings(Settings& settings, config::Section& root, const Options& options) {
  std::string toml;
  if (!options.config_file.empty()) {
    auto text = read_file(options.config_file);
    if (!text) return Error{config::wrong_settings, options.config_file + ": cannot be read"};
    toml = *std::move(text);
  }
  const auto environment = [&options](std::string_view name) { return option_value(options, name); };
  Names names = variable_names();
  TRY(config::load(root, toml, options.config_file, environment, names.all));
  settings.ignored_variables = std::move(names.ignored);
  if (options.database) settings.database_url = Secret{};
  settings.url = text::lower(settings.url);
  settings.server.public_host = host_of(settings.url);
  settings.server.trusted_proxies = settings.trusted_proxies;
  settings.server.heavy_job_kib = settings.password.cost.memory_kib;
  return done;
}

Result<Done> load_to_serve(Settings& settings, config::Section& root, const Options& options) {
  TRY(load_settings(settings, root, options));
  std::string detail;
  for (auto& problem : not_ready_for_production(settings)) {
    detail += (detail.empty() ? "" : "\n") + config::located(root, std::move(problem));
  }
  return detail.empty() ? Result<Done>{done} : Error{config::wrong_settings, std::move(detail)};
}

}  // namespace cardea::app
