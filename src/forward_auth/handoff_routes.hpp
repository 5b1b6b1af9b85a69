#pragma once
// The three steps of the handoff as a browser takes them. Internal to forward_auth.

#include <optional>
#include <string_view>

#include "forward_auth/handoff.hpp"

namespace cardea::forward_auth {

inline constexpr std::string_view callback_path = "/.cardea/callback";
inline constexpr ErrorKind unknown_host{"forward_auth.unknown_host", 403,
                                        "This host is not listed in forward_auth.hosts."};

/// Whom the cookie of an application's host stands for.
[[nodiscard]] std::optional<authn::Holder> holder_of_cookie(const Deps& deps, const http::Call& call,
                                                            const AppHost& host);

/// A redirect to any address.
[[nodiscard]] http::Response send_to(std::string_view location);

/// Sends the browser here, with a state that stays behind in it.
[[nodiscard]] http::Response begin(const Deps& deps, const http::Call& call, const AppHost& host,
                                   std::string_view target);
/// GET /forward-auth: the page that leads a browser back to its application with a code.
void add_go_back(http::Routes& pages, const Deps& deps);
/// Takes the code of the callback, sets the host's cookie, and goes on to where the browser wanted to be.
[[nodiscard]] http::Response finish(const Deps& deps, const http::Call& call, const AppHost& host,
                                    std::string_view target);

}  // namespace cardea::forward_auth
