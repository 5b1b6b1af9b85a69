#pragma once
// What somebody else has already. Internal to identity.

#include "base/error.hpp"

namespace cardea::identity {

inline const FieldError uid_taken{"uid", "uid_taken",
                                  "This user id is taken, or looks like one that is. Choose another."};
inline const FieldError email_taken{"email", "email_taken", "This e-mail address is already in use."};

}  // namespace cardea::identity
