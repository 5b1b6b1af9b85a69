#pragma once
// The grammar of a request's head, by Beast; what the head means is framing's business.

#include <string_view>

#include "base/error.hpp"
#include "edge/asio.hpp"
#include "http/message.hpp"

namespace cardea::edge {

/// Parses one complete head into fields that are views of one copy of it. Used once.
class HeadParser final : private boost::beast::http::basic_parser<true> {
 public:
  /// Fields go to `fields`.
  explicit HeadParser(http::Headers& fields);

  /// Null, or why the head is refused. `received` ends with the empty line.
  [[nodiscard]] const ErrorKind* parse(std::string_view received);

  // Views into the copy of the head.
  [[nodiscard]] std::string_view method() const { return method_; }
  [[nodiscard]] std::string_view target() const { return target_; }
  /// 10 or 11.
  [[nodiscard]] int version() const { return version_; }

 private:
  using View = boost::beast::string_view;
  void on_request_impl(boost::beast::http::verb, View method, View target, int version, error_code&) override;
  void on_response_impl(int, View, int, error_code&) override {}
  void on_field_impl(boost::beast::http::field, View name, View value, error_code& error) override;
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(View, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, View, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, View, error_code&) override { return 0; }
  void on_finish_impl(error_code&) override {}

  http::Headers& fields_;
  std::string_view copy_;  // of the head, in `fields_`
  std::string_view method_;
  std::string_view target_;
  int version_ = 0;
};

}  // namespace cardea::edge
