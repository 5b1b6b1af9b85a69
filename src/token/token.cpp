#include "token/token.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "encoding/base64.hpp"
#include "encoding/value.hpp"
#include "token/claims.hpp"
#include "token/compact.hpp"

namespace cardea::token {
namespace {

constexpr std::size_t longest_audience = 255;
constexpr std::size_t most_audiences = 50;

constexpr std::array<std::string_view, 30> reserved_claims{"iss",
                                                           "aud",
                                                           "sub",
                                                           "sid",
                                                           "iat",
                                                           "exp",
                                                           "nbf",
                                                           "jti",
                                                           "client_id",
                                                           "scope",
                                                           "scp",
                                                           "amr",
                                                           "acr",
                                                           "auth_time",
                                                           "azp",
                                                           "act",
                                                           "may_act",
                                                           "cnf",
                                                           "nonce",
                                                           "events",
                                                           "roles",
                                                           "groups",
                                                           "entitlements",
                                                           "permissions",
                                                           "authorities",
                                                           "realm_access",
                                                           "resource_access",
                                                           "email_verified",
                                                           "_uid",
                                                           "userid"};

bool is_in_uri(char c) {  // RFC 3986, without what begins a fragment (RFC 8707 §2)
  return c > 0x20 && c < 0x7f && std::string_view{"\"#<>\\^`{|}"}.find(c) == std::string_view::npos;
}

bool is_absolute_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) return false;
  const bool is_scheme = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  if (!is_scheme || text[0] < 'a' || !std::all_of(text.begin(), text.end(), is_in_uri)) return false;
  const auto scheme = text.substr(0, colon);
  const auto rest = text.substr(colon + 1);
  const bool has_host = rest.size() > 2 && rest.starts_with("//") && rest[2] != '/';
  return has_host || (scheme != "https" && scheme != "http");
}

std::string problem_with_audiences(const std::vector<std::string>& audiences) {
  if (audiences.size() > most_audiences) return "audiences: name 50 at most";
  for (const auto& name : audiences) {
    if (name.size() > longest_audience || !is_absolute_uri(name)) {
      return "audiences: \"" + name + "\" is no name of a service; write its URL, such as \"https://api.example.com\"";
    }
    if (std::count(audiences.begin(), audiences.end(), name) > 1) return "audiences: \"" + name + "\" is there twice";
  }
  return {};
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  // Below keyring's least overlap, so that a token never outlives the publication of its key.
  section.span("access_lifetime", settings.access_lifetime, "An access token is valid this long.",
               {.min = std::chrono::minutes{1}, .max = std::chrono::hours{1}});
  section.texts(
      "audiences", settings.audiences,
      "Services that tokens are made for, by their URL: \"https://api.example.com\". Such a token is not good "
      "here, nor at another service.");
  section.texts("claims", settings.claims,
                "What of the account stands in access tokens: \"uid\", \"name\", \"role\", \"email\", or profile "
                "fields. Every service that gets a token can read it.");
  section.check([&settings] { return problem_with_audiences(settings.audiences); });
}

bool is_audience(const Settings& settings, std::string_view name) {
  return std::find(settings.audiences.begin(), settings.audiences.end(), name) != settings.audiences.end();
}

bool is_reserved_claim(std::string_view name) {
  return std::find(reserved_claims.begin(), reserved_claims.end(), name) != reserved_claims.end();
}

Tokens::Tokens(keyring::Keyring& keyring, std::string issuer, Random& random, std::vector<std::string> profile_claims)
    : keyring_(&keyring), issuer_(std::move(issuer)), random_(&random), profile_claims_(std::move(profile_claims)) {}

std::string Tokens::issue(const TokenType& type, const Claims& claims) const {
  const auto signer = keyring_->signer();
  const Header header{
      .alg = std::string{to_text(signer.key->algorithm())}, .kid = signer.kid, .typ = std::string{type.typ}};
  std::string jwt = encode(header) + '.' + encoding::base64url(as_bytes(payload(type, issuer_, claims, *random_)));
  const Bytes signature = signer.key->sign(as_bytes(jwt));
  jwt += '.';
  jwt += encoding::base64url(signature);
  return jwt;
}

Result<Claims> Tokens::verify(const TokenType& type, std::string_view jwt, Time now) const {
  const auto parts = split(jwt);
  if (!parts) return Error{invalid_token, "not a compact JWS"};
  const auto header = parse_header(parts->header);
  if (!header) return Error{invalid_token, "header"};
  const auto key = keyring_->find(header->kid);
  if (key == nullptr) return Error{invalid_token, "kid"};
  if (header->alg != to_text(key->algorithm())) return Error{invalid_token, "alg"};
  if (header->typ != type.typ) return Error{invalid_token, "typ"};
  const auto signature = encoding::parse_base64url(parts->signature);
  if (!signature || !key->verify(as_bytes(parts->signed_text), *signature)) return Error{invalid_token, "signature"};
  const auto payload = encoding::parse_base64url(parts->payload);
  if (!payload) return Error{invalid_token, "payload"};
  return parse_payload(type, issuer_, profile_claims_, as_text(*payload), now);
}

}  // namespace cardea::token
