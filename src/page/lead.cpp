#include "page/lead.hpp"

#include <algorithm>

#include "http/origin.hpp"
#include "http/page_policy.hpp"
#include "http/site.hpp"
#include "page/form.hpp"

namespace cardea::page {
namespace {

/// What may stand in an address. Anything else some browser strips or rewrites, and then it is another one.
bool is_plain(char c) {
  constexpr std::string_view marks = "-._~!$&'()*+,;=:/?#%[]";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         marks.find(c) != std::string_view::npos;
}

/// The listed origin, as the settings have it, that an address in full is of; empty: it is of none, or could be read as
/// another.
std::string origin_among(const std::vector<std::string>& front_ends, std::string_view address) {
  constexpr std::size_t longest = 2000;
  if (address.size() > longest || !std::ranges::all_of(address, is_plain)) return {};
  const auto origin = http::origin_of_url(address);
  if (origin.empty()) return {};
  for (const auto& each : front_ends) {
    auto listed = http::canonical_origin(each);
    if (listed == origin) return *std::move(listed);
  }
  return {};
}

}  // namespace

Lead lead_of(const http::Call& call, const std::vector<std::string>& front_ends) {
  const auto wanted = asked_next(call).value_or("");
  if (auto origin = origin_among(front_ends, wanted); !origin.empty()) {
    return {.place = wanted, .origin = std::move(origin)};
  }
  return {.place = safe_next(wanted, "")};
}

Lead lead_of_form(const http::Call& call, const std::vector<std::string>& front_ends) {
  auto lead = lead_of(call, front_ends);
  return lead.origin.find('[') == std::string::npos ? lead : Lead{};
}

http::Response go(const Lead& lead, std::string_view otherwise) {
  if (!lead.is_elsewhere()) return redirect(lead.place.empty() ? otherwise : lead.place);
  http::Response response{.status = 303};
  response.headers.set("Location", lead.place);
  return response;
}

http::Response lead_away(const Pages& pages, const http::Call& call, std::string_view page,
                         const std::string& address) {
  const auto place = address.substr(0, address.find_first_of("/?#", address.find("://") + 3));
  auto response = pages.render(page, call, wire::Object{{"address", address}, {"place", place}});
  response.headers.set("Refresh", "0; url=" + address);
  return response;
}

void permit(http::Response& response, const Lead& lead) {
  if (lead.is_elsewhere()) {
    response.headers.set("Content-Security-Policy", http::page_policy_leading_to(lead.origin));
  }
}

}  // namespace cardea::page
