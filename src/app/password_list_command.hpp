#pragma once
// The list of leaked passwords: `cardea password-list import`.

#include <string>

#include "app/serve.hpp"

namespace cardea::app {

struct PasswordListOrder {
  std::string place;  // a file, a folder, or "-"
  std::string to;     // empty: where the settings say
};

/// Makes a filter of a downloaded list and puts it in the place of the old one, which running servers notice. What is
/// interrupted or refused changes nothing. Returns the exit code.
int password_list_import(const Options& options, const PasswordListOrder& order);

}  // namespace cardea::app
