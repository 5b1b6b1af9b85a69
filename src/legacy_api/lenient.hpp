#pragma once
// What the contract takes although it is not what /v1 takes. Internal to legacy_api.

#include "identity/identity.hpp"

namespace cardea::legacy_api {

/// A value as the field's type has it, where only its spelling differs: a number as text, as the inputs of pages give
/// it, or a text as number, and a date without its zeros. Anything else stays what it is, for identity to judge.
[[nodiscard]] wire::Value respelled(const identity::Field& field, wire::Value value);

/// Of the members of a new user those that are the user's to set; what else a front end may send is not looked at.
[[nodiscard]] wire::Object settable(const identity::Settings& settings, wire::Object members);

/// The members of an update that would change something.
struct Update {
  identity::Submitted submitted = {};    // what a user may change
  std::vector<FieldError> refused = {};  // what nobody may change here
};
/// `shown` is the user as GET shows it to the caller: what is sent back as it was is no change. What no account has is
/// not looked at, nor are the times, which are old by the second change.
[[nodiscard]] Update read_update(const identity::Settings& settings, const wire::Value& shown, bool is_admin,
                                 wire::Object members);

}  // namespace cardea::legacy_api
