#include "page/flash.hpp"

#include "http/cookie.hpp"

namespace cardea::page {

std::optional<std::string> flash(const http::Request& request, std::string_view page) {
  if (request.method != http::Method::get) return std::nullopt;
  const auto flash = http::cookie(request, flash_cookie);
  if (!flash || flash->substr(0, flash->find('.')) != page) return std::nullopt;
  return std::string{*flash};
}

void set_flash(http::Response& response, std::string_view flash) {
  response.headers.add("Set-Cookie", http::set_cookie(flash_cookie, flash, {.max_age = std::chrono::minutes{1}}));
}

void clear_flash(http::Response& response) {
  response.headers.add("Set-Cookie", http::set_cookie(flash_cookie, "", {.max_age = std::chrono::seconds{0}}));
}

}  // namespace cardea::page
