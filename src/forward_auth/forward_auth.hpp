#pragma once
// forward_auth: lets a reverse proxy ask, for each request to an application behind it, who is there.
//
// The application's host has a cookie of its own, which is good for that host alone and only as long as the session:
// the session's cookie never leaves this server's host. How a browser gets it: handoff.hpp.
//
// Owns: no table. Never: forwards a request, or says of anybody what an application may not know.
// Routes: GET /v1/forward-auth; pages /forward-auth, /forward-auth/failed.

#include <string>
#include <string_view>
#include <vector>

#include "config/section.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::forward_auth {

struct Settings {
  std::vector<std::string> hosts = {};  // origins of applications, as written: "https://app.example.com"
  bool local_hosts = false;  // whether every port of this machine is listed, for development
  bool unverified_email = false;        // whether applications are told addresses that nobody has verified
};
void describe(config::Section& section, Settings& settings);

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const Settings& settings;
  std::string url;  // of this server, without a slash at its end
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);

}  // namespace cardea::forward_auth
