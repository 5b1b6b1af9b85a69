#include "app/backup_name.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view time_shape = "ddddddddTddddddZ";

/// The time and count in a file's name, which sort; absent for a file that is not of the series.
std::optional<std::pair<std::string, int>> parse(const BackupSeries& series, std::string_view name) {
  const std::string start = series.stem + "-";
  if (!name.starts_with(start) || !name.ends_with(series.ending)) return std::nullopt;
  if (name.size() < start.size() + time_shape.size() + series.ending.size()) return std::nullopt;
  name.remove_prefix(start.size());
  name.remove_suffix(series.ending.size());
  const auto fits = [](char shape, char c) { return shape == 'd' ? c >= '0' && c <= '9' : c == shape; };
  if (!std::equal(time_shape.begin(), time_shape.end(), name.begin(), fits)) return std::nullopt;
  const std::string time{name.substr(0, time_shape.size())};
  name.remove_prefix(time_shape.size());
  if (name.empty()) return std::pair{time, 1};
  int count = 0;
  const auto [end, problem] = std::from_chars(name.data() + 1, name.data() + name.size(), count);
  if (name.front() != '-' || problem != std::errc{} || end != name.data() + name.size() || count < 2) {
    return std::nullopt;
  }
  return std::pair{time, count};
}

}  // namespace

std::string compact_utc(Time time) {
  std::string text = rfc3339(time).substr(0, 19);  // "2026-11-26T17:34:55"
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text + "Z";
}

BackupSeries BackupSeries::at(const fs::path& place) {
  std::error_code ignored;
  const bool is_folder = place.empty() || !place.has_filename() || fs::is_directory(place, ignored);
  if (is_folder) return {.folder = fs::absolute(place.empty() ? fs::path{"."} : place).lexically_normal()};
  const auto file = fs::absolute(place).lexically_normal();
  return {.folder = file.parent_path(), .stem = file.stem().string(), .ending = file.extension().string()};
}

fs::path BackupSeries::name(Time time, int count) const {
  const std::string number = count == 1 ? std::string{} : fmt::format("-{}", count);
  return folder / (stem + "-" + compact_utc(time) + number + ending);
}

std::vector<fs::path> BackupSeries::files() const {
  std::vector<std::pair<std::pair<std::string, int>, fs::path>> found;
  for (const auto& entry : fs::directory_iterator{folder}) {
    auto key = parse(*this, entry.path().filename().string());
    if (key && entry.is_regular_file() && !entry.is_symlink()) found.emplace_back(*std::move(key), entry.path());
  }
  std::ranges::sort(found);
  std::vector<fs::path> files;
  for (auto& [key, path] : found) files.push_back(std::move(path));
  return files;
}

std::vector<fs::path> remove_old(const BackupSeries& series, const fs::path& fresh, std::size_t keep) {
  auto files = series.files();
  std::erase(files, fresh);
  const std::size_t kept = std::min(files.size(), keep - 1);
  files.resize(files.size() - kept);
  for (const auto& file : files) fs::remove(file);
  return files;
}

}  // namespace cardea::app
