#include "http/problem.hpp"
#include "keyring/key_set.hpp"
#include "keyring/keyring.hpp"

namespace cardea::keyring {
namespace {

constexpr http::Tag tag{"Tokens", "What other services need to verify access tokens."};

// Short enough that a verifier learns of a new key long before its turn, long enough to spare a busy one.
constexpr std::string_view cache_control = "public, max-age=300";

Result<http::Response> answer(const Keyring& keyring) {
  auto response = http::json(200, keyring.jwks());
  response.headers.set("Cache-Control", cache_control);
  return response;
}

}  // namespace

std::vector<http::Route> routes(const Keyring& keyring) {
  std::vector<http::Route> routes;
  http::Routes api{http::asset_surface(), routes, &tag};
  api.get("/.well-known/jwks.json", http::Lane::instant, anyone,
          [&keyring](const http::Call&) { return answer(keyring); },
          {.summary = "The public keys that verify tokens of this server.", .response = &wire::schema<KeySet>});
  return routes;
}

}  // namespace cardea::keyring
