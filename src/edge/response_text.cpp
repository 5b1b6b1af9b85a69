#include "edge/response_text.hpp"

#include <array>
#include <boost/beast/http/status.hpp>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "base/internet_date.hpp"
#include "edge/content.hpp"

namespace cardea::edge {
namespace {

void append_number(std::string& out, std::uint64_t number, int base = 10) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr;
  out.append(digits.data(), end);
}

std::string_view reason_of(int status) {
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  const auto reason = boost::beast::http::obsolete_reason(known);
  return {reason.data(), reason.size()};
}

std::size_t size_on_the_wire(const http::Header& field) { return field.name.size() + field.value.size() + 4; }

/// Writes texts one after the other into room that was made for all of them.
class Cursor {
 public:
  explicit Cursor(char* at) : at_(at) {}
  Cursor& write(std::string_view text) {
    std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
    return *this;
  }
  [[nodiscard]] const char* at() const { return at_; }

 private:
  char* at_;
};

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
  text_ = internet_date(now) + " GMT";
  return text_;
}

bool append_head(std::string& out, const http::Response& response, const Ending& ending) {
  if (!is_sendable(response)) return false;
  constexpr std::string_view version = "HTTP/1.1 ";
  constexpr std::size_t room_for_own_fields = 80;  // bytes: the body's length, Connection, line ends
  const std::string_view reason = reason_of(response.status);
  std::array<char, 3> status{};
  (void)std::to_chars(status.data(), status.data() + status.size(), response.status);
  const auto is_sent = [](const http::Header& field) { return field.is_constant || !is_for_edge(field.name); };

  std::size_t size = version.size() + status.size() + 1 + reason.size() + 2;
  for (const auto& field : response.headers.fields()) size += is_sent(field) ? size_on_the_wire(field) : 0;
  const std::size_t before = out.size();
  out.reserve(before + size + room_for_own_fields + ending.date.size());
  out.resize(before + size);
  Cursor cursor{out.data() + before};
  cursor.write(version).write({status.data(), status.size()}).write(" ").write(reason).write("\r\n");
  for (const auto& field : response.headers.fields()) {
    if (is_sent(field)) cursor.write(field.name).write(": ").write(field.value).write("\r\n");
  }
  assert(cursor.at() == out.data() + out.size());
  out.append("Date: ").append(ending.date);
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
