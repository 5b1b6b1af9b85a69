#pragma once
// What values of the program's own settings can be used: addresses, databases, proxies, and how they go together. Each
// rule returns what is wrong, beginning with the key, or an empty text.

#include <string>
#include <string_view>

#include "app/settings.hpp"

namespace cardea::app {

/// Binds the rules to the sections they are about; `settings` outlives them.
void add_rules(config::Section& root, const Settings& settings);

/// What keeps `text` from being an origin that a browser would name: scheme, a host that can be looked up, perhaps a
/// port (RFC 6454 §6.2, RFC 3986 §3.2.2). Empty: nothing. Letters may be capital.
[[nodiscard]] std::string problem_with_origin(std::string_view text);

/// The same of the address of a database, for the key that named it. The message never repeats it: it may hold a
/// password.
[[nodiscard]] std::string problem_with_database(std::string_view url);

/// Who stands before the host in the address of a server: empty, "name@" or "name:password@".
[[nodiscard]] std::string_view user_info(std::string_view url);

}  // namespace cardea::app
