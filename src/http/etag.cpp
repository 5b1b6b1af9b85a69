#include "http/etag.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "encoding/base64.hpp"
#include "http/problem.hpp"

namespace cardea::http {
namespace {

constexpr std::string_view weak = "W/";
constexpr std::string_view any = "*";

}  // namespace

std::string etag_of(std::string_view body) {
  const auto digest = crypto::sha256(body);
  constexpr std::size_t bytes = 18;  // 144 bits, and base64 without an end
  return "\"" + encoding::base64url(std::span{digest}.first(bytes)) + "\"";
}

bool meets_if_match(const Headers& headers, std::string_view current) {
  if (!headers.has("If-Match")) return true;
  const auto tags = list_items(headers, "If-Match");
  return std::any_of(tags.begin(), tags.end(),
                     [current](std::string_view tag) { return tag == any || tag == current; });
}

bool has_already(const Headers& headers, std::string_view tag) {
  const auto tags = list_items(headers, "If-None-Match");
  return std::any_of(tags.begin(), tags.end(), [tag](std::string_view each) {
    if (each.starts_with(weak)) each.remove_prefix(weak.size());
    return each == any || each == tag;
  });
}

Result<Done> Call::check_condition(std::string_view current) const {
  if (!has_condition() || meets_if_match(request.headers, etag_of(current))) return done;
  return precondition_failed;
}

}  // namespace cardea::http
