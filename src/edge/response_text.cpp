#include "edge/response_text.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>
#include <cstdint>
#include <ctime>

#include "edge/content.hpp"

namespace cardea::edge {
namespace {

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

constexpr std::size_t room_for_own_fields = 160;  // bytes: status line, Date, the body's length, Connection

void append_status(std::string& out, int status) {
  const auto reason =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(static_cast<unsigned>(status)));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(status));
  out += ' ';
  out.append(reason.data(), reason.size());
  out += "\r\n";
}

/// In the head. That of a response to HEAD may leave out what only making the body would tell (RFC 9110 §9.3.2).
void append_body_end(std::string& out, const http::Response& response, const Ending& ending) {
  if (const auto length = response.body.length()) {
    out += "\r\nContent-Length: ";
    append_number(out, *length);
  } else if (ending.takes_chunks && !ending.is_head) {
    out += "\r\nTransfer-Encoding: chunked";
  }
}

}  // namespace

std::string_view DateText::at(Time now) {
  const std::int64_t second = to_seconds(now);
  if (second == second_) return text_;
  second_ = second;
  const std::time_t seconds = second;
  std::tm parts{};
  (void)gmtime_r(&seconds, &parts);
  // By hand: strftime would speak the locale's language.
  constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto two = [](int n) { return std::string{static_cast<char>('0' + n / 10), static_cast<char>('0' + n % 10)}; };
  text_ = std::string{days[static_cast<std::size_t>(parts.tm_wday)]} + ", " + two(parts.tm_mday) + " ";
  text_ += std::string{months[static_cast<std::size_t>(parts.tm_mon)]} + " " + std::to_string(parts.tm_year + 1900);
  text_ += " " + two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec) + " GMT";
  return text_;
}

bool append_head(std::string& out, const http::Response& response, const Ending& ending) {
  if (!is_sendable(response)) return false;
  std::size_t size = out.size() + room_for_own_fields + ending.date.size();
  for (const auto& field : response.headers.fields()) size += field.name.size() + field.value.size() + 4;
  out.reserve(size);  // once, and no further piece is a reason to look
  append_status(out, response.status);
  for (const auto& field : response.headers.fields()) {
    if (!field.is_constant && is_for_edge(field.name)) continue;
    out.append(field.name).append(": ", 2).append(field.value).append("\r\n", 2);
  }
  out += "Date: ";
  out += ending.date;
  if (allows_body(response.status)) append_body_end(out, response, ending);
  out += ending.keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return true;
}

BodyEnd body_end(const http::Response& response, const Ending& ending) {
  if (response.body.length()) return BodyEnd::length;
  return ending.takes_chunks ? BodyEnd::chunks : BodyEnd::close;
}

void append_chunk_head(std::string& out, std::size_t size) {
  append_number(out, size, 16);
  out += "\r\n";
}

}  // namespace cardea::edge
