#include "page/said.hpp"

#include "http/cookie.hpp"

namespace cardea::page {

std::optional<std::string> said(const http::Request& request, std::string_view page) {
  if (request.method != http::Method::get) return std::nullopt;
  auto said = http::cookie(request, said_cookie);
  if (!said || said->substr(0, said->find('.')) != page) return std::nullopt;
  return said;
}

void set_said(http::Response& response, std::string_view said) {
  response.headers.add("Set-Cookie", http::set_cookie(said_cookie, said, {.max_age = std::chrono::minutes{1}}));
}

void clear_said(http::Response& response) {
  response.headers.add("Set-Cookie", http::set_cookie(said_cookie, "", {.max_age = std::chrono::seconds{0}}));
}

}  // namespace cardea::page
