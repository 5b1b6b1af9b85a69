#include "app/server_metadata.hpp"

#include "http/problem.hpp"

namespace cardea::app {

struct ServerMetadata {
  static constexpr std::string_view schema_name = "ServerMetadata";
  static constexpr std::string_view schema_example =
      R"({"issuer":"https://auth.example.com",)"
      R"("jwks_uri":"https://auth.example.com/.well-known/jwks.json","scopes_supported":["api"],)"
      R"("response_types_supported":[],"grant_types_supported":[]})";
  std::string issuer;
  std::string jwks_uri;
  std::vector<std::string> scopes_supported;
  std::vector<std::string> response_types_supported;
  std::vector<std::string> grant_types_supported;
};
template <class D>
void describe(D& d, wire::Of<D, ServerMetadata>& metadata) {
  d.required("issuer", metadata.issuer, {.max = wire::unlimited, .doc = "`iss` of every token."});
  d.required("jwks_uri", metadata.jwks_uri, {.max = wire::unlimited, .doc = "Where the keys are that verify them."});
  d.required("scopes_supported", metadata.scopes_supported, {.doc = "What `scope` may be."});
  d.required("response_types_supported", metadata.response_types_supported, {.doc = "None."});
  d.required("grant_types_supported", metadata.grant_types_supported, {.doc = "None."});
}

namespace {

constexpr http::Tag tag{"Tokens", "What other services need to verify access tokens."};

// As long as the keys, which it leads to.
constexpr std::string_view cache_control = "public, max-age=300";

/// What is true today: tokens can be verified, and there is no endpoint to get them from. A list that is left out means
/// something else (for grant_types_supported two grants), so the empty ones are there, against RFC 8414 §3.2.
ServerMetadata metadata_of(const std::string& url) {
  return {.issuer = url,
          .jwks_uri = url + "/.well-known/jwks.json",
          .scopes_supported = {std::string{access_token.scope}},
          .response_types_supported = {},
          .grant_types_supported = {}};
}

}  // namespace

std::vector<http::Route> server_metadata_routes(const std::string& url) {
  std::vector<http::Route> routes;
  http::Routes api{http::asset_surface(), routes, &tag};
  api.get("/.well-known/oauth-authorization-server", http::Lane::instant, anyone,
          [document = wire::write(metadata_of(url))](const http::Call&) -> Result<http::Response> {
            auto response = http::json(200, document);
            response.headers.set("Cache-Control", cache_control);
            return response;
          },
          {.summary = "The issuer of tokens and where its keys are (RFC 8414).",
           .response = &wire::schema<ServerMetadata>});
  return routes;
}

}  // namespace cardea::app
