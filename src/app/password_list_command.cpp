#include "app/password_list_command.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "app/command_database.hpp"
#include "app/interruption.hpp"
#include "app/progress.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/talk.hpp"
#include "breached/import.hpp"
#include "db/file_swap.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

constexpr mode_t for_everybody = 0644;  // the list is public, and the server may be another user
constexpr double mebibyte = 1024.0 * 1024.0;

/// Writes beside `place`, and gives the finished file its name at last.
int import_to(const fs::path& place, const PasswordListOrder& order, Progress& progress) {
  const Interruption interruption{"interrupted; nothing was changed"};
  const db::Draft draft{place};
  const bool is_folder = fs::is_directory(order.place);
  progress.begin("reading", 0, is_folder ? ProgressUnit{"files"} : in_mebibytes);
  const auto made =
      breached::import_list(order.place, draft.path(), RealClock{}.now(), [&](std::int64_t read, std::int64_t all) {
        interruption.check();
        progress.reach(read, all);
      });
  progress.end();
  interruption.check();  // what fed a pipe was interrupted too, and what came of it may be half a list
  if (!made) {
    complain(made.error().detail + "; nothing was changed");
    return exit_code::failed;
  }
  if (::chmod(draft.path().c_str(), for_everybody) != 0) {
    throw std::system_error(errno, std::generic_category(), draft.path().string());
  }
  db::sync_to_disk(draft.path());
  const auto size = static_cast<double>(fs::file_size(draft.path()));
  fs::rename(draft.path(), place);
  db::sync_to_disk(place.parent_path());
  fmt::print("{}: {} leaked passwords, {:.1f} MiB; servers that run use it from now on\n", place.string(),
             grouped(static_cast<std::int64_t>(made->entries)), size / mebibyte);
  return exit_code::done;
}

}  // namespace

int password_list_import(const Options& options, const PasswordListOrder& order) {
  return with_settings(options, [&](const Settings& settings) {
    const std::string place = order.to.empty() ? leaked_list_file(settings) : order.to;
    if (place.empty()) {
      complain("set password.breached_file, or say where the list is to be: --to FILE");
      return exit_code::usage;
    }
    Progress progress{!options.no_progress};
    return import_to(fs::absolute(place), order, progress);
  });
}

}  // namespace cardea::app
