#pragma once
// config: a TOML file and the environment become settings structs; unknown keys stop the start.
//
// A room declares a struct with defaults and describes it once:
//
//   struct Settings { Duration idle = 14d; std::int64_t most = 50; };
//   void describe(config::Section& section, Settings& s) {
//     section.span("idle", s.idle, "A session unused for this long ends.", {.min = 1min, .max = 365d});
//     section.integer("most", s.most, "Sessions an account may have.", {.min = 1, .max = 1000});
//   }
//
// The one description parses, validates, prints (`config show`) and documents (docs/config.md, `config schema`).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_text.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace cardea::config {

struct IntegerRange {
  std::int64_t min = 0;
  std::int64_t max = INT64_MAX;
};
struct SpanRange {
  Duration min = Duration{0};
  Duration max = std::chrono::hours{24 * 3650};
};

/// One setting, bound to the variable it fills; filled in by the calls below and used by config/load.
struct Entry;

/// Binds keys of one TOML table to variables; a variable's present value is the default.
class Section {
 public:
  explicit Section(std::string path);  // "session"; "" for the top of the file
  ~Section();
  Section(Section&&) noexcept;

  void flag(std::string_view key, bool& value, std::string_view doc);
  void integer(std::string_view key, std::int64_t& value, std::string_view doc, IntegerRange range = {});
  /// A span as text, a whole number and one unit: "500us", "250ms", "90s", "15m", "12h", "14d".
  void span(std::string_view key, Duration& value, std::string_view doc, SpanRange range = {});
  void text(std::string_view key, std::string& value, std::string_view doc);
  /// One value of an enum, by its text in the enum's own table (base/enum_text.hpp).
  template <TextEnum E>
  void choice(std::string_view key, E& value, std::string_view doc) {
    std::vector<std::string_view> texts;
    for (const auto& one : enum_texts(E{})) texts.push_back(one.text);
    bind_choice(
        key, doc, std::move(texts), [&value] { return enum_text(value); },
        [&value](std::string_view text) { value = parse_enum<E>(text).value(); });
  }
  /// A list of texts; in the environment, separated by commas.
  void texts(std::string_view key, std::vector<std::string>& value, std::string_view doc);
  /// A path of a file whose content (one trailing newline removed) is the secret, or "credential:NAME" for a file in
  /// systemd's $CREDENTIALS_DIRECTORY; the key must end in "_file". Refused: a file others may read, an empty one, one
  /// above 64 KiB. An empty text leaves the variable as it is.
  void secret_file(std::string_view key, Secret& value, std::string_view doc);
  /// A list of tables, `[[section.key]]`: `size` items; `describe(i)` binds the keys of item i after `resize(n)`.
  /// In the environment: the TOML text of an array of inline tables.
  void tables(std::string_view key, std::string_view doc, std::function<std::size_t()> size,
              std::function<void(std::size_t)> resize, std::function<void(Section&, std::size_t)> describe);
  /// A table below this one, "session.cookie"; the same one for the same key, so that rooms may share a table.
  Section& section(std::string_view key);
  /// Runs after everything is read without a problem; returns an empty text or what is wrong.
  void check(std::function<std::string()> problem);

  [[nodiscard]] const std::vector<std::unique_ptr<Entry>>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Section>>& sections() const { return sections_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  friend class Loader;

  void bind_choice(std::string_view key, std::string_view doc, std::vector<std::string_view> texts,
                   std::function<std::string_view()> get, std::function<void(std::string_view)> set);

  std::string path_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<std::unique_ptr<Section>> sections_;
  std::vector<std::function<std::string()>> checks_;
};

}  // namespace cardea::config
