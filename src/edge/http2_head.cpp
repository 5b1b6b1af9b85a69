#include "edge/http2_head.hpp"

#include <utility>

#include "base/text.hpp"
#include "edge/request_head.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

constexpr int http_2 = 20;
constexpr std::size_t most_fields = max_field_count - 1;  // and the host

/// Without the port that the scheme means anyway.
std::string_view without_default_port(std::string_view host, std::string_view scheme) {
  const std::string_view port = text::equals_ignoring_case(scheme, "https") ? ":443" : ":80";
  if (host.ends_with(port)) host.remove_suffix(port.size());
  return host;
}

}  // namespace

void Http2Head::add(std::string_view name, std::string_view value) {
  constexpr std::size_t overhead = 32;  // bytes, §6.5.2
  size_ += name.size() + value.size() + overhead;
  if (size_ > max_head_size) return;
  if (name.starts_with(':')) {
    add_pseudo(name, value);
    return;
  }
  if (name == "cookie") {  // one field, in however many pieces it came (§8.2.3)
    if (!cookies_.empty()) cookies_ += "; ";
    cookies_ += value;
    return;
  }
  if (++count_ > most_fields) return;
  if (name == "host") {
    ++hosts_;
    host_ = value;
  } else {
    fields_.add(name, value);
  }
}

void Http2Head::add_pseudo(std::string_view name, std::string_view value) {
  if (name == ":method") method_ = value;
  if (name == ":scheme") scheme_ = value;
  if (name == ":authority") authority_ = value;
  if (name == ":path") path_ = value;
}

bool Http2Head::is_malformed() const {
  const bool has_path = path_.starts_with('/') || path_ == http::whole_server;
  const bool is_connect = method_ == "CONNECT";  // has neither path nor scheme (§8.5)
  const bool is_http = text::equals_ignoring_case(scheme_, "https") || text::equals_ignoring_case(scheme_, "http");
  if (!is_connect && (!has_path || !is_http)) return true;
  if (hosts_ > 1) return true;
  if (hosts_ == 0 || authority_.empty()) return false;
  return !text::equals_ignoring_case(without_default_port(host_, scheme_), without_default_port(authority_, scheme_));
}

Verdict Http2Head::read_into(http::Request& request) {
  if (!cookies_.empty()) fields_.add("Cookie", cookies_);
  if (!authority_.empty() || hosts_ > 0) fields_.add("Host", authority_.empty() ? host_ : authority_);
  request.headers = std::move(fields_);
  const Verdict verdict =
      read_request_head({.method = method_, .target = path_, .version = http_2, .fields = request.headers}, request);
  if (size_ > max_head_size || count_ > most_fields) return {.refusal = &http::headers_too_large};
  if (is_malformed()) return {.refusal = &http::malformed_request};
  return verdict;
}

}  // namespace cardea::edge
