#pragma once
// Whether two origins belong to one site, by which browsers decide about cookies and embedding.

#include <string>
#include <string_view>

#include "http/message.hpp"

namespace cardea::http {

/// The scheme and the domain that somebody registered make a site; ports do not count. Which domains can be registered
/// is a list that browsers have (publicsuffix.org) and this server does not.
enum class Site {
  same,
  perhaps,  // they share a domain under which strangers may have names: "co.uk", "github.io"
  other,
};
/// What an origin is to another. An origin that cannot be read is on another site.
[[nodiscard]] Site site_of(std::string_view origin, std::string_view other);

/// Whether that host of a URL is nobody but this machine.
[[nodiscard]] bool is_this_machine(std::string_view host);

/// The origin under which a client knows this server: `url`; or, while that is on this machine, the name of this
/// machine that the client used, since a cookie for one of them does not go to another.
[[nodiscard]] std::string known_origin(const Request& request, std::string_view url);

/// The origin of a URL, as canonical_origin; empty when it has none.
[[nodiscard]] std::string origin_of_url(std::string_view url);

}  // namespace cardea::http
