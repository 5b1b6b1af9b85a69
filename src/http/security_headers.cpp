#include "http/security_headers.hpp"
#include "http/field.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cardea::http {
namespace {

constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";
constexpr std::string_view closed_policy = "default-src 'none'; frame-ancestors 'none'";
constexpr std::string_view permissions =
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=()";

/// What a handler set already, found in one pass.
struct Present {
  bool content_type = false;
  bool policy = false;
  bool cache = false;
  bool resource_policy = false;
  bool nosniff = false;
};

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && text::equals_ignoring_case(text.substr(0, start.size()), start);
}

Present look(const Headers& headers) {
  Present present;
  for (const Header& field : headers.fields()) {
    if (text::equals_ignoring_case(field.name, "Content-Type")) present.content_type = true;
    if (text::equals_ignoring_case(field.name, "Content-Security-Policy")) present.policy = true;
    if (text::equals_ignoring_case(field.name, "Cache-Control")) present.cache = true;
    if (text::equals_ignoring_case(field.name, "Cross-Origin-Resource-Policy")) present.resource_policy = true;
    if (text::equals_ignoring_case(field.name, "X-Content-Type-Options")) present.nosniff = true;
  }
  return present;
}

}  // namespace

void add_security_headers(Response& response, Reach reach) {
  Headers& headers = response.headers;
  const Present present = look(headers);
  const std::string type{headers.get("Content-Type")};
  if (!present.content_type && !response.body.empty()) headers.add("Content-Type", "application/octet-stream");
  if (starts_with_ignoring_case(type, "text/") && type.find("charset=") == std::string::npos) {
    headers.set("Content-Type", type + "; charset=utf-8");
  }
  if (!present.cache) headers.add("Cache-Control", "no-store");
  if (!present.policy) {
    const bool is_page = starts_with_ignoring_case(type, "text/html");
    headers.add("Content-Security-Policy", is_page ? page_policy : closed_policy);
  }
  headers.add("Cross-Origin-Opener-Policy", "same-origin");
  // Once only: browsers ignore a resource policy that is there twice.
  if (!present.resource_policy) {
    headers.add("Cross-Origin-Resource-Policy", reach == Reach::same_origin ? "same-origin" : "cross-origin");
  }
  headers.add("Referrer-Policy", "no-referrer");
  if (!present.nosniff) headers.add("X-Content-Type-Options", "nosniff");
  headers.add("Permissions-Policy", permissions);
}

bool are_safe(const Headers& headers) {
  return std::all_of(headers.fields().begin(), headers.fields().end(),
                     [](const Header& field) { return is_token(field.name) && is_field_value(field.value); });
}

}  // namespace cardea::http
