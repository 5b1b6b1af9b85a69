#pragma once
// Where a request comes from: the defence against cross-site writes (CSRF), and CORS for configured front ends.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"
#include "http/security_headers.hpp"
#include "http/site.hpp"

namespace cardea::http {

/// An http or https origin as "scheme://host:port" in lower case, the port always written, so that equal origins are
/// equal texts. Absent for anything else: "null", a path, user info, a wildcard.
[[nodiscard]] std::optional<std::string> canonical_origin(std::string_view text);

/// Who sent the request on the last hop: the client itself or a trusted proxy.
enum class Hop { direct, by_proxy };

class Origins {
 public:
  /// Throws std::invalid_argument for a text that is no origin.
  Origins(const std::vector<std::string>& own, const std::vector<std::string>& cors);

  /// Whether a request with an unsafe method may go on.
  ///
  /// The Origin that a browser sends decides; a script cannot set it. Where it is "null" or missing (a form on a page
  /// with Referrer-Policy: no-referrer), Sec-Fetch-Site must be "same-origin" or "none", and Host must be a name of
  /// ours: a browser also says "same-origin" of a foreign name that was bound to our address (DNS rebinding). A proxy
  /// may write another Host, so it counts on a direct hop only.
  ///
  /// A bearer token passes where the surface takes one: no browser sends one by itself. Without either header the
  /// client is no browser and passes here; pages still ask for the form token. An open surface permits everybody.
  [[nodiscard]] bool permits(const Request& request, const Surface& surface, Hop hop = Hop::direct) const;

  /// The Origin to echo in CORS headers: one of the CORS origins, on a surface that is shared with them; else empty.
  [[nodiscard]] std::string_view shared_with(const Request& request, const Surface& surface) const;

  /// Who may embed the response to a request: the listed origin that it names, by Origin or, for an image, by Referer,
  /// which no page can write for another. An image for a page that sends no Referer has what the list as a whole needs.
  [[nodiscard]] Reach reach_of(const Request& request, const Surface& surface) const;

  /// Whether the request comes from a page on another origin that is not listed, so that the browser will keep the
  /// response from it. `surface` is one that is shared.
  [[nodiscard]] bool is_unlisted(const Request& request, const Surface& surface) const;

  /// Whether a Host header names this server.
  [[nodiscard]] bool is_own_host(std::string_view host) const;
  [[nodiscard]] bool has_cors() const { return !cors_.empty(); }

 private:
  std::vector<std::string> own_;
  std::vector<std::string> cors_;
  Reach whole_list_ = Reach::same_origin;  // what embedding by all of `cors_` needs
};

/// Adds what lets the page at `origin` read this response; with an empty `origin` only Vary.
void add_cors(Headers& headers, std::string_view origin);
/// Adds the answer to a preflight of a listed origin: every method, and every header that it asks for. What a header
/// means is the routes' affair; one that nobody reads, such as X-Requested-With, does no harm.
void add_preflight(Headers& headers, const Request& preflight);

}  // namespace cardea::http
