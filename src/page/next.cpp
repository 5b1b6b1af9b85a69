// Where a browser may be sent: a relative reference that no parser can take for another origin (RFC 3986 §4.2).
#include <algorithm>
#include <stdexcept>

#include "page/flash.hpp"
#include "page/form.hpp"
#include "page/page.hpp"

namespace cardea::page {
namespace {

constexpr std::size_t max_length = 2000;

constexpr bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

constexpr int hex(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

/// What RFC 3986 allows in a path, query or fragment, "%" aside. Anything else some browser strips or rewrites.
constexpr bool is_plain(char c) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:@/?#";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         marks.find(c) != std::string_view::npos;
}

/// The path, escapes decoded once; absent when an escape is broken or hides a slash, a backslash or a control.
std::optional<std::string> decoded_path(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      out += path[i];
      continue;
    }
    if (i + 2 >= path.size() || !is_hex(path[i + 1]) || !is_hex(path[i + 2])) return std::nullopt;
    const int code = hex(path[i + 1]) * 16 + hex(path[i + 2]);
    if (code < 0x20 || code == 0x7f || code == '/' || code == '\\') return std::nullopt;
    out += static_cast<char>(code);
    i += 2;
  }
  return out;
}

bool has_dot_segment(std::string_view path) {
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto segment = path.substr(0, path.find('/'));
    if (segment == "." || segment == "..") return true;
    path.remove_prefix(segment.size());
  }
  return false;
}

bool stays_here(std::string_view next) {
  if (next.empty() || next.front() != '/' || next.size() > max_length) return false;
  if (!std::ranges::all_of(next, [](char c) { return c == '%' || is_plain(c); })) return false;
  const auto path = decoded_path(next.substr(0, next.find_first_of("?#")));
  return path && path->find("//") == std::string::npos && !has_dot_segment(*path);
}

}  // namespace

std::string safe_next(std::optional<std::string> next, std::string_view fallback) {
  return next && stays_here(*next) ? std::move(*next) : std::string{fallback};
}

std::optional<std::string> asked_next(const http::Call& call) {
  auto posted = typed(call.form, "next");
  if (!posted.empty()) return posted;
  const auto query = call.query<NextQuery>();
  return query ? query->next : std::nullopt;  // one that is too long leads nowhere
}

std::string asked_link(const http::Call& call) {
  auto posted = typed(call.form, "link");
  if (!posted.empty()) return posted;
  const auto query = call.query<LinkQuery>();
  return query ? query->link : std::string{};
}

http::Response redirect(std::string_view path, std::string_view flash) {
  if (!stays_here(path)) throw std::invalid_argument("redirect: not a path on this origin");
  http::Response response{.status = 303};
  response.headers.set("Location", path);
  if (!flash.empty()) set_flash(response, flash);
  return response;
}

}  // namespace cardea::page
