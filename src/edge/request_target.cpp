#include "edge/request_target.hpp"

#include <algorithm>
#include <array>

#include "base/char_set.hpp"
#include "base/text.hpp"
#include "http/message.hpp"

namespace cardea::edge {
namespace {

constexpr CharSet host_characters{"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_:[]"};

/// Visible ASCII without a fragment.
bool is_plain(std::string_view text) {
  bool is = true;
  for (const char c : text) is &= c > ' ' && c < '\x7f' && c != '#';
  return is;
}

/// What stands behind the scheme and its slashes; absent for another scheme.
std::optional<std::string_view> behind_scheme(std::string_view target) {
  constexpr std::array<std::string_view, 2> schemes{"http://", "https://"};
  for (const std::string_view scheme : schemes) {
    if (text::equals_ignoring_case(target.substr(0, scheme.size()), scheme)) return target.substr(scheme.size());
  }
  return std::nullopt;
}

}  // namespace

bool is_host(std::string_view text) {
  constexpr std::size_t longest = 255;
  if (text.empty() || text.size() > longest) return false;
  bool is = true;
  for (const char c : text) is &= host_characters.contains(c);
  return is;
}

std::optional<RequestTarget> read_target(std::string_view method, std::string_view target) {
  if (!is_plain(target)) return std::nullopt;
  if (target.starts_with('/')) return RequestTarget{std::string{target}};
  const bool is_options = method == http::to_text(http::Method::options);
  if (target == http::whole_server && is_options) return RequestTarget{std::string{target}};
  const auto rest = behind_scheme(target);
  if (!rest) return std::nullopt;
  const std::size_t end = std::min(rest->size(), rest->find_first_of("/?"));
  const std::string_view authority = rest->substr(0, end);
  if (!is_host(authority)) return std::nullopt;
  const std::string_view path = rest->substr(end);
  if (path.starts_with('/')) return RequestTarget{std::string{path}, authority};
  if (path.empty() && is_options) return RequestTarget{std::string{http::whole_server}, authority};
  return RequestTarget{"/" + std::string{path}, authority};
}

}  // namespace cardea::edge
