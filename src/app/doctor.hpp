#pragma once
// `cardea doctor`: whether people can reach the server, and whether it knows who they are.

#include "app/serve.hpp"

namespace cardea::app {

/// Says all that `cardea config check` says; then asks the server by `url` and by the address it listens on, and tells
/// what is wrong between. 0: nothing; 1: something. `as_json`: one object instead of lines.
int doctor(const Options& options, bool as_json);

}  // namespace cardea::app
