#include "http/security_headers.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "http/page_policy.hpp"

namespace cardea::http {
namespace {

constexpr ConstantHeader page_policy{
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"};
constexpr ConstantHeader closed_policy{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"};
constexpr ConstantHeader permissions{
    "Permissions-Policy",
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), "
    "gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
    "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), usb=(), "
    "xr-spatial-tracking=()"};
constexpr ConstantHeader own_opener{"Cross-Origin-Opener-Policy", "same-origin"};
constexpr ConstantHeader for_same_origin{"Cross-Origin-Resource-Policy", "same-origin"};
constexpr ConstantHeader for_same_site{"Cross-Origin-Resource-Policy", "same-site"};
constexpr ConstantHeader for_cross_origin{"Cross-Origin-Resource-Policy", "cross-origin"};
constexpr ConstantHeader no_store{"Cache-Control", "no-store"};
constexpr ConstantHeader no_referrer{"Referrer-Policy", "no-referrer"};
constexpr ConstantHeader no_sniffing{"X-Content-Type-Options", "nosniff"};
constexpr ConstantHeader unknown_type{"Content-Type", "application/octet-stream"};

const ConstantHeader& resource_policy(Reach reach) {
  switch (reach) {
    case Reach::same_origin: return for_same_origin;
    case Reach::same_site: return for_same_site;
    case Reach::cross_origin: return for_cross_origin;
  }
  return for_same_origin;
}

/// What a handler set already, found in one pass.
struct Present {
  std::string_view content_type = {};
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
    const auto is = [&field](std::string_view name) { return text::equals_ignoring_case(field.name, name); };
    switch (field.name.size()) {  // they are told apart by length alone
      case 12:
        if (is("Content-Type")) present.content_type = field.value;
        break;
      case 13: present.cache |= is("Cache-Control"); break;
      case 22: present.nosniff |= is("X-Content-Type-Options"); break;
      case 23: present.policy |= is("Content-Security-Policy"); break;
      case 28: present.resource_policy |= is("Cross-Origin-Resource-Policy"); break;
      default: break;
    }
  }
  return present;
}

}  // namespace

void add_security_headers(Response& response, Reach reach) {
  Headers& headers = response.headers;
  const Present present = look(headers);
  const bool is_page = starts_with_ignoring_case(present.content_type, "text/html");
  if (present.content_type.empty() && !response.body.empty()) headers.add(unknown_type);
  if (starts_with_ignoring_case(present.content_type, "text/") &&
      present.content_type.find("charset=") == std::string_view::npos) {
    headers.set("Content-Type", std::string{present.content_type} + "; charset=utf-8");
  }
  if (!present.cache) headers.add(no_store);
  if (!present.policy) headers.add(is_page ? page_policy : closed_policy);
  headers.add(own_opener);
  // Once only: browsers ignore a resource policy that is there twice.
  if (!present.resource_policy) headers.add(resource_policy(reach));
  headers.add(no_referrer);
  if (!present.nosniff) headers.add(no_sniffing);
  if (is_page) headers.add(permissions);  // of what runs scripts; long, and nothing else does
}

bool are_safe(const Headers& headers) {
  return std::all_of(headers.fields().begin(), headers.fields().end(), [](const Header& field) {
    return field.is_constant || (is_token(field.name) && is_field_value(field.value));
  });
}

std::string page_policy_leading_to(std::string_view origin) {
  constexpr std::string_view own_forms = "form-action 'self'";
  std::string policy{page_policy.field().value};
  return policy.insert(policy.find(own_forms) + own_forms.size(), " " + std::string{origin});
}

}  // namespace cardea::http
