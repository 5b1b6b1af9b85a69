#include "config/load.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "config/test_settings.hpp"

namespace cardea::config {
namespace {

TEST(Load, an_empty_file_leaves_every_default) {
  Settings settings;
  EXPECT_EQ(load_into(settings, ""), "");
  EXPECT_EQ(settings.plain(), Settings{}.plain());
  EXPECT_TRUE(settings.pepper.empty());
}

TEST(Load, a_file_fills_every_kind) {
  Settings settings;
  EXPECT_EQ(load_into(settings, R"(
url = "https://auth.example"
[signin]
passkeys = false
name = "required"
[server]
io_threads = 0
offset = -9223372036854775808
idle = "90m"
hosts = ["b.example", "ü.example"]
[server.limits]
agent = "wget"
[[server.rule]]
path = "/a"
[[server.rule]]
path = "/b"
weight = 10
more.note = "second"
)"),
            "");
  EXPECT_EQ(settings.url, "https://auth.example");
  EXPECT_FALSE(settings.passkeys);
  EXPECT_EQ(settings.name, Presence::required);
  EXPECT_EQ(settings.threads, 0);
  EXPECT_EQ(settings.offset, INT64_MIN);
  EXPECT_EQ(settings.idle, 90min);
  EXPECT_EQ(settings.hosts, (std::vector<std::string>{"b.example", "ü.example"}));
  EXPECT_EQ(settings.agent, "wget");
  EXPECT_EQ(settings.rules, (std::vector<Rule>{{.path = "/a"}, {.path = "/b", .weight = 10, .note = "second"}}));
}

TEST(Load, the_environment_overrides_the_file) {
  Settings settings;
  EXPECT_EQ(load_into(settings, "url = \"file\"\n[server]\nio_threads = 1\nidle = \"2h\"\n",
                      {{"CARDEA_URL", "environment"},
                       {"CARDEA_SERVER__IO_THREADS", "2"},
                       {"CARDEA_SIGNIN__PASSKEYS", "false"},
                       {"CARDEA_SIGNIN__NAME", "hidden"},
                       {"CARDEA_SERVER__HOSTS", "x.example, y.example"},
                       {"CARDEA_SERVER__LIMITS__AGENT", "a \"quoted\" one"},
                       {"CARDEA_SERVER__RULE", "[{path = \"/e\", weight = 3}]"}}),
            "");
  EXPECT_EQ(settings.url, "environment");
  EXPECT_EQ(settings.threads, 2);
  EXPECT_EQ(settings.idle, 2h);
  EXPECT_FALSE(settings.passkeys);
  EXPECT_EQ(settings.name, Presence::hidden);
  EXPECT_EQ(settings.hosts, (std::vector<std::string>{"x.example", "y.example"}));
  EXPECT_EQ(settings.agent, "a \"quoted\" one");
  EXPECT_EQ(settings.rules, (std::vector<Rule>{{.path = "/e", .weight = 3}}));
}

TEST(Load, the_environment_replaces_tables_of_the_file_whole) {
  Settings settings;
  EXPECT_EQ(load_into(settings, "[[server.rule]]\npath = \"\"\n[[server.rule]]\nweight = 9\n",
                      {{"CARDEA_SERVER__RULE", "[{weight = 2}]"}}),
            "");
  EXPECT_EQ(settings.rules, (std::vector<Rule>{{.weight = 2}}));
}

TEST(Load, an_empty_list_in_the_environment_is_an_empty_list) {
  Settings settings;
  EXPECT_EQ(load_into(settings, "", {{"CARDEA_SERVER__HOSTS", ""}, {"CARDEA_SERVER__RULE", "[]"}}), "");
  EXPECT_TRUE(settings.hosts.empty());
  EXPECT_TRUE(settings.rules.empty());
}

struct FileCase {
  std::string toml;
  std::string problem;
};

TEST(Load, a_problem_in_the_file_names_line_key_and_remedy) {
  const FileCase cases[] = {
      {"[signin]\n\npasskey = true", "cardea.toml:3: signin.passkey: unknown key, did you mean signin.passkeys?"},
      {"[session]\nio_threads = 1", "cardea.toml:1: session: unknown section"},
      {"[limits]\nagent = \"x\"", "cardea.toml:1: limits: unknown section, did you mean server.limits?"},
      {"[sigin]\npasskeys = true", "cardea.toml:1: sigin: unknown section, did you mean signin?"},
      {"[signin]\nio_threads = 2", "cardea.toml:2: signin.io_threads: unknown key, did you mean server.io_threads?"},
      {"uri = \"x\"", "cardea.toml:1: uri: unknown key, did you mean url?"},
      {"something_else_entirely = 1", "cardea.toml:1: something_else_entirely: unknown key"},
      {"\"a\\nb\" = 1", "cardea.toml:1: \"a\\u000ab\": unknown key"},
      {"\n[server]\nio_threads = 300", "cardea.toml:3: server.io_threads: 300 is out of range, allowed is 0 to 256"},
      {"server.io_threads = -1", "cardea.toml:1: server.io_threads: -1 is out of range, allowed is 0 to 256"},
      {"server.io_threads = 1.0", "cardea.toml:1: server.io_threads: expects an integer"},
      {"server.io_threads = \"1\"", "cardea.toml:1: server.io_threads: expects an integer"},
      {"server.idle = \"30s\"", "cardea.toml:1: server.idle: 30s is out of range, allowed is 1m to 365d"},
      {"server.idle = 90", "cardea.toml:1: server.idle: expects a span of time as text, such as \"15m\""},
      {"signin.passkeys = \"yes\"", "cardea.toml:1: signin.passkeys: expects true or false"},
      {"signin.passkeys = 1", "cardea.toml:1: signin.passkeys: expects true or false"},
      {"signin.name = \"Optional\"",
       "cardea.toml:1: signin.name: \"Optional\" is not one of hidden, optional, required"},
      {"url = 2026-01-01", "cardea.toml:1: url: expects text in quotes"},
      {"server.hosts = \"a\"", "cardea.toml:1: server.hosts: expects a list of texts, such as [\"a\", \"b\"]"},
      {"server.hosts = [\"a\", 1]", "cardea.toml:1: server.hosts: expects a list of texts, such as [\"a\", \"b\"]"},
      {"server = 1", "cardea.toml:1: server: expects a table"},
      {"server.rule = 1", "cardea.toml:1: server.rule: expects tables, [[server.rule]]"},
      {"[server.rule]\npath = \"/\"", "cardea.toml:1: server.rule: expects tables, [[server.rule]]"},
      {"[[server.rule]]\n[[server.rule]]\nwieght = 1",
       "cardea.toml:3: server.rule.wieght: unknown key, did you mean server.rule.weight?"},
      {"[[server.rule]]\nweight = 11", "cardea.toml:2: server.rule.weight: 11 is out of range, allowed is 0 to 10"},
      {"[[server.rule]]\npath = \"\"", "cardea.toml:2: server.rule.path is empty"},
      {"server.io_threads = 13", "server: thirteen threads bring bad luck"},
  };
  for (const auto& one : cases) EXPECT_EQ(problems(one.toml), one.problem) << one.toml;
}

TEST(Load, what_is_not_toml_is_refused_with_its_line) {
  for (const auto* toml :
       {"url = \"a\"\nurl = \"b\"\n", "url = \"a\"\n[signin\n", "url = \"a\"\nx", "url = \"a\"\nb = \"\xff\"\n"}) {
    EXPECT_TRUE(problems(toml).starts_with("cardea.toml:2: ")) << problems(toml);
  }
  EXPECT_EQ(problems(std::string(1024 * 1024 + 1, '\n')), "cardea.toml:1: the file is above 1 MiB");
}

TEST(Load, every_problem_is_told_at_once_in_the_order_of_the_file) {
  EXPECT_EQ(
      problems("url = 1\n[signin]\npasskeys = 0\n[server]\nio_threads = 999\nzz = 1\n", {{"CARDEA_SERVER__IDLE", "1"}}),
      "cardea.toml:1: url: expects text in quotes\n"
      "cardea.toml:3: signin.passkeys: expects true or false\n"
      "cardea.toml:5: server.io_threads: 999 is out of range, allowed is 0 to 256\n"
      "cardea.toml:6: server.zz: unknown key\n"
      "CARDEA_SERVER__IDLE: server.idle: \"1\" is not a span of time: write a whole number and one of us ms s "
      "m h d, such as \"15m\"");
}

TEST(Load, a_flood_of_problems_is_cut) {
  std::string toml;
  for (int i = 0; i < 20'000; ++i) toml += "unknown_" + std::to_string(i) + " = 1\n";
  const std::string found = problems(toml);
  EXPECT_EQ(std::count(found.begin(), found.end(), '\n'), 50);
  EXPECT_TRUE(found.ends_with("… and perhaps more"));
}

TEST(Load, a_wrong_value_leaves_the_default) {
  Settings settings;
  EXPECT_NE(
      load_into(settings, "server.io_threads = 999\nserver.hosts = [1]\nsignin.name = \"x\"\nserver.idle = \"x\""), "");
  EXPECT_EQ(settings.plain(), Settings{}.plain());
}

struct VariableCase {
  std::string name;
  std::string value;
  std::string problem;
};

TEST(Load, a_problem_in_the_environment_names_the_variable) {
  const VariableCase cases[] = {
      {"CARDEA_SIGNIN__PASSKEY", "true",
       "CARDEA_SIGNIN__PASSKEY: unknown variable, did you mean CARDEA_SIGNIN__PASSKEYS?"},
      {"CARDEA_SERVER_IO_THREADS", "1",
       "CARDEA_SERVER_IO_THREADS: unknown variable, did you mean CARDEA_SERVER__IO_THREADS?"},
      {"CARDEA_URI", "x", "CARDEA_URI: unknown variable, did you mean CARDEA_URL?"},
      {"CARDEA_NOTHING__LIKE_THIS_AT_ALL", "", "CARDEA_NOTHING__LIKE_THIS_AT_ALL: unknown variable"},
      {"CARDEA_SERVER__IO_THREADS", "1e3", "CARDEA_SERVER__IO_THREADS: expects an integer"},
      {"CARDEA_SERVER__IO_THREADS", "", "CARDEA_SERVER__IO_THREADS: expects an integer"},
      {"CARDEA_SERVER__IO_THREADS", "1\nurl=2", "CARDEA_SERVER__IO_THREADS: expects an integer"},
      {"CARDEA_SERVER__IO_THREADS", "257",
       "CARDEA_SERVER__IO_THREADS: server.io_threads: 257 is out of range, allowed is 0 to 256"},
      {"CARDEA_SIGNIN__PASSKEYS", "TRUE", "CARDEA_SIGNIN__PASSKEYS: expects true or false"},
      {"CARDEA_URL", "\xff", "CARDEA_URL: is not UTF-8"},
      {"CARDEA_SERVER__RULE", "[] \nw = 1", "CARDEA_SERVER__RULE: expects one TOML value"},
      {"CARDEA_SERVER__RULE", "[{", "CARDEA_SERVER__RULE: expects one TOML value"},
      {"CARDEA_SERVER__RULE", "[1]", "CARDEA_SERVER__RULE: server.rule: expects tables, [[server.rule]]"},
      {"CARDEA_SERVER__RULE", "[{wight = 1}]",
       "CARDEA_SERVER__RULE: server.rule.wight: unknown key, did you mean server.rule.weight?"},
  };
  for (const auto& one : cases)
    EXPECT_EQ(problems("", {{one.name, one.value}}), one.problem) << one.name << "=" << one.value;
}

TEST(Load, variables_that_are_not_settings_are_left_alone) {
  EXPECT_EQ(problems("", {{"CARDEA", "x"}, {"cardea_server__io_threads", "x"}, {"PATH", "x"}, {"MY__VALUE", "x"}}), "");
}

TEST(Load, describing_a_key_twice_is_a_bug) {
  Section section{"s"};
  bool flag = false;
  section.flag("a", flag, "");
  EXPECT_THROW(section.flag("a", flag, ""), std::logic_error);
  Secret secret;
  EXPECT_THROW(section.secret_file("pepper", secret, ""), std::logic_error);
}

}  // namespace
}  // namespace cardea::config
