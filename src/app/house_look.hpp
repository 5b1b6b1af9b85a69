#pragma once
// Looking at a house that nobody lives in: for commands that print what the program knows of itself.

#include <functional>
#include <string>

#include "app/house.hpp"
#include "app/serve.hpp"

namespace cardea::app {

/// Hands a house of these settings to `look`, without a database or a secret of its own, and prints what that returns.
/// Every route there can be is in it. Returns the exit code.
int look_at_house(const Options& options, const std::function<std::string(const House&)>& look);

/// The longest body, in bytes, that some route of a house of these settings takes. A url and a secret that are not set
/// are made up.
[[nodiscard]] std::size_t longest_body(Settings& settings);

}  // namespace cardea::app
