#include "edge/head_parser.hpp"

#include <functional>

#include "edge/framing.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

std::string_view to_std(boost::beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

HeadParser::HeadParser(http::Headers& fields) : fields_(fields) {
  header_limit(max_head_size + 1);  // the connection's own limit is met first
  body_limit(boost::none);
}

const ErrorKind* HeadParser::parse(std::string_view received) {
  copy_ = fields_.keep(received);
  error_code error;
  const std::size_t used = put(asio::const_buffer{copy_.data(), copy_.size()}, error);
  if (error == boost::beast::http::error::header_limit) return &http::headers_too_large;
  if (error) return &http::malformed_request;
  return used == copy_.size() && is_header_done() ? nullptr : &http::malformed_request;
}

void HeadParser::on_request_impl(boost::beast::http::verb, View method, View target, int version, error_code&) {
  method_ = to_std(method);
  target_ = to_std(target);
  version_ = version;
}

void HeadParser::on_field_impl(boost::beast::http::field, View name, View value, error_code& error) {
  if (fields_.fields().size() == max_field_count) {
    error = boost::beast::http::error::header_limit;
    return;
  }
  // A value that goes over lines was put together elsewhere, in a buffer of the parser's.
  const bool is_in_copy = std::less_equal<>{}(copy_.data(), value.data()) &&
                          std::less_equal<>{}(value.data() + value.size(), copy_.data() + copy_.size());
  fields_.add_kept(to_std(name), is_in_copy ? to_std(value) : fields_.keep(to_std(value)));
}

}  // namespace cardea::edge
