#pragma once
// Announcements as PostgreSQL's NOTIFY carries them. Internal to db.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/announcement.hpp"

namespace cardea::db::postgres {

/// The channel that every process listens on.
inline constexpr std::string_view channel = "cardea";

/// As many payloads as needed, each short enough for NOTIFY. `origin` names the process that announces.
std::vector<std::string> to_payloads(std::string_view origin, std::span<const Announcement> announcements);

struct Notice {
  std::string origin;
  std::vector<Announcement> announcements;
};
/// Reads a payload strictly; absent for anything that `to_payloads` does not write.
std::optional<Notice> parse_payload(std::string_view payload);

}  // namespace cardea::db::postgres
