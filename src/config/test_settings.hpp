#pragma once
// For this module's tests: settings of every kind, and an environment that is a map.

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "config/load.hpp"

namespace cardea::config {

using namespace std::chrono_literals;

struct Rule {
  std::string path = "/";
  std::int64_t weight = 1;
  std::string note;
  bool strict = false;
  friend bool operator==(const Rule&, const Rule&) = default;
};

enum class Presence { hidden, optional, required };
constexpr auto enum_texts(Presence) {
  return std::to_array<EnumText<Presence>>(
      {{Presence::hidden, "hidden"}, {Presence::optional, "optional"}, {Presence::required, "required"}});
}

struct Settings {
  std::string url = "http://localhost";
  bool passkeys = true;
  Presence name = Presence::optional;
  std::int64_t threads = 4;
  std::int64_t offset = 0;
  Duration idle = 14 * 24h;
  std::vector<std::string> hosts = {"a.example"};
  std::string agent;
  Secret pepper;
  std::vector<Rule> rules = {{.path = "/default"}};

  [[nodiscard]] auto plain() const { return std::tie(url, passkeys, name, threads, offset, idle, hosts, agent, rules); }
};

inline void describe(Section& root, Settings& s) {
  root.text("url", s.url, "Public URL.");
  auto& signin = root.section("signin");
  signin.flag("passkeys", s.passkeys, "Offer passkeys.");
  signin.choice("name", s.name, "Ask for a name.");
  auto& server = root.section("server");
  server.integer("io_threads", s.threads, "Threads | of I/O.", {.min = 0, .max = 256});
  server.integer("offset", s.offset, "Any number.", {.min = INT64_MIN, .max = INT64_MAX});
  server.span("idle", s.idle, "Idle for this long.", {.min = 1min, .max = 365 * 24h});
  server.texts("hosts", s.hosts, "Names of this server.");
  server.section("limits").text("agent", s.agent, "Refused agent.");
  root.section("signin").secret_file("pepper_file", s.pepper, "A pepper.");
  server.tables(
      "rule", "A rule.", [&s] { return s.rules.size(); }, [&s](std::size_t n) { s.rules.assign(n, Rule{}); },
      [&s](Section& item, std::size_t i) {
        item.text("path", s.rules[i].path, "Where.");
        item.integer("weight", s.rules[i].weight, "How much.", {.min = 0, .max = 10});
        item.section("more").text("note", s.rules[i].note, "A remark.");
        item.flag("strict", s.rules[i].strict, "Refuse.");
        item.check([&s, i]() -> std::string { return s.rules[i].path.empty() ? "path is empty" : ""; });
      });
  server.check([&s]() -> std::string { return s.threads == 13 ? "thirteen threads bring bad luck" : ""; });
}

using Variables = std::map<std::string, std::string>;

/// Loads into `settings`; the problems, or an empty text.
inline std::string load_into(Settings& settings, std::string_view toml, const Variables& variables = {},
                             std::string* shown = nullptr) {
  Section root{""};
  describe(root, settings);
  const Environment environment = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string{name});
    return found == variables.end() ? std::nullopt : std::optional{found->second};
  };
  std::vector<std::string> names;
  for (const auto& [name, value] : variables) names.push_back(name);
  const auto outcome = load(root, toml, "cardea.toml", environment, names);
  if (shown != nullptr) *shown = show(root, false);
  return outcome.ok() ? "" : outcome.error().detail;
}

inline std::string problems(std::string_view toml, const Variables& variables = {}) {
  Settings settings;
  return load_into(settings, toml, variables);
}

}  // namespace cardea::config
