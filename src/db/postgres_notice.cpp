#include "db/postgres_notice.hpp"

#include <cstdint>

namespace cardea::db::postgres {
namespace {

// "ORIGIN TOPIC:SUBJECT TOPIC:SUBJECT …", the subject in hexadecimal digits.
constexpr std::size_t longest_payload = 7999;
constexpr std::string_view digits = "0123456789abcdef";

std::string to_word(const Announcement& announcement) {
  std::string word = " " + announcement.topic + ":";
  for (const std::uint8_t byte : announcement.subject) {
    word += digits[byte >> 4];
    word += digits[byte & 15];
  }
  return word;
}

std::optional<Bytes> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digits.find(text[i]);
    const auto low = digits.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::optional<Announcement> parse_word(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  auto subject = parse_hex(word.substr(colon + 1));
  if (!subject) return std::nullopt;
  return Announcement{.topic = std::string{word.substr(0, colon)}, .subject = std::move(*subject)};
}

}  // namespace

std::vector<std::string> to_payloads(std::string_view origin, std::span<const Announcement> announcements) {
  std::vector<std::string> payloads;
  for (const Announcement& announcement : announcements) {
    const std::string word = to_word(announcement);
    if (payloads.empty() || payloads.back().size() + word.size() > longest_payload) payloads.emplace_back(origin);
    payloads.back() += word;
  }
  return payloads;
}

std::optional<Notice> parse_payload(std::string_view payload) {
  const auto end = payload.find(' ');
  if (end == 0 || end == std::string_view::npos) return std::nullopt;
  Notice notice{.origin = std::string{payload.substr(0, end)}, .announcements = {}};
  for (std::string_view rest = payload.substr(end); !rest.empty();) {
    rest.remove_prefix(1);
    const auto word = rest.substr(0, rest.find(' '));
    auto announcement = parse_word(word);
    if (!announcement) return std::nullopt;
    notice.announcements.push_back(std::move(*announcement));
    rest.remove_prefix(word.size());
  }
  return notice;
}

}  // namespace cardea::db::postgres
