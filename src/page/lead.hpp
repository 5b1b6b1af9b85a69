#pragma once
// Where a browser goes after a form: a path here, or a front end on another origin that the settings list.

#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"
#include "page/page.hpp"

namespace cardea::page {

/// Where somebody asked to be led, by the input or else the query `next`.
struct Lead {
  std::string place = {};   // a path here, or an address in full; empty: none was asked for that may be
  std::string origin = {};  // of the listed front end that the address is of; empty: it is here
  [[nodiscard]] bool is_elsewhere() const { return !origin.empty(); }
};

/// Compares origins as a whole, each parsed: no other port, subdomain or scheme passes, and no address that some
/// browser could read as another one. `front_ends` are origins. On a route that declares NextQuery.
[[nodiscard]] Lead lead_of(const http::Call& call, const std::vector<std::string>& front_ends);

/// The same for a page whose form is answered with a redirect there: what its policy cannot name, an IPv6 address, is
/// left out.
[[nodiscard]] Lead lead_of_form(const http::Call& call, const std::vector<std::string>& front_ends);

/// 303 there, or to `otherwise`, a path here, when nothing was asked for.
[[nodiscard]] http::Response go(const Lead& lead, std::string_view otherwise);

/// A page that leads to another site, by itself and by a link; it sees `address` and `place`, its origin. In place of a
/// redirect, which the policy of the page with the form would stop.
[[nodiscard]] http::Response lead_away(const Pages& pages, const http::Call& call, std::string_view page,
                                       const std::string& address);

/// Lets the form of a page be answered with a redirect there.
void permit(http::Response& response, const Lead& lead);

}  // namespace cardea::page
