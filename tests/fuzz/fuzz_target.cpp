// libraries: http
// A request target, query and Cookie header from anyone: what is accepted has one reading.

#include <algorithm>

#include "encoding/unicode.hpp"
#include "http/cookie.hpp"
#include "http/message.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"
#include "tests/fuzz/require.hpp"

namespace {

using cardea::fuzz::require;
using namespace cardea::http;

void check_target(std::string_view text) {
  std::string path, query;
  if (!parse_target(text, path, query)) return;
  require(path.starts_with('/') && cardea::unicode::is_utf8(path), "a path begins with a slash and is UTF-8");
  require(path.find("//") == std::string::npos && path.find('\\') == std::string::npos, "no separator is hidden");
  const std::string closed = path + "/";
  require(closed.find("/../") == std::string::npos && closed.find("/./") == std::string::npos, "no dot segments");
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  require(std::none_of(path.begin(), path.end(), is_control), "no control character");
  const auto end = std::min(text.find('?'), text.size());
  require(std::count(path.begin(), path.end(), '/') ==
              std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '/'),
          "decoding adds no segment");
}

void check_query(std::string_view text) {
  const auto value = query_value(text, "a");
  if (!value) return;
  require(cardea::unicode::is_utf8(*value), "a value is UTF-8");
  const std::string twice = std::string{text} + "&a=b";
  require(!query_value(twice, "a") && !is_query(twice), "a repeated parameter is absent, and refused by the pipeline");
}

void check_cookie(std::string_view text) {
  Request request;
  request.headers.add("Cookie", text);
  const auto value = cookie(request, "a");
  if (!value) return;
  require(set_cookie("a", *value, {}).starts_with("a=" + std::string{*value} + "; "), "a cookie read can be written");
  request.headers.add("Cookie", "a=b");
  require(!cookie(request, "a"), "a repeated cookie is absent");
}

void check_origin_and_address(std::string_view text) {
  if (const auto origin = canonical_origin(text)) {
    require(canonical_origin(*origin) == *origin, "a canonical origin is its own canonical text");
  }
  if (const auto address = parse_address(text)) {
    require(parse_address(to_text(*address)) == *address, "an address reads back");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = cardea::as_text({data, size});
  check_target(text);
  check_query(text);
  check_cookie(text);
  check_origin_and_address(text);
  return 0;
}
