#include "app/settings.hpp"

#include <algorithm>
#include <filesystem>

#include "app/house.hpp"
#include "app/setting_rules.hpp"
#include "outbound/mail_domain.hpp"

namespace cardea::app {
namespace {

void describe_top(config::Section& root, Settings& settings) {
  root.text("url", settings.url,
            "The address people use, without a slash at its end. Links, tokens and cookies rest on it.");
  root.text("database", settings.database, "\"sqlite:PATH\" or \"postgres://HOST/NAME\".");
  root.secret_file("database_file", settings.database_url,
                   "A file with the database's address, for one that holds a password. Wins over `database`.");
  root.flag("database_pooler", settings.has_database_pooler,
            "PostgreSQL is behind a pooler that lends a connection for a transaction only, such as PgBouncer with "
            "pool_mode = transaction.");
  root.text(
      "database_direct", settings.database_direct,
      "The address of PostgreSQL itself, past the pooler, for the one connection that hears other processes. Empty: "
      "they are not heard, and each session check asks the database.");
  root.secret_file("database_direct_file", settings.database_direct_url,
                   "A file with that address, for one that holds a password. Wins over `database_direct`.");
  root.integer("database_connections", settings.database_connections,
               "Connections to PostgreSQL at most, beside the one that hears other processes; 0: one for each thread "
               "that may want one, from 8 to 64.",
               {.min = 0, .max = 10'000});
  root.span("database_wait", settings.database_wait,
            "How long the start waits for a PostgreSQL that does not answer yet.",
            {.min = std::chrono::seconds{0}, .max = std::chrono::hours{24}});
  root.secret_file(
      "secret_file", settings.secret,
      "A file with the server's secret, made by `cardea secret generate`. Keys in the database open with it.");
}

}  // namespace

config::Section describe(Settings& settings) {
  config::Section root{""};
  describe_top(root, settings);
  edge::describe(root, settings.server);
  root.section("server").texts(
      "trusted_proxies", settings.trusted_proxies,
      "Networks whose X-Forwarded-For and -Proto, or Forwarded, are believed: \"127.0.0.1/32\"; \"unix:\" for whoever "
      "comes by a unix socket.");
  root.section("cors").texts(
      "origins", settings.cors_origins,
      "Front ends on other sites that may call the API with cookies, and that signing in, up and out may lead to "
      "(?next=): \"https://app.example.com\".");
  authn::describe_policy(root.section("signin"), settings.signin);
  authn::describe_cookie(root.section("cookie"), settings.cookie);
  identity::describe_signup(root.section("signup"), settings.identity);
  identity::describe_profile(root.section("profile"), settings.identity);
  password::describe(root.section("password"), settings.password);
  session::describe(root.section("session"), settings.session);
  token::describe(root.section("token"), settings.token);
  keyring::describe(root.section("keyring"), settings.keyring);
  audit::describe(root.section("audit"), settings.audit);
  for (const auto& feature : feature_entries()) {
    if (!feature.switch_name.empty()) {
      auto& is_on = settings.switches.try_emplace(std::string{feature.switch_name}, true).first->second;
      root.section("features").flag(feature.switch_name, is_on, feature.switch_doc);
    }
    if (feature.describe) feature.describe(root, settings.features);
  }
  auto& throttle = root.section("throttle");
  authn::describe_budgets(throttle, settings.authn_budgets);
  account::describe_budgets(throttle, settings.account_budgets);
  root.section("pages").texts("languages", settings.languages,
                              "The languages that pages are offered in, by their tags. The first is for visitors whose "
                              "browser asks for none of them.");
  branding::describe(root.section("branding"), settings.branding);
  mail::describe(root, settings.mail);
  root.section("log").choice("level", settings.log_level, "The least level that is written.");
  auto& metrics = root.section("metrics");
  metrics.text("listen", settings.metrics_listen,
               "A separate address for GET /metrics: \"127.0.0.1:9464\". Empty: none.");
  metrics.secret_file("token_file", settings.metrics_token,
                      "A file with the bearer token that GET /metrics asks for on the main address. Empty: not there.");
  add_rules(root, settings);
  return root;
}

bool has_feature(const Settings& settings, std::string_view switch_name) {
  const auto found = settings.switches.find(switch_name);
  return found == settings.switches.end() || found->second;
}

std::string database_url(const Settings& settings) {
  return settings.database_url.empty() ? settings.database : std::string{settings.database_url.reveal()};
}

std::string leaked_list_file(const Settings& settings) {
  if (!settings.password.breached_file.empty()) return settings.password.breached_file;
  const std::string url = database_url(settings);
  constexpr std::string_view sqlite = "sqlite:";
  if (!url.starts_with(sqlite)) return {};
  return std::filesystem::path{url.substr(sqlite.size())}.replace_filename("breached_passwords.filter").string();
}

db::Pooler database_pooler(const Settings& settings) {
  const Secret& in_file = settings.database_direct_url;
  return {.lending = settings.has_database_pooler ? db::Lending::by_transaction : db::Lending::for_good,
          .direct_url = in_file.empty() ? std::string_view{settings.database_direct} : in_file.reveal()};
}

std::string database_place(const Settings& settings) { return database_place(database_url(settings)); }

std::string database_place(const std::string& url) {
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
  const auto wanted = settings.database_connections;
  return {.pool = static_cast<int>(wanted > 0 ? wanted : std::clamp(threads, fewest, most))};
}

std::vector<std::string> not_ready_for_production(const Settings& settings) {
  std::vector<std::string> problems;
  if (settings.url.empty()) {
    problems.emplace_back("url: not set; it is the address people use, such as \"https://auth.example.com\"");
  } else if (!settings.url.starts_with("https://")) {
    problems.emplace_back("url: begin it with https://, for cookies are sent over TLS only");
  }
  if (settings.secret.empty()) {
    problems.emplace_back("secret_file: not set; make one with `cardea secret generate > secret`, mode 0600");
  } else if (settings.secret.size() < 32) {
    problems.emplace_back("secret_file: it holds fewer than 32 characters; make one with `cardea secret generate`");
  }
  const bool tls = !settings.server.certificate_file.empty() && !settings.server.key_file.empty();
  if (!tls && settings.trusted_proxies.empty()) {
    problems.emplace_back(
        "tls.certificate_file: there is no TLS; set it and tls.key_file, or server.trusted_proxies when a proxy in "
        "front speaks TLS");
  }
  if (tls) {
    if (const auto usable = edge::check_certificate(settings.server); !usable) {
      problems.push_back("tls.certificate_file: " + usable.error().detail);
    }
  }
  if (const auto& server = settings.identity.addresses.mx_server; !outbound::problem_with_name_server(server).empty()) {
    problems.push_back("signup.mx_server: " + outbound::problem_with_name_server(server));
  }
  const auto verify = settings.identity.verify;
  const bool needs_mail = verify == identity::Confirmation::optional || verify == identity::Confirmation::required;
  if (needs_mail && !settings.mail.is_on()) {
    problems.emplace_back("signup.verify: addresses cannot be confirmed without mail; set mail.smtp and mail.from");
  }
  if (settings.signin.begins_with(AuthMethod::email_code) && !settings.mail.is_on()) {
    problems.emplace_back("signin.methods: codes cannot be sent without mail; set mail.smtp and mail.from");
  }
  return problems;
}

}  // namespace cardea::app
