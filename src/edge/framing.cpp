#include "edge/framing.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/field.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

// Far above every body limit and far below overflow.
constexpr std::size_t max_length_digits = 15;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// One spelling per number: no sign, no list, no leading zero.
std::optional<std::size_t> parse_length(std::string_view value) {
  if (value.empty() || value.size() > max_length_digits || !std::ranges::all_of(value, is_digit)) return std::nullopt;
  if (value.size() > 1 && value.front() == '0') return std::nullopt;
  std::size_t length = 0;
  for (const char c : value) length = length * 10 + static_cast<std::size_t>(c - '0');
  return length;
}

/// What the fields that matter here say; the first doubt stays.
class Reading {
 public:
  void read(const http::Header& field) {
    const auto is = [&field](std::string_view name) { return text::equals_ignoring_case(field.name, name); };
    switch (field.name.size()) {  // most fields are told apart by length alone
      case 4:
        if (is("host")) host(field.value);
        break;
      case 6:
        if (is("expect")) expect(field.value);
        break;
      case 10:
        if (is("connection")) options(field.value);
        break;
      case 14:
        if (is("content-length")) length_is(field.value);
        break;
      case 17:
        if (is("transfer-encoding")) coding(field.value);
        break;
      default: break;
    }
  }

  bool doubt = false;
  bool is_chunked = false;
  bool has_other_coding = false;
  bool close = false;
  bool expects_continue = false;
  bool has_host = false;
  std::optional<std::size_t> length;

 private:
  void host(std::string_view value) {
    if (has_host || !is_host(value)) doubt = true;
    has_host = true;
  }
  /// Of the connection (RFC 9110 §7.6.1).
  void options(std::string_view value) {
    for (const auto piece : text::split(value, ',')) {
      const std::string_view option = text::trim(piece);
      if (!option.empty() && !http::is_token(option)) doubt = true;
      if (text::equals_ignoring_case(option, "close")) close = true;
    }
  }
  void expect(std::string_view value) {
    if (!text::equals_ignoring_case(value, "100-continue")) doubt = true;
    expects_continue = true;
  }
  void coding(std::string_view value) {
    if (is_chunked || has_other_coding || value.empty()) doubt = true;
    (text::equals_ignoring_case(value, "chunked") ? is_chunked : has_other_coding) = true;
  }
  void length_is(std::string_view value) {
    const auto parsed = parse_length(value);
    if (length || !parsed) doubt = true;
    length = parsed.value_or(0);
  }
};

}  // namespace

Scan scan_head(std::string_view received, std::size_t resume) {
  std::size_t line = resume;
  for (;;) {
    const std::size_t newline = received.find('\n', line);
    if (newline == std::string_view::npos) return {Scan::State::incomplete, line};
    if (newline == line || received[newline - 1] != '\r') return {Scan::State::malformed, line};
    if (newline == line + 1) return {Scan::State::complete, newline + 1};
    const bool is_continuation = received[line] == ' ' || received[line] == '\t';
    if (is_continuation) return {Scan::State::malformed, line};
    line = newline + 1;
  }
}

Verdict judge(const Head& head, const std::optional<RequestTarget>& target) {
  Reading reading;
  for (const auto& field : head.fields.fields()) reading.read(field);
  const bool has_coding = reading.is_chunked || reading.has_other_coding;
  if (has_coding && (reading.length || head.version != 11)) return {.refusal = &http::malformed_request};
  if (reading.doubt || head.fields.fields().size() > max_field_count) return {.refusal = &http::malformed_request};
  if (head.version != 10 && head.version != 11 && head.version != 20) return {.refusal = &http::malformed_request};
  const bool is_modern = head.version != 10;
  if (is_modern && !reading.has_host) return {.refusal = &http::malformed_request};
  if (reading.has_other_coding) return {.refusal = &http::unknown_transfer_coding};
  const auto method = http::parse_method(head.method);
  if (!method) return {.refusal = &http::method_not_allowed};
  if (!target) return {.refusal = &http::malformed_request};
  const std::size_t length = reading.length.value_or(0);
  // A GET with a body means nothing (RFC 9110 §9.3.1) and is a favourite of smugglers.
  const bool takes_no_body = *method == http::Method::get || *method == http::Method::head;
  if (takes_no_body && (length > 0 || reading.is_chunked)) return {.refusal = &http::malformed_request};
  return {.content_length = length,
          .is_chunked = reading.is_chunked,
          .keep_alive = is_modern && !reading.close,
          .expects_continue = is_modern && reading.expects_continue,
          .is_http_1_1 = is_modern};
}

}  // namespace cardea::edge
