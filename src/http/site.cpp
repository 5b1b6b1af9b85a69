#include "http/site.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "http/origin.hpp"

namespace cardea::http {
namespace {

/// Domains that give names to strangers, where such front ends often stand. The list need not be whole: what is missing
/// is taken for one site, and then the cookie is Lax, which is the stricter.
constexpr std::array<std::string_view, 24> shared_domains{
    "github.io",      "gitlab.io",      "herokuapp.com", "vercel.app",   "netlify.app", "pages.dev",
    "workers.dev",    "web.app",        "appspot.com",   "onrender.com", "fly.dev",     "azurewebsites.net",
    "ngrok.io",       "ngrok-free.app", "ngrok.app",     "duckdns.org",  "sslip.io",    "firebaseapp.com",
    "cloudfront.net", "amazonaws.com",  "surge.sh",      "glitch.me",    "replit.app",  "trycloudflare.com"};

struct Parts {
  std::string_view scheme;
  std::string_view host;
};

Parts parts_of(std::string_view canonical) {
  const auto slashes = canonical.find("//");
  const auto host = canonical.substr(slashes + 2);
  return {.scheme = canonical.substr(0, slashes), .host = host.substr(0, host.rfind(':'))};
}

bool is_address(std::string_view host) {
  const auto last = host.substr(host.rfind('.') + 1);  // npos + 1 is 0
  return host.starts_with('[') || last.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The labels that both end in, "example.com" of a.example.com and b.example.com.
std::string_view shared_end(std::string_view a, std::string_view b) {
  const auto differ = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
  const auto same = static_cast<std::size_t>(differ.first - a.rbegin());
  const bool is_whole =
      (same == a.size() || a[a.size() - same - 1] == '.') && (same == b.size() || b[b.size() - same - 1] == '.');
  const std::string_view end = a.substr(a.size() - same);
  if (is_whole) return end;
  const auto dot = end.find('.');
  return dot == std::string_view::npos ? std::string_view{} : end.substr(dot + 1);
}

/// Whether strangers may have names below it: "co.uk" is shaped like that, and some are known.
bool is_perhaps_shared(std::string_view domain) {
  if (std::find(shared_domains.begin(), shared_domains.end(), domain) != shared_domains.end()) return true;
  const auto dot = domain.find('.');
  return domain.find('.', dot + 1) == std::string_view::npos && domain.size() - dot - 1 == 2 && dot <= 3;
}

}  // namespace

bool is_this_machine(std::string_view host) { return host == "localhost" || host == "127.0.0.1" || host == "[::1]"; }

Site site_of(std::string_view origin, std::string_view other) {
  const auto first = canonical_origin(origin), second = canonical_origin(other);
  if (!first || !second) return Site::other;
  const Parts a = parts_of(*first), b = parts_of(*second);
  if (a.scheme != b.scheme) return Site::other;
  if (a.host == b.host) return Site::same;
  if (is_address(a.host) || is_address(b.host)) return Site::other;
  const auto domain = shared_end(a.host, b.host);
  if (domain.find('.') == std::string_view::npos) return Site::other;
  return is_perhaps_shared(domain) ? Site::perhaps : Site::same;
}

std::string known_origin(const Request& request, std::string_view url) {
  const auto own = canonical_origin(url);
  if (!own || !is_this_machine(parts_of(*own).host)) return std::string{url};
  std::string named{url.substr(0, url.find("//") + 2)};
  named.append(request.headers.get("Host"));
  const auto used = canonical_origin(named);
  return used && is_this_machine(parts_of(*used).host) ? named : std::string{url};
}

std::string origin_of_url(std::string_view url) {
  const auto slashes = url.find("://");
  if (slashes == std::string_view::npos) return {};
  return canonical_origin(url.substr(0, url.find_first_of("/?#", slashes + 3))).value_or("");
}

}  // namespace cardea::http
