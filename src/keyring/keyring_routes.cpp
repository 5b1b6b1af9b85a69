#include "http/problem.hpp"
#include "keyring/keyring.hpp"

namespace cardea::keyring {
namespace {

struct KeySet {
  std::vector<wire::Value> keys;
};

template <class D>
void describe(D& d, wire::Of<D, KeySet>& set) {
  d.required("keys", set.keys, {.doc = "Public keys (RFC 7517): those that sign, will sign soon, or signed lately."});
}

// Short enough that a verifier learns of a new key long before its turn, long enough to spare a busy one.
constexpr std::string_view cache_control = "public, max-age=300";

Result<http::Response> answer(const Keyring& keyring) {
  auto response = http::json(200, keyring.jwks());
  response.headers.set("Cache-Control", cache_control);
  return response;
}

}  // namespace

Feature feature(Keyring& keyring) {
  Feature feature{.name = "keyring"};
  http::Routes api{http::Style::api, feature.routes};
  api.get("/.well-known/jwks.json", http::Lane::instant, http::Access::anyone,
          [&keyring](const http::Call&) { return answer(keyring); },
          {.summary = "The public keys that verify tokens of this server.", .response = &wire::schema<KeySet>});
  feature.periodic.push_back(keyring.rotate_job());
  return feature;
}

}  // namespace cardea::keyring
