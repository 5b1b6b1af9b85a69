#pragma once
// Where credentials stand in a request, as a surface states it. What they mean is the authenticator's affair.

#include <string_view>

namespace cardea {

/// A kind of signed token. One is never accepted where another is expected: header `typ` and `aud` both differ.
struct TokenType {
  std::string_view typ;                 // "at+jwt" (RFC 9068)
  std::string_view audience_path = {};  // `aud` is the issuer followed by this
  std::string_view name_claim = {};     // a claim that carries the subject's sign-in name; empty: none
  std::string_view client_id = {};      // of whoever it was issued to; empty: no such claim
  std::string_view scope = {};          // what it is good for; empty: no such claim
  bool tells_assurance = false;         // has `amr`, `acr` and `auth_time`
};
/// Of whoever signed in here by themselves. It is no client's id: those begin with "cli_".
inline constexpr std::string_view first_party_client = "cardea";
inline constexpr TokenType access_token{
    .typ = "at+jwt", .client_id = first_party_client, .scope = "api", .tells_assurance = true};

enum class CredentialPlace { cookie, bearer, basic };

/// One place in a request that a surface looks at.
struct CredentialSource {
  CredentialPlace place;
  std::string_view cookie = {};       // the cookie's name
  const TokenType* token = nullptr;   // what stands there; null: a session's opaque token, or a client's secret
};

inline constexpr CredentialSource session_cookie{.place = CredentialPlace::cookie, .cookie = "__Host-cardea"};
inline constexpr CredentialSource access_token_bearer{.place = CredentialPlace::bearer, .token = &access_token};

}  // namespace cardea
