#include "config/load.hpp"

#include <algorithm>
#include <compare>
#include <utility>

#include "config/set.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

constexpr std::size_t most_problems = 50;

/// What an unknown name may have meant to be.
struct Known {
  std::vector<std::string> keys;
  std::vector<std::string> sections;
};

void collect(const Section& section, Known& out) {
  for (const auto& entry : section.entries()) out.keys.push_back(join(section.path(), entry->key));
  for (const auto& child : section.sections()) {
    out.sections.push_back(child->path());
    collect(*child, out);
  }
}

/// Where a value comes from, as a message begins.
struct Source {
  std::string name;  // the file's, or the environment variable's
  bool is_file;
  const Known& known;
  [[nodiscard]] std::string at(std::uint32_t line) const {
    return is_file ? name + ":" + std::to_string(line) + ": " : name + ": ";
  }
};

/// The entry of that full key; null when there is none.
const Entry* find_entry(const Section& section, std::string_view key) {
  for (const auto& entry : section.entries()) {
    if (join(section.path(), entry->key) == key) return entry.get();
  }
  for (const auto& child : section.sections()) {
    if (const Entry* found = find_entry(*child, key)) return found;
  }
  return nullptr;
}

/// The key that a problem begins with: "server.listen: …", "overlap must be …".
std::string_view key_of(std::string_view problem) {
  return problem.substr(0, problem.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_."));
}

/// The problem with its key in full. Rooms name it within their section, or the whole of it, or speak of the section.
std::string in_full(const Section& section, const std::string& problem) {
  const std::string& path = section.path();
  if (path.empty() || problem.starts_with(path + ".") || problem.starts_with(path + ":")) return problem;
  const auto key = key_of(problem);
  const bool is_key = std::any_of(section.entries().begin(), section.entries().end(),
                                  [key](const auto& entry) { return entry->key == key; });
  return path + (is_key ? "." : ": ") + problem;
}

}  // namespace

std::string located(const Section& root, std::string problem) {
  const Entry* entry = find_entry(root, key_of(problem));
  return entry != nullptr ? entry->set_at + std::move(problem) : problem;
}

class Loader {
 public:
  Loader(Section& root, const Environment& environment)
      : root_(root), environment_(environment), credentials_directory_(environment("CREDENTIALS_DIRECTORY")) {
    collect(root, known_);
  }

  void read_file(std::string_view toml, std::string_view name) {
    auto parsed = parse_toml(toml);
    if (!parsed.ok()) return report(0, std::string{name} + ":" + parsed.error().detail);
    read_table(root_, *parsed, {std::string{name}, true, known_});
    std::sort(problems_.begin(), problems_.end());
  }

  void read_environment(const std::vector<std::string>& names) {
    std::vector<std::string> known;
    read_environment_of(root_, known);
    for (const auto& name : names) {
      if (!name.starts_with("CARDEA_") || std::find(known.begin(), known.end(), name) != known.end()) continue;
      report(UINT32_MAX, key_text(name) + ": unknown variable" + suggestion(name, known));
    }
  }

  Result<Done> finish() {
    if (problems_.empty()) run_checks(root_);
    if (problems_.empty()) return done;
    std::string detail;
    for (const auto& problem : problems_) detail += (detail.empty() ? "" : "\n") + problem.text;
    if (problems_.size() == most_problems) detail += "\n… and perhaps more";
    return Error{wrong_settings, std::move(detail)};
  }

 private:
  struct Problem {
    std::uint32_t line;
    std::string text;
    friend auto operator<=>(const Problem&, const Problem&) = default;
  };

  void report(std::uint32_t line, std::string text) {
    if (problems_.size() < most_problems) problems_.push_back({line, std::move(text)});
  }

  static std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
    const auto meant = nearest(word, candidates);
    return meant ? ", did you mean " + *meant + "?" : std::string{};
  }

  void read_table(Section& section, const TomlTable& table, const Source& source) {
    for (const auto& [key, value] : table) {
      if (problems_.size() == most_problems) return;
      read_member(section, key, value, source);
    }
  }

  void read_member(Section& section, const std::string& key, const TomlValue& value, const Source& source) {
    for (const auto& entry : section.entries_) {
      if (entry->key == key) return read_entry(*entry, join(section.path(), key), value, source);
    }
    const std::string path = join(section.path(), key);
    const auto* table = std::get_if<TomlTable>(&value.value);
    for (const auto& child : section.sections_) {
      if (child->path() != path) continue;
      if (table != nullptr) return read_table(*child, *table, source);
      return report(value.line, source.at(value.line) + path + ": expects a table");
    }
    report(value.line, source.at(value.line) + join(section.path(), key_text(key)) +
                           (table != nullptr ? ": unknown section" + suggestion(path, source.known.sections)
                                             : ": unknown key" + suggestion(path, source.known.keys)));
  }

  void read_entry(Entry& entry, const std::string& path, const TomlValue& value, const Source& source) {
    entry.is_set = true;
    entry.set_at = source.at(value.line);
    if (auto* tables = std::get_if<Tables>(&entry.binding)) return read_tables(*tables, path, value, source);
    const auto outcome = set(entry.binding, value, credentials_directory_);
    if (!outcome.ok()) report(value.line, source.at(value.line) + path + ": " + outcome.error().detail);
  }

  void read_tables(Tables& tables, const std::string& path, const TomlValue& value, const Source& source) {
    const auto* items = std::get_if<TomlArray>(&value.value);
    const bool good = items != nullptr && std::all_of(items->begin(), items->end(), [](const TomlValue& item) {
                        return std::holds_alternative<TomlTable>(item.value);
                      });
    if (!good) return report(value.line, source.at(value.line) + path + ": expects tables, [[" + path + "]]");
    tables.items.clear();  // before the variables they are bound to go
    tables.resize(items->size());
    for (std::size_t i = 0; i < items->size(); ++i) {
      auto& section = *tables.items.emplace_back(std::make_unique<Section>(path));
      tables.describe(section, i);
      Known known;
      collect(section, known);
      read_table(section, std::get<TomlTable>((*items)[i].value), {source.name, source.is_file, known});
    }
  }

  void read_environment_of(Section& section, std::vector<std::string>& known) {
    for (const auto& entry : section.entries_) {
      const std::string path = join(section.path(), entry->key);
      const std::string name = environment_name(path);
      known.push_back(name);
      const auto text = environment_(name);
      if (!text) continue;
      const auto value = from_environment(entry->binding, *text);
      if (value.ok()) {
        read_entry(*entry, path, {value->value, UINT32_MAX}, {name, false, known_});
      } else {
        report(UINT32_MAX, name + ": " + value.error().detail);
      }
    }
    for (const auto& child : section.sections_) read_environment_of(*child, known);
  }

  void run_checks(const Section& section) {
    for (const auto& check : section.checks_) {
      const std::string problem = check();
      if (problem.empty()) continue;
      std::string full = in_full(section, problem);
      const Entry* entry = find_entry(section, key_of(full));  // of an item, which the root does not know
      report(UINT32_MAX, entry != nullptr ? entry->set_at + full : located(root_, std::move(full)));
    }
    for (const auto& entry : section.entries_) {
      const auto* tables = std::get_if<Tables>(&entry->binding);
      if (tables == nullptr) continue;
      for (const auto& item : tables->items) run_checks(*item);
    }
    for (const auto& child : section.sections_) run_checks(*child);
  }

  Section& root_;
  const Environment& environment_;
  std::optional<std::string> credentials_directory_;
  Known known_;
  std::vector<Problem> problems_;
};

Result<Done> load(Section& root, std::string_view toml, std::string_view file_name, const Environment& environment,
                  const std::vector<std::string>& names) {
  Loader loader{root, environment};
  loader.read_file(toml, file_name);
  loader.read_environment(names);
  return loader.finish();
}

}  // namespace cardea::config
