#pragma once
// The field block of a request over HTTP/2 (RFC 9113 §8.3), collected within the limits of an HTTP/1 head. Pure.
//
// What nghttp2 has refused already never arrives: names in capitals, fields about the connection, pseudo-header fields
// that are unknown, repeated, missing or late.

#include <cstddef>
#include <string>
#include <string_view>

#include "edge/framing.hpp"

namespace cardea::edge {

class Http2Head {
 public:
  /// Takes one field, in the order sent. What is over a limit is counted and not kept.
  void add(std::string_view name, std::string_view value);
  /// Bytes as SETTINGS_MAX_HEADER_LIST_SIZE counts them (§6.5.2).
  [[nodiscard]] std::size_t size() const { return size_; }

  /// Fills the request and judges it, once. `:authority` takes the place of Host; a Host that names another host is
  /// refused (§8.3.1), and so is a scheme other than http and https, and a path that is none.
  [[nodiscard]] Verdict read_into(http::Request& request);

 private:
  void add_pseudo(std::string_view name, std::string_view value);
  [[nodiscard]] bool is_malformed() const;

  std::string method_;
  std::string scheme_;
  std::string authority_;
  std::string path_;
  std::string host_;
  std::string cookies_;
  http::Headers fields_;
  std::size_t hosts_ = 0;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

}  // namespace cardea::edge
