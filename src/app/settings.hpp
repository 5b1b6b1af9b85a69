#pragma once
// Every setting of the program: the structs of the rooms, and a few of its own.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/retention.hpp"
#include "authn/authn.hpp"
#include "base/secret.hpp"
#include "branding/branding.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "db/pooler.hpp"
#include "edge/server.hpp"
#include "feature/settings.hpp"
#include "identity/identity.hpp"
#include "keyring/keyring.hpp"
#include "mail/mail.hpp"
#include "observe/log.hpp"
#include "page/language.hpp"
#include "password/password.hpp"
#include "session/session.hpp"
#include "token/token.hpp"

namespace cardea::app {

struct Settings {
  std::string url;                                   // "https://auth.example.com"; no slash at the end
  std::string database = "sqlite:./data/cardea.db";
  Secret database_url;                               // from database_file; wins over `database`
  bool has_database_pooler = false;  // PostgreSQL is behind one that lends connections by transaction
  std::string database_direct;  // past it
  Secret database_direct_url;  // from database_direct_file; wins over `database_direct`
  std::int64_t database_connections = 0;  // 0: as many as threads may want
  Duration database_wait = std::chrono::minutes{1};  // for a PostgreSQL that is not there yet
  Secret secret;
  std::vector<std::string> languages = page::all_tags();  // of pages, the first for who asks for none of them
  observe::Level log_level = observe::Level::info;
  std::string metrics_listen;
  Secret metrics_token;
  std::vector<std::string> trusted_proxies;
  std::vector<std::string> cors_origins;
  std::vector<edge::PassedSocket> metrics_sockets;  // by systemd, for metrics_listen; no setting
  std::vector<std::string> ignored_variables;  // CARDEA_… of a Kubernetes Service of that name; no settings

  edge::Settings server;
  identity::Settings identity;
  password::Settings password;
  session::Settings session;
  token::Settings token;
  keyring::Settings keyring;
  audit::Settings audit;
  account::Budgets account_budgets;
  authn::Budgets authn_budgets;
  authn::Policy signin;
  authn::CookieSettings cookie;
  branding::Settings branding;
  mail::Settings mail;
  FeatureSettings features;
  std::map<std::string, bool, std::less<>> switches = {};  // of features that can be left out; absent: it is there
};

/// Whether a feature with this switch is there.
[[nodiscard]] bool has_feature(const Settings& settings, std::string_view switch_name);

/// Binds everything in `settings`, which outlives the result, to its place in the file.
[[nodiscard]] config::Section describe(Settings& settings);

/// Where the database is, whichever key names it.
[[nodiscard]] std::string database_url(const Settings& settings);

/// Where the list of leaked passwords is or would be: as the settings say, or beside a SQLite database; empty: nowhere.
[[nodiscard]] std::string leaked_list_file(const Settings& settings);

/// What stands before it, and the way past that. `settings` outlives the result.
[[nodiscard]] db::Pooler database_pooler(const Settings& settings);

/// The same for people to read: without user, password and parameters.
[[nodiscard]] std::string database_place(const Settings& settings);
[[nodiscard]] std::string database_place(const std::string& url);

/// How a server opens it: with a connection to PostgreSQL for each thread that may wait for one, so that sign-ins do
/// not wait for connections while the database is far away, nor session checks for sign-ins; at most 64, because a
/// server has 100 by default. They are made when they are first needed.
[[nodiscard]] db::Options database_options(const Settings& settings);

/// What keeps the production server from starting: the key and a sentence for each problem. Empty: nothing.
[[nodiscard]] std::vector<std::string> not_ready_for_production(const Settings& settings);

}  // namespace cardea::app
