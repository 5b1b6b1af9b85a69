#pragma once
// legacy_api: the older ("classic") contract that existing front ends speak, kept to the letter, over the same rooms as
// /v1.
//
// Owns: no table. Never: a rule of its own about passwords, sessions or visibility.
// Routes: /api/users, /api/users/{id}, /api/users/authenticate.
// Members that the contract does not know are not looked at, so that front ends written for another server work.
// Errors are {"message": …} with the members of problem+json; a trailing slash is tolerated; credentials are the `jwt`
// cookie or a bearer token of 3600 seconds that dies with its session.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "identity/listing.hpp"

namespace cardea::legacy_api {

struct Deps {
  const authn::Deps& authn;
  const identity::ListingSettings& listing;
};

/// The contract's token: `_uid` in it, `jwt` as its cookie, 3600 seconds.
inline constexpr TokenType token_type{.typ = "JWT", .audience_path = "/api", .name_claim = "_uid"};
inline constexpr CredentialSource jwt_cookie{.place = CredentialPlace::cookie, .cookie = "jwt", .token = &token_type};
inline constexpr std::chrono::seconds token_lifetime{3600};

/// JSON with problem details and `message`; the `jwt` cookie or the same token as bearer; most failures are 400; a
/// surplus slash at the end is tolerated.
[[nodiscard]] const http::Surface& surface();

// The contract's own words.
inline constexpr ErrorKind name_missing{"classic.name_missing", 400, "Name is missing, or is less than 2 characters"};
inline constexpr ErrorKind uid_missing{"classic.uid_missing", 400, "User ID is missing, or is less than 2 characters"};
inline constexpr ErrorKind dob_format{"classic.dob_format", 400, "Date of birth format error"};
inline constexpr ErrorKind not_processed{"classic.not_processed", 400, "Processed"};
inline constexpr ErrorKind user_not_found{"classic.user_not_found", 404, "User not found."};
inline constexpr ErrorKind id_not_found{"classic.id_not_found", 400, "Id not found."};
inline constexpr ErrorKind update_refused{"classic.update_refused", 400, "You may only update tracking or exercise"};
inline constexpr ErrorKind credentials_missing{"classic.credentials_missing", 400, "User ID or password is missing"};
inline constexpr ErrorKind credentials_wrong{"classic.credentials_wrong", 400, "Invalid user ID or password"};

/// The contract's kind and message over the problems that were found: the first of them has the message as its detail,
/// because that is what an old front end shows; each keeps its field and code.
[[nodiscard]] Error with_message(const ErrorKind& kind, std::vector<FieldError> problems, std::string message);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> user_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> sign_in_routes(const Deps& deps);

}  // namespace cardea::legacy_api
