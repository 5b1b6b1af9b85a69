// What programs ask at fixed addresses: where passkeys are managed (W3C "Passkey Endpoints"), and which other origins
// may use those of this server (WebAuthn Level 3 §5.11).

#include "http/problem.hpp"
#include "passkey/passkey_wire.hpp"

namespace cardea::passkey {

struct PasskeyEndpoints {
  static constexpr std::string_view schema_name = "PasskeyEndpoints";
  static constexpr std::string_view schema_example =
      R"({"enroll":"https://auth.example.com/account/security/passkeys",)"
      R"("manage":"https://auth.example.com/account/security/passkeys"})";
  std::string enroll;
  std::string manage;
};
template <class D>
void describe(D& d, wire::Of<D, PasskeyEndpoints>& endpoints) {
  d.required("enroll", endpoints.enroll, {.max = wire::unlimited, .doc = "Where one is created."});
  d.required("manage", endpoints.manage, {.max = wire::unlimited, .doc = "Where they are listed."});
}

struct RelatedOrigins {
  static constexpr std::string_view schema_name = "RelatedOrigins";
  static constexpr std::string_view schema_example = R"({"origins":["https://example.co.uk"]})";
  std::vector<std::string> origins;
};
template <class D>
void describe(D& d, wire::Of<D, RelatedOrigins>& related) {
  d.required("origins", related.origins, {.max = wire::unlimited});
}

namespace {

constexpr http::Tag tag{"Passkeys", "Signing in without a password, and security keys as the second step."};
constexpr std::string_view cache_control = "public, max-age=300";

http::Handler document(std::string text) {
  return [text = std::move(text)](const http::Call&) -> Result<http::Response> {
    auto response = http::json(200, text);
    response.headers.set("Cache-Control", cache_control);
    return response;
  };
}

}  // namespace

std::vector<http::Route> well_known_routes(const Deps& deps) {
  std::vector<http::Route> routes;
  http::Routes api{http::asset_surface(), routes, &tag};
  const std::string page = deps.url + "/account/security/passkeys";
  api.get("/.well-known/passkey-endpoints", http::Lane::instant, anyone,
          document(wire::write(PasskeyEndpoints{.enroll = page, .manage = page})),
          {.summary = "Where passkeys are created and managed, for password managers.",
           .response = &wire::schema<PasskeyEndpoints>});
  if (deps.settings.related_origins.empty()) return routes;
  api.get("/.well-known/webauthn", http::Lane::instant, anyone,
          document(wire::write(RelatedOrigins{.origins = deps.settings.related_origins})),
          {.summary = "Origins of other domains that may use passkeys of this server.",
           .response = &wire::schema<RelatedOrigins>});
  return routes;
}

}  // namespace cardea::passkey
