#include "audit/archive.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "db/file_swap.hpp"

namespace cardea::audit {
namespace {

namespace fs = std::filesystem;

Error not_archived(const fs::path& file, std::string_view why) {
  return Error{export_interrupted, fmt::format("{}: {}; nothing was removed", file.string(), why)};
}

/// What such a file holds, if it is whole and this server's own.
Result<ExportSurvey> look(const fs::path& file, const Secret& key) {
  std::ifstream in{file, std::ios::binary};
  auto found = survey_export(in, crypto::ed25519_public_key(key));
  if (!found.broken) return found;
  return not_archived(file, fmt::format("it breaks at event {}: {}", found.broken->number, found.broken->what));
}

}  // namespace

Result<Link> archive(db::Database& database, const std::string& folder, std::int64_t up_to, const Secret& key,
                     Time now) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return not_archived(folder, "there is no such folder");
  db::Draft draft{fs::path{folder} / "audit"};
  std::ofstream out{draft.path(), std::ios::binary};
  const LineSink line = [&out](std::string_view text) { return (out << text << '\n').good(); };
  const auto last = TRY(write_export(database, {.up_to = up_to}, &key, now, line));
  out.close();
  if (!out.good()) return not_archived(draft.path(), "it cannot be written");
  db::sync_to_disk(draft.path());
  const auto written = TRY(look(draft.path(), key));
  const auto name =
      fs::path{folder} / fmt::format("audit-{:012}-{:012}.ndjson", written.begin.number + 1, written.end.number);
  if (draft.publish(name)) return last;
  const auto earlier = TRY(look(name, key));
  if (earlier.begin.hash == written.begin.hash && earlier.end.hash == last.hash) return last;
  return not_archived(name, "it is there already and holds something else");
}

}  // namespace cardea::audit
