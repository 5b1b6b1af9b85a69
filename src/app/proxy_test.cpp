// `cardea proxy`: what each configuration has, from the settings. That the proxies take them, and do what they say, is
// tried with the programs themselves in tests/examples.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/command_fixture.hpp"
#include "app/proxy_command.hpp"
#include "app/proxy_text.hpp"
#include "app/talk.hpp"

namespace cardea::app {
namespace {

class ProxyCommand : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// `cardea proxy <words>` with these settings.
  CommandRun print(std::vector<std::string> words, const std::string& settings = usual) {
    std::ofstream{folder_ + "/cardea.toml"} << settings;
    words.insert(words.begin(), "proxy");
    words.insert(words.end(), {"--config", folder_ + "/cardea.toml"});
    return run_command(words);
  }
  static bool has(const CommandRun& run, std::string_view text) { return run.printed.find(text) != std::string::npos; }
  static bool remarks(const CommandRun& run, std::string_view text) {
    return run.complained.find(text) != std::string::npos;
  }

  static constexpr const char* usual =
      "url = \"https://auth.example.com\"\n[server]\nlisten = \"127.0.0.1:8025\"\n"
      "trusted_proxies = [\"127.0.0.1/32\"]\n";
  static constexpr const char* by_socket =
      "url = \"https://auth.example.com\"\n[server]\nlisten = \"unix:/run/cardea/cardea.sock\"\n"
      "trusted_proxies = [\"unix:\"]\n";
  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-proxy-XXXXXX";
};

TEST_F(ProxyCommand, prints_where_the_server_is_and_under_which_name) {
  for (const auto& [proxy, texts] : std::vector<std::pair<std::string, std::vector<std::string>>>{
           {"nginx", {"server 127.0.0.1:8025;", "server_name auth.example.com;", "listen 443 ssl http2;"}},
           {"caddy", {"auth.example.com {", "reverse_proxy 127.0.0.1:8025 {"}},
           {"haproxy", {"server cardea 127.0.0.1:8025", "hdr Host auth.example.com", "alpn h2,http/1.1"}},
           {"traefik", {"url: \"http://127.0.0.1:8025\"", "Host(`auth.example.com`)"}}}) {
    const auto run = print({proxy});
    EXPECT_EQ(run.code, 0) << run.complained;
    EXPECT_EQ(run.complained, "") << "nothing lacks";
    for (const auto& text : texts) EXPECT_TRUE(has(run, text)) << text << "\n" << run.printed;
    EXPECT_FALSE(has(run, "forward-auth")) << "no application was named";
  }
}

TEST_F(ProxyCommand, reaches_a_unix_socket_and_what_listens_everywhere) {
  EXPECT_TRUE(has(print({"nginx"}, by_socket), "server unix:/run/cardea/cardea.sock;"));
  EXPECT_TRUE(has(print({"caddy"}, by_socket), "reverse_proxy unix//run/cardea/cardea.sock {"));
  EXPECT_TRUE(has(print({"haproxy"}, by_socket), "server cardea unix@/run/cardea/cardea.sock"));
  EXPECT_EQ(print({"nginx"}, by_socket).complained, "");
  const auto everywhere = print({"nginx"}, "url = \"https://auth.example.com\"\n[server]\nlisten = \"0.0.0.0:9\"\n");
  EXPECT_TRUE(has(everywhere, "server 127.0.0.1:9;")) << everywhere.printed;
  const auto units = print({"caddy"},
                           "url = \"https://auth.example.com\"\n[server]\nlisten = \"systemd:\"\n"
                           "trusted_proxies = [\"unix:\"]\n");
  EXPECT_TRUE(has(units, "unix//run/cardea.sock")) << units.printed;
  EXPECT_TRUE(remarks(units, "cardea.socket")) << units.complained;
}

TEST_F(ProxyCommand, says_what_the_settings_lack) {
  const auto untrusted = print({"nginx"}, "url = \"https://auth.example.com\"\n");
  EXPECT_TRUE(remarks(untrusted, "server.trusted_proxies = [\"127.0.0.1/32\"]")) << untrusted.complained;
  EXPECT_EQ(untrusted.code, 0);
  const auto socket = print({"nginx"}, "url = \"https://auth.example.com\"\n[server]\nlisten = \"unix:/run/x\"\n");
  EXPECT_TRUE(remarks(socket, "server.trusted_proxies = [\"unix:\"]")) << socket.complained;
  const auto unlisted = print({"nginx", "--protect", "app.example.com"});
  EXPECT_TRUE(remarks(unlisted, "[forward_auth] hosts = [\"https://app.example.com\"]")) << unlisted.complained;
  const std::string listed = std::string{usual} + "[forward_auth]\nhosts = [\"https://App.example.com:443\"]\n";
  EXPECT_EQ(print({"nginx", "--protect", "app.example.com"}, listed).complained, "");
}

TEST_F(ProxyCommand, replaces_what_clients_say_of_themselves) {
  EXPECT_TRUE(has(print({"nginx"}), "proxy_set_header X-Forwarded-For $remote_addr;"));
  EXPECT_FALSE(has(print({"nginx"}), "proxy_add_x_forwarded_for"));
  EXPECT_TRUE(has(print({"nginx"}), "proxy_set_header Forwarded \"\";"));
  EXPECT_TRUE(has(print({"caddy"}), "header_up X-Forwarded-For {remote_host}"));
  EXPECT_TRUE(has(print({"caddy"}), "header_up -Forwarded"));
  EXPECT_TRUE(has(print({"haproxy"}), "http-request set-header X-Forwarded-For %[src]"));
  EXPECT_TRUE(has(print({"haproxy"}), "http-request del-header Forwarded"));
  EXPECT_TRUE(has(print({"traefik"}), "customRequestHeaders: { Forwarded: \"\" }"));
}

TEST_F(ProxyCommand, has_the_limits_of_the_settings) {
  const std::string settings = std::string{usual} + "header_timeout = \"3s\"\nidle_timeout = \"100s\"\n";
  const auto nginx = print({"nginx"}, settings);
  EXPECT_TRUE(has(nginx, "client_max_body_size ")) << nginx.printed;
  EXPECT_TRUE(has(nginx, "client_header_timeout 3s;"));
  EXPECT_TRUE(has(nginx, "keepalive_timeout 80s;")) << "shorter than the server's own";
  EXPECT_TRUE(has(print({"haproxy"}, settings), "timeout http-request 3s"));
  EXPECT_TRUE(has(print({"caddy"}, settings), "read_header 3s"));
}

TEST_F(ProxyCommand, speaks_tls_to_a_server_that_does) {
  const std::string settings =
      "url = \"https://auth.example.com\"\n[server]\nlisten = \"127.0.0.1:8443\"\n"
      "trusted_proxies = [\"127.0.0.1/32\"]\n"
      "[tls]\ncertificate_file = \"/etc/a.pem\"\nkey_file = \"/etc/a.key\"\n";
  const auto nginx = print({"nginx"}, settings);
  EXPECT_TRUE(has(nginx, "proxy_pass https://cardea;")) << nginx.printed;
  EXPECT_TRUE(has(nginx, "proxy_ssl_verify on;"));
  EXPECT_TRUE(has(nginx, "proxy_ssl_name auth.example.com;"));
  EXPECT_TRUE(has(print({"caddy"}, settings), "tls_server_name auth.example.com"));
  EXPECT_TRUE(has(print({"haproxy"}, settings), "ssl verify required ca-file @system-ca sni str(auth.example.com)"));
  EXPECT_TRUE(has(print({"traefik"}, settings), "serverName: auth.example.com"));
}

TEST_F(ProxyCommand, protects_an_application) {
  for (const std::string proxy : {"nginx", "caddy", "traefik"}) {
    const auto run = print({proxy, "--protect", "app.example.com", "--application", "10.0.0.9:3000"});
    EXPECT_TRUE(has(run, "/v1/forward-auth")) << proxy;
    EXPECT_TRUE(has(run, "app.example.com")) << proxy;
    EXPECT_TRUE(has(run, "10.0.0.9:3000")) << proxy;
    for (const char* header : told_headers) EXPECT_TRUE(has(run, header)) << proxy << " " << header;
  }
}

TEST_F(ProxyCommand, takes_from_clients_what_applications_are_told_by) {
  const auto caddy = print({"caddy", "--protect", "app.example.com"}).printed;
  const auto nginx = print({"nginx", "--protect", "app.example.com"}).printed;
  const auto route = caddy.find("route {");
  for (const std::string header : told_headers) {
    const auto removed = caddy.find("\t\trequest_header -" + header + "\n");
    EXPECT_LT(route, removed) << "in the order that is written: " << caddy;
    EXPECT_LT(removed, caddy.find("forward_auth")) << header;
    EXPECT_NE(nginx.find("proxy_set_header " + header + " $cardea_"), std::string::npos) << nginx;
  }
}

TEST_F(ProxyCommand, without_settings_is_for_the_server_of_cardea_dev) {
  const auto run = print({"nginx", "--protect", "http://app.localhost:8080"}, "");
  EXPECT_EQ(run.code, 0) << run.complained;
  EXPECT_TRUE(has(run, "listen 127.0.0.1:8080;")) << "what is of this machine alone is not offered to others";
  EXPECT_FALSE(has(run, "ssl")) << run.printed;
  EXPECT_EQ(print({"nginx"}, "").code, exit_code::failed);
}

TEST_F(ProxyCommand, says_what_a_proxy_cannot_do) {
  const auto asks_nobody = print({"haproxy", "--protect", "app.example.com"});
  EXPECT_EQ(asks_nobody.code, exit_code::usage);
  EXPECT_TRUE(remarks(asks_nobody, "HAProxy asks nobody")) << asks_nobody.complained;
  EXPECT_TRUE(remarks(print({"traefik"}, by_socket), "does not reach unix sockets"));
  const std::string header = std::string{usual} + "proxy_protocol = true\n";
  EXPECT_TRUE(remarks(print({"nginx"}, header), "server.proxy_protocol is on"));
  EXPECT_TRUE(has(print({"haproxy"}, header), "send-proxy-v2"));
  EXPECT_TRUE(has(print({"haproxy"}, header), "mode tcp"));
}

TEST_F(ProxyCommand, writes_nothing_into_a_configuration_that_it_could_misread) {
  for (const std::string host :
       {"app.example.com; }", "app.example.com/x", "a b", "https://a@b", "*.example.com", "ftp://a"}) {
    const auto run = print({"nginx", "--protect", host});
    EXPECT_EQ(run.code, exit_code::usage) << host;
    EXPECT_EQ(run.printed, "") << host;
  }
  EXPECT_EQ(print({"nginx", "--protect", "a.example", "--application", "x; y"}).code, exit_code::usage);
  EXPECT_EQ(print({"nginx", "--certificate", "/etc/ssl/a b.pem"}).printed, "");
}

TEST_F(ProxyCommand, is_found_by_its_noun) {
  const auto run = run_command({"proxy"});
  EXPECT_EQ(run.code, 0);
  for (const auto& name : known_proxies()) EXPECT_TRUE(has(run, "  " + name)) << run.printed;
  EXPECT_EQ(run_command({"proxy", "apache"}).code, exit_code::usage);
}

}  // namespace
}  // namespace cardea::app
