#pragma once
// A surface: the conventions that a family of routes shares. A value of the feature that owns it, never a name to test.

#include <functional>
#include <span>
#include <string_view>

#include "base/error.hpp"
#include "http/message.hpp"
#include "http/query.hpp"
#include "principal/credential.hpp"

namespace cardea::http {

struct Call;

/// What the body of a request that changes something may be.
enum class BodyKind {
  json,  // application/json, or nothing
  form,  // urlencoded or multipart, read into `Call::form` and `Call::files`
};

/// Which other sites may cause a change, and read the response.
enum class CrossSite {
  form_token,  // this origin alone, and a form that shows the token of its page
  listed_origins,  // this origin and the configured ones, or a bearer token where the surface takes one
  open,  // anyone: nothing here acts on a credential that a browser sends by itself
};

/// A group of routes, as the OpenAPI document shows them.
struct Tag {
  std::string_view name;
  std::string_view doc;
};

/// Turns an error into the response of its surface.
using ErrorWriter = std::function<Response(const Call&, const Error&)>;

struct Surface {
  std::string_view name;  // "api", as routes.txt and audit origins show it
  BodyKind body = BodyKind::json;
  std::span<const CredentialSource> credentials = {};  // in this order; the first that is there decides
  CrossSite cross_site = CrossSite::listed_origins;
  ErrorWriter write_error;
  int (*status_of)(const ErrorKind&);  // the status of an error here
  UnknownParameters unknown_parameters = UnknownParameters::ignored;
  const Tag* tag = nullptr;  // of its routes
  bool tolerates_trailing_slash = false;
  bool is_for_browsers = false;  // opened in a browser by a person, who can follow a redirect
  std::string_view root = {};  // unknown paths below it are answered on this surface
};

[[nodiscard]] bool takes_bearer(const Surface& surface);
/// Whether configured other origins may use this surface.
[[nodiscard]] constexpr bool is_shared(const Surface& surface) { return surface.cross_site != CrossSite::form_token; }

/// JSON with problem details; a session cookie or an access token.
[[nodiscard]] const Surface& api_surface();
/// What anybody may read, monitors and caches too: as `api_surface`, without credentials, and a parameter too many does
/// no harm.
[[nodiscard]] const Surface& asset_surface();

}  // namespace cardea::http
