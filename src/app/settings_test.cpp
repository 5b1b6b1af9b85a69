#include "app/settings.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "config/load.hpp"
#include "edge/self_signed.hpp"

namespace cardea::app {
namespace {

// What is wrong with this file; empty when nothing is.
std::string problem_with(const std::string& toml) {
  Settings settings;
  auto root = describe(settings);
  const auto loaded = config::load(root, toml, "cardea.toml", [](std::string_view) { return std::nullopt; }, {});
  return loaded ? "" : loaded.error().detail;
}

TEST(Settings, each_thread_that_waits_for_postgres_has_a_connection_within_bounds) {
  Settings settings;
  const auto pool = [&](std::int64_t heavy, std::int64_t quick) {
    settings.server.heavy_threads = heavy;
    settings.server.quick_threads = quick;
    return database_options(settings).pool;
  };
  EXPECT_EQ(pool(32, 8), 44);
  EXPECT_EQ(pool(20, 1), 25);
  EXPECT_EQ(pool(1, 1), 8);
  EXPECT_EQ(pool(200, 8), 64) << "a server has a hundred by default";
  EXPECT_GE(pool(0, 8), 24) << "sixteen threads for each core";
  settings.database_connections = 3;
  EXPECT_EQ(pool(200, 8), 3) << "whoever says so knows";
}

TEST(Settings, tokens_are_for_services_by_url_and_never_for_this_server) {
  const auto with = [](const std::string& audiences) {
    return problem_with("url = \"https://auth.example.com\"\n[token]\naudiences = " + audiences);
  };
  for (const char* right : {"[]", R"(["https://api.example.com"])", R"(["https://api.example.com/v2?x=1", "urn:shop"])",
                            R"(["https://auth.example.com.other.example"])"}) {
    EXPECT_EQ(with(right), "") << right;
  }
  for (const char* wrong :
       {R"([""])", R"(["shop"])", R"(["https://"])", R"(["https:///x"])", R"(["https:api"])",
        R"(["HTTPS://api.example.com"])", R"(["https://a.example#x"])", R"(["https://a.example b"])", R"([":x"])",
        R"(["https://ä.example"])", R"(["https://a.example", "https://a.example"])", R"(["https://auth.example.com"])",
        R"(["https://auth.example.com/api"])"}) {
    EXPECT_NE(with(wrong).find("token.audiences"), std::string::npos) << wrong << ": " << with(wrong);
  }
}

TEST(Settings, tokens_tell_of_an_account_what_its_owner_may_see_and_no_verifier_mistakes) {
  const auto with = [](const std::string& claims, const std::string& field = {}) {
    return problem_with("[token]\nclaims = " + claims + "\n" +
                        (field.empty() ? "" : "[[profile.field]]\nname = \"" + field + "\"\nmax = 20\n"));
  };
  EXPECT_EQ(with(R"(["uid", "name", "role", "email", "dob", "coins"])"), "");
  EXPECT_EQ(with(R"(["team"])", "team"), "");
  EXPECT_EQ(with(R"(["scope"])"), "cardea.toml:2: token.claims: \"scope\" means something else in a token");
  for (const char* wrong : {R"(["password"])", R"(["id"])", R"(["uid", "uid"])", R"(["email_verified"])",
                            R"(["tracking", "exercise"])", R"([""])"}) {
    EXPECT_NE(with(wrong).find("token.claims: "), std::string::npos) << wrong << ": " << with(wrong);
  }
  for (const char* reserved : {"sub", "aud", "scope", "groups", "roles", "client_id"}) {
    EXPECT_NE(with("[\"" + std::string{reserved} + "\"]", reserved), "") << reserved;
  }
  EXPECT_NE(with(R"(["level"])", "level\"\nsee = \"admin\"\nedit = \"admin").find("administrators"), std::string::npos);
}

TEST(Settings, listening_may_be_at_a_port_a_path_or_what_systemd_passes) {
  for (const char* right :
       {"listen = \"unix:/run/cardea/cardea.sock\"", "listen = \"systemd:\"", "listen = \"systemd:web\"",
        "socket_mode = \"0600\"", "socket_mode = \"666\"", "trusted_proxies = [\"unix:\", \"10.0.0.0/8\"]"}) {
    EXPECT_EQ(problem_with("[server]\n" + std::string{right}), "") << right;
  }
  for (const char* wrong :
       {"listen = \"unix:\"", "listen = \"unix:@name\"", "listen = \"systemd:a:b\"", "listen = \"/run/cardea.sock\"",
        "socket_mode = \"0888\"", "socket_mode = \"rw\"", "socket_mode = \"4660\"", "socket_mode = \"60\"",
        "trusted_proxies = [\"unix:/run/x\"]", "trusted_proxies = [\"unix\"]"}) {
    EXPECT_NE(problem_with("[server]\n" + std::string{wrong}), "") << wrong;
  }
  EXPECT_NE(problem_with("[server]\nlisten = \"unix:/run/a\"\n[metrics]\nlisten = \"unix:/run/a\""), "");
  EXPECT_EQ(problem_with("[server]\nlisten = \"systemd:\"\n[metrics]\nlisten = \"systemd:metrics\""), "");
}

TEST(Settings, an_empty_file_is_fine) { EXPECT_EQ(problem_with(""), ""); }

TEST(Settings, the_address_has_no_path) {
  EXPECT_EQ(problem_with("url = \"https://auth.example.com\""), "");
  EXPECT_EQ(problem_with("url = \"http://localhost:8025\""), "");
  for (const char* wrong : {"auth.example.com", "https://", "https://a.example/login", "ftp://a.example",
                            "https://a.example?x", "https://user@a.example"}) {
    EXPECT_NE(problem_with("url = \"" + std::string{wrong} + "\"").find("url"), std::string::npos) << wrong;
  }
}

TEST(Settings, cookies_that_a_front_end_on_another_site_would_never_get_are_refused) {
  const auto problem = [](const std::string& choice, const std::string& origin) {
    return problem_with("url = \"https://auth.example.com\"\n[cookie]\nsame_site = \"" + choice +
                        "\"\n[cors]\norigins = [" + origin + "]");
  };
  const std::string same = "\"https://app.example.com:8443\"", other = "\"https://app.example.org\"";
  const std::string perhaps = "\"https://me.github.io\"";
  EXPECT_NE(problem("none", ""), "");
  for (const char* choice : {"auto", "none"}) {
    EXPECT_EQ(problem(choice, same), "") << choice;
    EXPECT_EQ(problem(choice, other), "") << choice;
    EXPECT_EQ(problem(choice, perhaps), "") << choice;
  }
  for (const char* choice : {"lax", "strict"}) {
    EXPECT_EQ(problem(choice, same), "") << choice;
    EXPECT_NE(problem(choice, same + ", " + other).find("cors.origins: https://app.example.org"), std::string::npos);
  }
  EXPECT_EQ(problem_with("url = \"https://you.github.io\"\n[cookie]\nsame_site = \"lax\"\n[cors]\norigins = [" +
                         perhaps + "]"),
            "")
      << "the operator knows";
  EXPECT_EQ(problem_with("[cors]\norigins = [" + other + "]"), "");
}

TEST(Settings, cookies_are_lax_until_a_front_end_may_be_on_another_site) {
  using authn::SameSiteChoice;
  const auto automatic = [](const std::string& url, const std::vector<std::string>& origins) {
    return authn::same_site({.same_site = SameSiteChoice::automatic}, url, origins);
  };
  EXPECT_EQ(automatic("https://auth.example.com", {}), http::SameSite::lax);
  EXPECT_EQ(automatic("https://auth.example.com", {"https://app.example.com"}), http::SameSite::lax);
  EXPECT_EQ(automatic("http://localhost:8025", {"http://localhost:4100"}), http::SameSite::lax);
  EXPECT_EQ(automatic("http://localhost:8025", {"http://127.0.0.1:4100"}), http::SameSite::none);
  EXPECT_EQ(automatic("https://you.github.io", {"https://me.github.io"}), http::SameSite::none);
  EXPECT_EQ(automatic("https://auth.example.com", {"https://app.example.com", "https://app.example.org"}),
            http::SameSite::none);
  for (const auto& [choice, sent] : {std::pair{SameSiteChoice::lax, http::SameSite::lax},
                                     {SameSiteChoice::strict, http::SameSite::strict},
                                     {SameSiteChoice::none, http::SameSite::none}}) {
    EXPECT_EQ(authn::same_site({.same_site = choice}, "https://auth.example.com", {"https://app.example.org"}), sent);
  }
}

TEST(Settings, somebody_must_be_able_to_sign_in) {
  EXPECT_NE(problem_with("[signup]\nuid = \"optional\""), "");
  EXPECT_NE(problem_with("[signup]\nuid = \"off\"\nemail = \"optional\""), "");
  EXPECT_EQ(problem_with("[signup]\nuid = \"off\"\nemail = \"required\""), "");
}

TEST(Settings, a_database_password_belongs_into_a_file) {
  EXPECT_NE(problem_with("database = \"postgres://cardea:hunter2@localhost/cardea\""), "");
  EXPECT_EQ(problem_with("database = \"postgres://cardea@localhost/cardea\""), "");
  EXPECT_EQ(problem_with("database = \"sqlite:./data/cardea.db\""), "");
  EXPECT_EQ(problem_with("database = \"postgres://localhost:5432/cardea?sslmode=require\""), "");
  for (const char* query : {"?password=hunter2", "?user=cardea&password=hunter2", "?sslpassword=hunter2"}) {
    EXPECT_NE(problem_with("database = \"postgres://localhost/cardea" + std::string{query} + "\""), "") << query;
  }
}

TEST(Settings, a_way_past_a_pooler_is_for_postgres_behind_one) {
  const std::string behind = "database = \"postgres://pooler/cardea\"\ndatabase_pooler = true\n";
  EXPECT_EQ(problem_with(behind), "");
  EXPECT_EQ(problem_with(behind + "database_direct = \"postgres://db/cardea\""), "");
  for (const auto& wrong :
       {std::string{"database_pooler = true"}, behind + "database_direct = \"sqlite:x.db\"",
        behind + "database_direct = \"postgres://cardea:hunter2@db/cardea\"",
        std::string{"database = \"postgres://db/cardea\"\ndatabase_direct = \"postgres://db/cardea\""}}) {
    EXPECT_NE(problem_with(wrong).find("database_"), std::string::npos) << wrong;
    EXPECT_EQ(problem_with(wrong).find("hunter2"), std::string::npos);
  }
}

TEST(Settings, place_of_the_database_is_shown_without_user_and_password) {
  const auto place = [](const std::string& url) {
    Settings settings;
    settings.database_url = Secret{url};
    return database_place(settings);
  };
  EXPECT_EQ(place("postgres://cardea:hunter2@db.example:5432/cardea"), "postgres://db.example:5432/cardea");
  EXPECT_EQ(place("postgres://cardea:hun@ter2@db.example/cardea"), "postgres://db.example/cardea");
  EXPECT_EQ(place("postgresql://db.example/cardea?password=hunter2"), "postgresql://db.example/cardea");
  EXPECT_EQ(place("host=db.example password=hunter2").find("hunter2"), std::string::npos);
  EXPECT_EQ(database_place(Settings{}), "sqlite:./data/cardea.db");
}

TEST(Settings, proxy_that_announces_its_clients_is_named) {
  EXPECT_NE(problem_with("[server]\nproxy_protocol = true").find("server.proxy_protocol"), std::string::npos);
  EXPECT_EQ(problem_with("[server]\nproxy_protocol = true\ntrusted_proxies = [\"10.0.0.1/32\"]"), "");
}

TEST(Settings, trusted_proxies_are_networks_and_not_everybody) {
  const auto problem = [](const std::string& network) {
    return problem_with("[server]\ntrusted_proxies = [\"127.0.0.1/32\", \"" + network + "\"]");
  };
  for (const char* good : {"10.0.0.0/8", "10.1.2.3", "::1/128", "fd00::/8", "0.0.0.0/1"})
    EXPECT_EQ(problem(good), "") << good;
  for (const char* wrong :
       {"10.0.0.0/33", "proxy.example", "", "*", "0.0.0.0/0", "10.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"}) {
    EXPECT_NE(problem(wrong).find("server.trusted_proxies"), std::string::npos) << wrong;
  }
}

TEST(Settings, front_ends_on_other_sites_are_origins) {
  const auto problem = [](const std::string& origin) {
    return problem_with("[cookie]\nsame_site = \"none\"\n[cors]\norigins = [\"" + origin + "\"]");
  };
  EXPECT_EQ(problem("https://app.example.com:8443"), "");
  for (const char* wrong : {"*", "null", "app.example.com", "https://app.example.com/", "https://*.example.com"}) {
    EXPECT_NE(problem(wrong).find("cors.origins"), std::string::npos) << wrong;
  }
}

TEST(Settings, a_declared_field_may_not_shadow_the_account) {
  EXPECT_EQ(problem_with("[[profile.field]]\nname = \"team\""), "");
  EXPECT_NE(problem_with("[[profile.field]]\nname = \"role\""), "");
  EXPECT_NE(problem_with("[[profile.field]]\nname = \"Team\""), "");
  EXPECT_NE(problem_with("[[profile.field]]\nname = \"team\"\n[[profile.field]]\nname = \"team\""), "");
  EXPECT_NE(problem_with("[[profile.field]]\nname = \"age\"\ntype = \"integer\"\ndefault = \"old\""), "");
}

Settings ready() {
  Settings settings;
  settings.url = "https://auth.example.com";
  settings.secret = Secret{std::string(43, 's')};
  settings.trusted_proxies = {"127.0.0.1/32"};
  return settings;
}

TEST(Settings, production_needs_an_address_a_secret_and_tls_or_a_proxy) {
  EXPECT_TRUE(not_ready_for_production(ready()).empty());
  EXPECT_EQ(not_ready_for_production(Settings{}).size(), 3U);

  auto settings = ready();
  settings.url.clear();
  EXPECT_EQ(not_ready_for_production(settings).size(), 1U);

  settings = ready();
  settings.secret = Secret{"short"};
  EXPECT_EQ(not_ready_for_production(settings).size(), 1U);

  settings = ready();
  settings.trusted_proxies.clear();
  EXPECT_EQ(not_ready_for_production(settings).size(), 1U);
  settings.server.certificate_file = "server.crt";
  EXPECT_EQ(not_ready_for_production(settings).size(), 1U) << "a certificate without its key";

  settings = ready();
  settings.url = "http://auth.example.com";
  EXPECT_EQ(not_ready_for_production(settings).size(), 1U) << "cookies need https";
}

TEST(Settings, what_goes_by_mail_needs_mail) {
  const auto has_problem = [](const Settings& settings, std::string_view key) {
    const auto problems = not_ready_for_production(settings);
    return problems.size() == 1 && problems.front().starts_with(key);
  };
  auto settings = ready();
  settings.identity.verify = identity::Confirmation::required;
  EXPECT_TRUE(has_problem(settings, "signup.verify"));
  settings.mail.smtp = "smtps://smtp.example.com:465";
  EXPECT_TRUE(not_ready_for_production(settings).empty());

  settings = ready();
  settings.signin.methods = {"password", "email_code"};
  EXPECT_TRUE(has_problem(settings, "signin.methods"));
  settings.mail.smtp = "smtps://smtp.example.com:465";
  EXPECT_TRUE(not_ready_for_production(settings).empty());
}

TEST(Settings, confirmation_is_required_only_where_sign_up_asks_for_an_address) {
  EXPECT_NE(problem_with("[signup]\nverify = \"required\"\n").find("signup.verify"), std::string::npos);
  EXPECT_EQ(problem_with("[signup]\nverify = \"required\"\nemail = \"required\"\n"), "");
}

TEST(Settings, a_sign_in_begins_in_ways_that_there_are) {
  EXPECT_EQ(problem_with("[signin]\nmethods = [\"email_code\", \"password\"]\n"), "");
  for (const char* methods : {"[]", "[\"totp\"]", "[\"password\", \"magic\"]"}) {
    EXPECT_NE(problem_with("[signin]\nmethods = " + std::string{methods} + "\n").find("signin.methods"),
              std::string::npos)
        << methods;
  }
}

TEST(Settings, production_needs_a_certificate_and_a_key_that_fit) {
  std::string folder = std::filesystem::temp_directory_path() / "cardea-settings-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  auto settings = ready();
  settings.trusted_proxies.clear();
  settings.server.certificate_file = folder + "/server.crt";
  settings.server.key_file = folder + "/server.key";
  const auto problem = [&settings] {
    const auto problems = not_ready_for_production(settings);
    return problems.empty() ? std::string{} : problems.front();
  };
  EXPECT_NE(problem().find("server.crt"), std::string::npos) << "no such file";
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  ASSERT_TRUE(edge::write_self_signed(settings.server.certificate_file, settings.server.key_file, now).ok());
  EXPECT_EQ(problem(), "");
  ASSERT_TRUE(edge::write_self_signed(folder + "/other.crt", settings.server.key_file, now).ok());
  EXPECT_NE(problem().find("mismatch"), std::string::npos);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cardea::app
