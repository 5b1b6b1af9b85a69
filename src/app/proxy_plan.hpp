#pragma once
// What a reverse proxy before this instance has to know, from the settings.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings.hpp"

namespace cardea::app {

/// An origin that people use, taken apart.
struct Site {
  std::string scheme;  // "https"
  std::string host;    // "auth.example.com"
  std::string port;    // "443": always there
  [[nodiscard]] bool is_tls() const { return scheme == "https"; }
  /// Whether the port is the scheme's own.
  [[nodiscard]] bool is_usual_port() const { return port == (is_tls() ? "443" : "80"); }
  /// Whether the name means this machine to every browser, so that nobody else needs to reach it.
  [[nodiscard]] bool is_local() const;
  /// "https://auth.example.com", the port where it is not the scheme's own.
  [[nodiscard]] std::string origin() const;
};
/// Takes "https://auth.example.com" or "auth.example.com"; absent for what is no origin.
[[nodiscard]] std::optional<Site> parse_site(std::string_view text);

/// Where the server listens, as a proxy on the same machine reaches it.
struct Upstream {
  std::string address;  // "127.0.0.1:8025"; of a unix socket its path
  bool is_unix = false;
  bool is_tls = false;
};

/// An application that only who is signed in gets through to.
struct ProtectedSite {
  Site site;
  std::string address;  // where it listens: "127.0.0.1:9000"
};

struct ProxyPlan {
  std::optional<Site> own = {};  // absent: people reach the server without a proxy, as with `cardea dev`
  std::string host = {};         // of the server, whoever is asked by it
  Upstream server = {};
  std::optional<ProtectedSite> application = {};
  std::size_t longest_body = 0;  // bytes
  Duration head_within = {};     // a client's head
  Duration body_within = {};
  Duration idle = {};  // how long a connection to the server may wait: less than the server itself waits
  bool has_proxy_header = false;  // the server expects a PROXY header
  std::string certificate = {};   // empty: where the proxy usually has it
  std::string key = {};
};

/// How long a proxy waits for an answer: longer than the server takes to give up a database that is silent.
inline constexpr std::string_view answer_within = "60s";
inline constexpr std::string_view connect_within = "5s";

/// What `cardea proxy` was called with.
struct ProxyOrder {
  std::string proxy;  // "nginx", "caddy", "haproxy" or "traefik"
  std::string protect = {};
  std::string application = "127.0.0.1:9000";
  std::string certificate = {};
  std::string key = {};
};

/// The plan, or why there is none.
[[nodiscard]] Result<ProxyPlan> plan_proxy(Settings& settings, const ProxyOrder& order);

/// What in the settings keeps the plan from working, a sentence for each.
[[nodiscard]] std::vector<std::string> remarks_on(const ProxyPlan& plan, const Settings& settings);

inline constexpr ErrorKind no_proxy_plan{"proxy.no_plan", 500, "There is no configuration for that."};

}  // namespace cardea::app
