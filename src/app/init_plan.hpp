#pragma once
// What `cardea init` writes: the settings, the unit, the proxy's configuration, and what is left to be done.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/proxy_plan.hpp"

namespace cardea::app {

/// What it was told, by options or answers.
struct InitOrder {
  std::string url = {};       // "https://auth.example.com", or the host alone
  std::string database = {};  // empty: a SQLite file, in /var/lib/cardea for /etc/cardea, else in the folder
  std::string proxy = {};     // one of known_proxies(), or "none"
  std::string folder = {};
  std::string listen = "127.0.0.1:8025";  // of the server behind a proxy
  std::string protect = {};
  std::string application = "127.0.0.1:9000";
  std::string certificate = {};  // as the proxy reads it; without a proxy, as the server does
  std::string key = {};
  std::string program = {};  // the path of this one
};

struct NewFile {
  std::filesystem::path path;
  std::string text;
  unsigned mode = 0644;
};

struct InitPlan {
  std::filesystem::path folder;
  std::filesystem::path config;
  std::filesystem::path secret;  // made apart, and kept when it is there
  std::vector<NewFile> files = {};
  std::vector<std::string> checklist = {};  // six lines
};

inline constexpr std::string_view no_proxy = "none";
inline constexpr std::string_view usual_folder = "/etc/cardea";
inline constexpr ErrorKind wrong_init{"init.wrong", 400, "That cannot be set up."};

/// The plan, or what cannot be used, beginning with the option. Reads nothing and writes nothing.
[[nodiscard]] Result<InitPlan> plan_init(InitOrder order);

/// packaging/systemd/cardea.service, as it was when the program was built.
[[nodiscard]] std::string_view packaged_unit();

}  // namespace cardea::app
