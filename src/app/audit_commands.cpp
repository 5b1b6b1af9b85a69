#include "app/audit_commands.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "app/audit_list.hpp"
#include "app/command_database.hpp"
#include "app/house.hpp"
#include "app/progress.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"
#include "audit/export.hpp"
#include "audit/walk.hpp"
#include "db/file_swap.hpp"
#include "encoding/base64.hpp"
#include "encoding/rfc3339.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

int misused(const std::string& why) {
  complain(why);
  return exit_code::usage;
}

std::optional<crypto::Ed25519PublicKey> parse_key(const std::string& text) {
  const auto bytes = encoding::parse_base64url(text);
  crypto::Ed25519PublicKey key{};
  if (!bytes || bytes->size() != key.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return key;
}

/// The key that was named, or that of the secret; absent when there is neither.
audit::CheckpointKey key_of(const Settings& settings, const std::string& named) {
  if (!named.empty()) return parse_key(named);
  if (settings.secret.empty()) return std::nullopt;
  return crypto::ed25519_public_key(audit_key(settings));
}

constexpr std::string_view unchecked =
    "not checked: name the settings with --config, or the public key with --key (`cardea audit key`)";

int say_broken(std::string_view what, const audit::Break& broken) {
  fmt::print(stderr, "The {} breaks at event {}: {}\n", what, broken.number, broken.what);
  return 1;
}

audit::ReadProgress told_to(Progress& progress) {
  progress.begin("checking the audit chain", 0, in_events);
  return [&progress](std::int64_t read, std::int64_t all) { progress.reach(read, all); };
}

int verify_database(db::Database& database, const audit::CheckpointKey& key, Progress& progress) {
  const auto found = audit::survey(database, RealClock{}.now(), key, told_to(progress));
  progress.end();
  if (found.broken) return say_broken("chain", *found.broken);
  fmt::print("The chain is whole.\nEvents sealed: {}; the last has number {} and hash {}.\n", found.sealed,
             found.last_number, encoding::hex(found.last_hash));
  if (found.removed > 0) {
    fmt::print("Events removed before these: {}, the last of them at {}. The checkpoint's signature is {}.\n",
               found.removed, rfc3339(*found.removed_at), key ? "the server's" : unchecked);
  }
  if (found.unsealed > 0) {
    fmt::print("Events not sealed yet: {}, the oldest of {}; of these, nothing shows whether some were removed.\n",
               found.unsealed, rfc3339(*found.oldest_unsealed));
  }
  if (!found.is_overdue) return 0;
  fmt::print(stderr,
             "Events are sealed within ten seconds, those that count repeats within seventy, and these were not. Look "
             "for audit.seal in the server's log, and for who else writes to the database.\n");
  return 1;
}

int verify_export(std::istream& in, const audit::CheckpointKey& key, Progress& progress) {
  const auto found = audit::survey_export(in, key, told_to(progress));
  progress.end();
  if (found.broken) return say_broken("export", *found.broken);
  const auto events = found.end.number - found.begin.number;
  fmt::print("The export is whole.\nEvents: {}", events);
  if (events > 0) fmt::print(", with numbers {} to {}", found.begin.number + 1, found.end.number);
  fmt::print("; the last has hash {}, the one before the first {}.\n", encoding::hex(found.end.hash),
             encoding::hex(found.begin.hash));
  if (found.removed > 0) fmt::print("Events removed before these were exported: {}.\n", found.removed);
  if (found.unsealed > 0) fmt::print("Events not sealed at that time, and not in it: {}.\n", found.unsealed);
  const std::string_view signature = found.is_signed ? unchecked : "not there: it was written without the secret";
  fmt::print("Written at {}. Its signature is {}.\n", rfc3339(*found.made_at), key ? "the server's" : signature);
  return 0;
}

int verify_file(const std::string& file, const audit::CheckpointKey& key, Progress& progress) {
  if (file == "-") return verify_export(std::cin, key, progress);
  std::error_code ignored;
  if (!fs::exists(file, ignored) || fs::is_directory(file, ignored)) {
    complain(file + " is no file");
    return 1;
  }
  std::ifstream in{file, std::ios::binary};
  if (!in) {
    complain(file + " cannot be read");
    return 1;
  }
  return verify_export(in, key, progress);
}

int export_to(db::Database& database, const audit::Selection& selection, const Settings& settings,
              const audit::LineSink& line) {
  const auto key = settings.secret.empty() ? Secret{} : audit_key(settings);
  const auto last = audit::write_export(database, selection, key.empty() ? nullptr : &key, RealClock{}.now(), line);
  return last ? 0 : fail(last.error());
}

int export_to_file(const fs::path& file, const std::function<int(const audit::LineSink&)>& write) {
  const auto is_taken = [&file] {
    complain(file.string() + " is there already, and is not overwritten");
    return exit_code::conflict;
  };
  std::error_code ignored;
  if (fs::exists(file, ignored)) return is_taken();
  if (!fs::is_directory(file.parent_path(), ignored)) {
    complain("there is no folder " + file.parent_path().string());
    return 1;
  }
  db::Draft draft{file};
  std::ofstream out{draft.path(), std::ios::binary};
  if (const int code = write([&out](std::string_view text) { return (out << text << '\n').good(); }); code != 0) {
    return code;
  }
  out.close();
  if (!out.good()) {
    complain(file.string() + " cannot be written");
    return 1;
  }
  db::sync_to_disk(draft.path());
  return draft.publish(file) ? 0 : is_taken();
}

bool print_line(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fputc('\n', stdout) != EOF;
}

}  // namespace

int audit_verify(const Options& options, const AuditSource& source) {
  if (!source.key.empty() && !parse_key(source.key)) {
    return misused("--key: it is no public key; `cardea audit key` prints it: 43 letters, digits, - and _");
  }
  Progress progress{!options.no_progress};
  if (source.file.empty()) {
    return with_copy(options, [&](db::Database& database, const Settings& settings) {
      return verify_database(database, key_of(settings, source.key), progress);
    });
  }
  return with_settings(options, [&](const Settings& settings) {
    return verify_file(source.file, key_of(settings, source.key), progress);
  });
}

int audit_export(const Options& options, const AuditOrder& order) {
  audit::Selection selection;
  for (const auto& [text, instant, name] :
       {std::tuple{&order.since, &selection.since, "--since"}, std::tuple{&order.until, &selection.until, "--until"}}) {
    if (text->empty()) continue;
    *instant = parse_moment(*text, RealClock{}.now());
    if (!*instant) return misused(std::string{name} + ": write 7d, 2026-11-23, or 2026-11-23T12:00:00Z");
  }
  return with_copy(options, [&](db::Database& database, const Settings& settings) {
    Progress progress{!options.no_progress};
    progress.begin("exporting", 0, in_events);
    const auto write = [&](const audit::LineSink& line) {
      return export_to(database, selection, settings, [&](std::string_view text) {
        progress.add();
        return line(text);
      });
    };
    if (order.file.empty() || order.file == "-") return write(print_line);
    return export_to_file(fs::absolute(order.file).lexically_normal(), write);
  });
}

int audit_key(const Options& options) {
  return with_settings(options, [](const Settings& settings) {
    const auto key = key_of(settings, {});
    if (!key) {
      complain("no secret is set: name the settings with --config");
      return 1;
    }
    fmt::print("{}\n", encoding::base64url(*key));
    return 0;
  });
}

}  // namespace cardea::app
