#include "forward_auth/asked.hpp"

#include "http/forwarded.hpp"
#include "http/origin.hpp"

namespace cardea::forward_auth {
namespace {

bool wants_page(const http::Headers& headers) {
  const auto method = headers.get("X-Forwarded-Method");
  if (method != "GET" && method != "HEAD") return false;
  // What a script or an image asks for cannot follow to a page; a browser says so (Fetch Metadata).
  const auto destination = headers.get("Sec-Fetch-Dest");
  if (!destination.empty() && destination != "document") return false;
  return headers.get("Accept").find("text/html") != std::string_view::npos;
}

}  // namespace

std::optional<Asked> read_asked(const http::Headers& headers) {
  const auto scheme = http::forwarded_scheme(headers);
  auto origin = http::canonical_origin(std::string{scheme} + "://" + std::string{headers.get("X-Forwarded-Host")});
  if (!origin) return std::nullopt;
  std::string target{headers.get("X-Forwarded-Uri")};
  if (target.empty() || target.front() != '/') target = "/";
  return Asked{.origin = *std::move(origin), .target = std::move(target), .is_navigation = wants_page(headers)};
}

bool is_of_this_machine(std::string_view origin) {
  constexpr std::string_view scheme = "http://";
  if (!origin.starts_with(scheme)) return false;
  const auto host = origin.substr(scheme.size(), origin.rfind(':') - scheme.size());
  return host == "localhost" || host.ends_with(".localhost");
}

std::optional<AppHost> find_host(const Deps& deps, std::string_view origin) {
  if (http::canonical_origin(deps.url) == origin) {
    return AppHost{.origin = std::string{origin}, .base = deps.url, .is_own = true};
  }
  for (const auto& host : deps.settings.hosts) {
    if (http::canonical_origin(host) == origin) return AppHost{.origin = std::string{origin}, .base = host};
  }
  if (deps.settings.local_hosts && is_of_this_machine(origin)) {
    return AppHost{.origin = std::string{origin}, .base = std::string{origin}};
  }
  return std::nullopt;
}

}  // namespace cardea::forward_auth
