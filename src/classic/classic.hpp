#pragma once
// classic: the contract that existing front ends speak, kept to the letter, over the same rooms as /v1.
//
// Owns: no table. Never: a rule of its own about passwords, sessions or visibility.
// Routes: /api/users, /api/users/{id}, /api/users/authenticate, /api/notes, /api/notes/{id}, /api/notes/{id}/image.
// Errors are {"message": …} with the members of problem+json; a trailing slash is tolerated; credentials are the `jwt`
// cookie or a bearer token of 3600 seconds that dies with its session.

#include "entry/entry.hpp"
#include "feature/feature.hpp"
#include "note/note.hpp"

namespace cardea::classic {

struct Deps {
  const entry::Deps& entry;
  const entry::DirectorySettings& directory;
  const note::Settings& note;
};

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

/// An error whose message carries what was sent: the detail of its one field is the message.
[[nodiscard]] Error with_message(const ErrorKind& kind, std::string field, std::string message);

[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> user_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> sign_in_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> note_routes(const Deps& deps);

/// The text member of that name; empty when it is missing or no text.
[[nodiscard]] std::string text_of(const wire::Value& body, std::string_view name);
/// The body as an object. Errors: malformed_json.
Result<wire::Value> read_object(const http::Call& call);

}  // namespace cardea::classic
