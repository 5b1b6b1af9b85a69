#include "app/settings.hpp"

#include <algorithm>

#include "app/house.hpp"
#include "http/address.hpp"
#include "http/origin.hpp"

namespace cardea::app {
namespace {

std::string problem_with_url(const std::string& url) {
  if (url.empty()) return {};
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  const auto host = url.substr(std::min(url.size(), url.find("://") + 3));
  if (!web || host.empty() || host.find_first_of("/?# @\\") != std::string::npos) {
    return "url: use scheme, host and perhaps a port, without a path: \"https://auth.example.com\"";
  }
  return {};
}

std::string problem_with_cross_site(const Settings& settings) {
  const bool none = settings.cookie.same_site == http::SameSite::none;
  if (none && settings.cors_origins.empty()) {
    return "cookie.same_site: \"none\" is for a front end on another site; name it in cors.origins too";
  }
  if (!none && !settings.cors_origins.empty()) {
    return "cors.origins: a front end on another site gets no cookie; set cookie.same_site = \"none\" too";
  }
  return {};
}

// Who stands before the host in the address of a server: empty, "name@" or "name:password@".
std::string_view user_info(std::string_view url) {
  const auto start = url.find("://");
  if (start == std::string_view::npos) return {};
  const auto authority = url.substr(start + 3, url.find('/', start + 3) - start - 3);
  return authority.substr(0, authority.rfind('@') + 1);  // npos + 1 is 0
}

std::string problem_with_database(const std::string& url) {
  if (url.starts_with("sqlite:")) return {};
  const auto query = url.substr(std::min(url.size(), url.find('?')));
  // libpq reads "password", and "sslpassword" for the key of a client's certificate.
  const bool has_password =
      user_info(url).find(':') != std::string_view::npos || query.find("password=") != std::string::npos;
  return has_password ? "database: put an address with a password into a file and name it in database_file" : "";
}

std::string problem_with_proxies(const std::vector<std::string>& networks) {
  for (const auto& text : networks) {
    const auto network = http::parse_network(text);
    if (!network) return "server.trusted_proxies: \"" + text + "\" is no network; write \"10.0.0.0/8\" or \"::1/128\"";
    if (network->bits <= (network->base.is_v4 ? 96U : 0U)) {
      return "server.trusted_proxies: \"" + text +
             "\" is everybody, so anybody could write X-Forwarded-For; name the proxies";
    }
  }
  return {};
}

std::string problem_with_origins(const std::vector<std::string>& origins) {
  for (const auto& text : origins) {
    if (!http::canonical_origin(text)) {
      return "cors.origins: \"" + text +
             "\" is no origin; write scheme, host and perhaps a port: \"https://app.example.com\"";
    }
  }
  return {};
}

void describe_top(config::Section& root, Settings& settings) {
  root.text("url", settings.url,
            "The address people use, without a slash at its end. Links, tokens and cookies rest on it.");
  root.text("database", settings.database, "\"sqlite:PATH\" or \"postgres://HOST/NAME\".");
  root.secret_file("database_file", settings.database_url,
                   "A file with the database's address, for one that holds a password. Wins over `database`.");
  root.span("database_wait", settings.database_wait,
            "How long the start waits for a PostgreSQL that does not answer yet.",
            {.min = std::chrono::seconds{0}, .max = std::chrono::hours{24}});
  root.secret_file(
      "secret_file", settings.secret,
      "A file with the server's secret, made by `cardea secret generate`. Keys in the database open with it.");
  root.check([&settings] { return problem_with_url(settings.url); });
  root.check([&settings] { return problem_with_database(settings.database); });
}

}  // namespace

config::Section describe(Settings& settings) {
  config::Section root{""};
  describe_top(root, settings);
  edge::describe(root, settings.server);
  root.section("server").texts("trusted_proxies", settings.trusted_proxies,
                               "Networks whose X-Forwarded-For and -Proto are believed: \"127.0.0.1/32\".");
  root.section("cors").texts(
      "origins", settings.cors_origins,
      "Front ends on other sites that may call the API with cookies: \"https://app.example.com\".");
  authn::describe_cookie(root.section("cookie"), settings.cookie);
  root.check([&settings] { return problem_with_proxies(settings.trusted_proxies); });
  root.check([&settings] { return problem_with_origins(settings.cors_origins); });
  root.check([&settings] { return problem_with_cross_site(settings); });
  identity::describe_signup(root.section("signup"), settings.identity);
  identity::describe_profile(root.section("profile"), settings.identity);
  password::describe(root.section("password"), settings.password);
  session::describe(root.section("session"), settings.session);
  token::describe(root.section("token"), settings.token);
  keyring::describe(root.section("keyring"), settings.keyring);
  for (const auto& feature : feature_entries()) {
    if (feature.describe) feature.describe(root, settings.features);
  }
  auto& throttle = root.section("throttle");
  authn::describe_budgets(throttle, settings.authn_budgets);
  account::describe_budgets(throttle, settings.account_budgets);
  root.section("branding").text("name", settings.brand, "The name on pages.");
  root.section("log").choice("level", settings.log_level, "The least level that is written.");
  auto& metrics = root.section("metrics");
  metrics.text("listen", settings.metrics_listen,
               "A separate address for GET /metrics: \"127.0.0.1:9464\". Empty: none.");
  metrics.secret_file("token_file", settings.metrics_token,
                      "A file with the bearer token that GET /metrics asks for on the main address. Empty: not there.");
  return root;
}

std::string database_url(const Settings& settings) {
  return settings.database_url.empty() ? settings.database : std::string{settings.database_url.reveal()};
}

std::string database_place(const Settings& settings) {
  std::string url = database_url(settings);
  if (url.starts_with("sqlite:")) return url;
  const auto start = url.find("://");
  if (start == std::string::npos) return "(set in database_file)";
  const auto place = url.substr(start + 3 + user_info(url).size());
  return url.substr(0, start + 3) + place.substr(0, place.find('?'));
}

db::Options database_options(const Settings& settings) {
  constexpr std::int64_t fewest = 8;
  constexpr std::int64_t most = 64;
  constexpr std::int64_t of_jobs = 4;
  const auto threads = edge::heavy_threads(settings.server) + settings.server.quick_threads + of_jobs;
  return {.pool = static_cast<int>(std::clamp(threads, fewest, most))};
}

std::vector<std::string> not_ready_for_production(const Settings& settings) {
  std::vector<std::string> problems;
  if (settings.url.empty())
    problems.emplace_back("url is missing: the address people use, \"https://auth.example.com\"");
  if (settings.secret.empty()) {
    problems.emplace_back("secret_file is missing: make one with `cardea secret generate > secret`, mode 0600");
  } else if (settings.secret.size() < 32) {
    problems.emplace_back("secret_file holds fewer than 32 characters: make one with `cardea secret generate`");
  }
  const bool tls = !settings.server.certificate_file.empty() && !settings.server.key_file.empty();
  if (!tls && settings.trusted_proxies.empty()) {
    problems.emplace_back(
        "no TLS: set tls.certificate_file and tls.key_file, or server.trusted_proxies when a proxy in front speaks "
        "TLS");
  }
  if (tls) {
    if (const auto usable = edge::check_certificate(settings.server); !usable) {
      problems.push_back("tls: " + usable.error().detail);
    }
  }
  if (!settings.url.empty() && !settings.url.starts_with("https://")) {
    problems.emplace_back("url must begin with https:// : cookies are sent over TLS only");
  }
  return problems;
}

}  // namespace cardea::app
