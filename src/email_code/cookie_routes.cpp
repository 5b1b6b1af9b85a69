#include "email_code/cookie_routes.hpp"

#include "http/cookie.hpp"

namespace cardea::email_code {
namespace {

constexpr std::string_view cookie_name = "__Host-cardea-email-code";

}  // namespace

std::string waiting_token(const http::Call& call) {
  return std::string{http::cookie(call.request, cookie_name).value_or("")};
}

void keep(http::Response& response, const Deps& deps, const Secret& token) {
  response.headers.add("Set-Cookie",
                       http::set_cookie(cookie_name, token.reveal(),
                                        {.max_age = std::chrono::duration_cast<std::chrono::seconds>(code_lifetime),
                                         .same_site = deps.authn.same_site}));
}

void forget(http::Response& response, const Deps& deps) {
  response.headers.add(
      "Set-Cookie",
      http::set_cookie(cookie_name, "", {.max_age = std::chrono::seconds{0}, .same_site = deps.authn.same_site}));
}

}  // namespace cardea::email_code
