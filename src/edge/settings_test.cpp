#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "config/load.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

/// Empty, or what is wrong.
std::string load(Settings& settings, std::string_view toml) {
  config::Section root{""};
  describe(root, settings);
  const auto no_environment = [](std::string_view) -> std::optional<std::string> { return std::nullopt; };
  const auto loaded = config::load(root, toml, "cardea.toml", no_environment, {});
  return loaded.ok() ? "" : loaded.error().detail;
}

TEST(Settings, an_empty_file_keeps_the_defaults) {
  Settings settings;
  EXPECT_EQ(load(settings, ""), "");
  EXPECT_EQ(settings.listen, "127.0.0.1:8025");
  EXPECT_EQ(settings.header_timeout, 10s);
}

TEST(Settings, server_and_tls_are_read) {
  Settings settings;
  EXPECT_EQ(load(settings, R"(
[server]
listen = "[::]:443"
heavy_queue = 10
body_memory_mib = 32
idle_timeout = "2m"
[tls]
certificate_file = "c.pem"
key_file = "k.pem"
redirect_listen = "0.0.0.0:80"
)"),
            "");
  EXPECT_EQ(settings.listen, "[::]:443");
  EXPECT_EQ(settings.heavy_queue, 10);
  EXPECT_EQ(settings.body_memory_mib, 32);
  EXPECT_EQ(settings.idle_timeout, 2min);
  EXPECT_EQ(settings.key_file, "k.pem");
  EXPECT_EQ(settings.redirect_listen, "0.0.0.0:80");
}

TEST(Settings, a_certificate_comes_with_its_key_and_a_redirect_with_both) {
  Settings settings;
  EXPECT_NE(load(settings, "[tls]\ncertificate_file = \"c.pem\"\n").find("tls.certificate_file: set key_file too"),
            std::string::npos);
  Settings other;
  EXPECT_NE(
      load(other, "[tls]\nredirect_listen = \"0.0.0.0:80\"\n").find("tls.redirect_listen: set certificate_file too"),
      std::string::npos);
}

TEST(Settings, an_address_to_listen_on_is_one_and_is_free_of_the_others) {
  const auto problem = [](const std::string& listen, const std::string& redirect) {
    Settings settings;
    return load(settings, "[server]\nlisten = \"" + listen +
                              "\"\n[tls]\ncertificate_file = \"c\"\nkey_file = \"k\"\nredirect_listen = \"" + redirect +
                              "\"\n");
  };
  EXPECT_EQ(problem("0.0.0.0:443", "0.0.0.0:80"), "");
  EXPECT_EQ(problem("127.0.0.1:0", "127.0.0.1:0"), "") << "each takes a free one";
  EXPECT_EQ(problem("127.0.0.1:80", "127.0.0.2:80"), "");
  for (const auto* wrong : {"foo", "127.0.0.1", "127.0.0.1:70000", "auth.example.com:443", ":443", ""}) {
    EXPECT_NE(problem(wrong, "").find("cardea.toml:2: server.listen: "), std::string::npos) << wrong;
  }
  EXPECT_NE(problem("127.0.0.1:443", "foo").find("cardea.toml:6: tls.redirect_listen: "), std::string::npos);
  for (const auto& [one, other] : {std::pair{"127.0.0.1:80", "127.0.0.1:80"}, std::pair{"0.0.0.0:80", "127.0.0.1:80"},
                                   std::pair{"[::]:80", "10.0.0.1:80"}, std::pair{"[::1]:80", "[::]:80"},
                                   std::pair{"localhost:80", "127.0.0.1:80"}}) {
    EXPECT_NE(problem(one, other).find("tls.redirect_listen: server.listen has that port"), std::string::npos) << one;
  }
}

TEST(Settings, a_queue_without_room_or_a_wait_without_end_is_refused) {
  Settings settings;
  EXPECT_NE(load(settings, "[server]\nquick_queue = 0\n"), "");
  EXPECT_NE(load(settings, "[server]\nheader_timeout = \"0s\"\n"), "");
  EXPECT_NE(load(settings, "[server]\nheader_timeout = \"2h\"\n"), "");
}

TEST(HeavyLane, has_several_threads_per_core_unless_told_otherwise) {
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  EXPECT_EQ(heavy_threads({}), std::min<std::int64_t>(256, 16 * cores));
  EXPECT_EQ(heavy_threads({.heavy_threads = 3}), 3);
}

TEST(HeavyLane, hashes_one_password_per_core_as_far_as_memory_and_threads_reach) {
  const auto cores = static_cast<std::int64_t>(std::thread::hardware_concurrency());
  EXPECT_EQ(hashing_permits({.heavy_memory_mib = 1'048'576}), cores) << "not one per thread";
  EXPECT_EQ(hashing_permits({.heavy_memory_mib = 38, .heavy_job_kib = 19 * 1024}), std::min<std::int64_t>(2, cores));
  EXPECT_EQ(hashing_permits({.heavy_memory_mib = 37, .heavy_job_kib = 19 * 1024}), 1) << "two would not fit";
  EXPECT_EQ(hashing_permits({.heavy_memory_mib = 1, .heavy_job_kib = 19 * 1024}), 1) << "or nobody could sign in";
  EXPECT_EQ(hashing_permits({.heavy_threads = 1}), 1) << "an operator may keep cores for something else";
}

}  // namespace
}  // namespace cardea::edge
