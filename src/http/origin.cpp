#include "http/origin.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/authorization.hpp"

namespace cardea::http {
namespace {

bool is_host_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '-' || c == '_';
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    return host.size() >= 4 && host.find_first_not_of("0123456789abcdef:.", 1) == host.size() - 1;
  }
  return !host.empty() && std::all_of(host.begin(), host.end(), is_host_char);
}

std::vector<std::string> canonical(const std::vector<std::string>& texts) {
  std::vector<std::string> origins;
  for (const std::string& text : texts) {
    auto origin = canonical_origin(text);
    if (!origin) throw std::invalid_argument{"not an origin (scheme://host[:port]): " + text};
    origins.push_back(std::move(*origin));
  }
  return origins;
}

bool has(const std::vector<std::string>& origins, const std::optional<std::string>& origin) {
  return origin && std::find(origins.begin(), origins.end(), *origin) != origins.end();
}

/// What lets pages on all of these embed a response.
Reach reach_for(const std::vector<std::string>& own, const std::vector<std::string>& cors) {
  if (cors.empty()) return Reach::same_origin;
  const bool is_one_site = std::all_of(cors.begin(), cors.end(), [&](const std::string& origin) {
    return !own.empty() && site_of(own.front(), origin) == Site::same;
  });
  return is_one_site ? Reach::same_site : Reach::cross_origin;
}

constexpr ConstantHeader exposed{
    "Access-Control-Expose-Headers",
    "Request-Id, Retry-After, Location, Allow, ETag, Link, RateLimit, RateLimit-Policy, Idempotency-Replayed, "
    "Content-Disposition, WWW-Authenticate"};

/// The names that a preflight asks for, as far as they are names, and no more of them than a request may have.
std::string asked_headers(const Request& preflight) {
  constexpr std::size_t most = 64;
  std::string names;
  std::size_t count = 0;
  for (const std::string_view name : list_items(preflight.headers, "Access-Control-Request-Headers")) {
    if (!is_token(name) || ++count > most) continue;
    if (!names.empty()) names += ", ";
    names.append(name);
  }
  return names;
}

}  // namespace

std::optional<std::string> canonical_origin(std::string_view text) {
  const std::string origin = text::lower(text);
  std::string_view rest = origin;
  std::string_view port;
  if (rest.starts_with("https://")) {
    port = "443";
  } else if (rest.starts_with("http://")) {
    port = "80";
  } else {
    return std::nullopt;
  }
  const std::string_view scheme = rest.substr(0, rest.find("//") + 2);
  rest.remove_prefix(scheme.size());
  const auto bracket = rest.rfind(']');
  const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = rest.substr(0, colon);
  if (!is_host(host)) return std::nullopt;
  if (colon != std::string_view::npos) {
    port = rest.substr(colon + 1);
    const auto number = text::parse_integer(port);
    if (!number || *number < 1 || *number > 65535 || port.starts_with('0')) return std::nullopt;
  }
  std::string out{scheme};
  out.append(host).append(":").append(port);
  return out;
}

Origins::Origins(const std::vector<std::string>& own, const std::vector<std::string>& cors)
    : own_(canonical(own)), cors_(canonical(cors)), whole_list_(reach_for(own_, cors_)) {}

bool Origins::is_own_host(std::string_view host) const {
  return std::any_of(own_.begin(), own_.end(), [host](const std::string& own) {
    std::string named = own.substr(0, own.find("//") + 2);
    named.append(host);
    return canonical_origin(named) == own;
  });
}

bool Origins::permits(const Request& request, const Surface& surface, Hop hop) const {
  if (surface.cross_site == CrossSite::open) return true;
  const Headers& headers = request.headers;
  // Where the scheme is ours the token decides alone (authn/credentials); beside any other the cookie counts.
  const auto token = takes_bearer(surface) ? bearer_token(headers) : std::nullopt;
  if (token && !token->empty()) return true;
  const std::string_view stated = headers.get("Origin");
  if (headers.has("Origin") && stated != "null") {
    const auto origin = canonical_origin(stated);
    return has(own_, origin) || (is_shared(surface) && has(cors_, origin));
  }
  if (!headers.has("Sec-Fetch-Site")) return !headers.has("Origin");
  const std::string_view site = headers.get("Sec-Fetch-Site");
  if (site != "same-origin" && site != "none") return false;
  return hop == Hop::by_proxy || is_own_host(headers.get("Host"));
}

std::string_view Origins::shared_with(const Request& request, const Surface& surface) const {
  if (cors_.empty() || !is_shared(surface)) return {};
  const std::string_view origin = request.headers.get("Origin");
  return has(cors_, canonical_origin(origin)) ? origin : std::string_view{};
}

Reach Origins::reach_of(const Request& request, const Surface& surface) const {
  if (cors_.empty() || !is_shared(surface)) return Reach::same_origin;
  if (!shared_with(request, surface).empty()) return Reach::cross_origin;
  const Headers& headers = request.headers;
  if (headers.has("Origin")) return Reach::same_origin;
  if (headers.has("Referer")) {
    return has(cors_, origin_of_url(headers.get("Referer"))) ? Reach::cross_origin : Reach::same_origin;
  }
  return headers.get("Sec-Fetch-Dest") == "image" ? whole_list_ : Reach::same_origin;
}

bool Origins::is_unlisted(const Request& request, const Surface& surface) const {
  if (!is_shared(surface) || !request.headers.has("Origin")) return false;
  const auto origin = canonical_origin(request.headers.get("Origin"));
  return !has(own_, origin) && !has(cors_, origin);
}

void add_cors(Headers& headers, std::string_view origin) {
  headers.add("Vary", "Origin");
  if (origin.empty()) return;
  headers.add("Access-Control-Allow-Origin", origin);
  headers.add("Access-Control-Allow-Credentials", "true");
  headers.add(exposed);
}

void add_preflight(Headers& headers, const Request& preflight) {
  // Those that the path does not take are answered with 405, which a front end can read.
  headers.add("Access-Control-Allow-Methods", every_method);
  const std::string names = asked_headers(preflight);
  if (!names.empty()) headers.add("Access-Control-Allow-Headers", names);
  headers.add("Access-Control-Max-Age", "600");
}

}  // namespace cardea::http
