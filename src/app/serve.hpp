#pragma once
// Running the server until a signal ends it: `cardea serve` and `cardea dev`.

#include <optional>
#include <string>

#include "app/settings.hpp"

namespace cardea::app {

/// What the command line says, over file and environment.
struct Options {
  std::string config_file = {};
  std::optional<std::string> listen = {};
  std::optional<std::string> data = {};
  std::optional<std::string> database = {};
  bool tls = false;   // dev: with a self-signed certificate
  bool create = false;  // serve: the database, where there is none
  std::optional<std::string> url = {};  // where a link leads
  bool no_progress = false;  // of commands that take long
};

/// Reads file, environment and options into `settings`. Errors: config.wrong, one problem per line of its detail.
Result<Done> load_settings(Settings& settings, config::Section& root, const Options& options);

/// The same, and everything else that can be checked before a server opens its database and listens. For `serve` and
/// `config check` alike. Errors: config.wrong too.
Result<Done> load_to_serve(Settings& settings, config::Section& root, const Options& options);

/// A variable of the environment.
[[nodiscard]] std::optional<std::string> environment_variable(std::string_view name);

/// Both return the process's exit code after SIGTERM or SIGINT; SIGHUP reloads the certificate. systemd is told
/// how it goes.
int serve(const Options& options);
int dev(const Options& options);

}  // namespace cardea::app
