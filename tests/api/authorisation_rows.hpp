#pragma once
// The authorisation matrix as it is meant: one row for each route of the house, written down by hand.

#include <string_view>
#include <vector>

#include "principal/principal.hpp"

namespace cardea::api_tests {

/// What a route asks of its caller.
enum class Asks {
  nothing,  // no credentials are looked at
  perhaps,  // everybody may; who is signed in may see something else
  sign_in,
  proof,    // signed in, and shown again in the last ten minutes
};

inline constexpr cardea::Roles everyone{Role::owner, Role::admin, Role::support, Role::auditor, Role::user};
inline constexpr cardea::Roles nobody{};
inline constexpr cardea::Roles administrators{Role::owner, Role::admin};

/// An outcome is a status; "303 signin" and "303 reauth" are redirects to those pages, "303" is one elsewhere.
/// In a body, {id} is the id of what is acted on and {uid} the caller's user id; text for JSON, else fields of a form.
struct Row {
  std::string_view route;  // "DELETE /api/users/{id}"
  Asks asks;
  std::string_view own;           // what good credentials come to
  std::string_view body = {};
  std::string_view other = {};    // on what belongs to another account; nothing: the route names no owner
  Roles mighty = nobody;          // who may there as with their own
  Roles only_for = everyone;      // 403 for the other roles
  bool own_needs_proof = false;   // Asks::proof, on one's own alone
  std::string_view visitor = {};  // Asks::perhaps: without good credentials; nothing: as with
  std::string_view visitor_with_cookie = {};  // the same, when a cookie looks like one of a session
  bool is_recorded = false;  // a request that is safe and leaves an event, so that it meets the session's row
  bool by_cookie_alone = false;  // an access token is refused, with a code of its own
};

[[nodiscard]] const std::vector<Row>& authorisation_rows();

}  // namespace cardea::api_tests
