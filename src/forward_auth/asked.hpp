#pragma once
// What a reverse proxy says of the request that it asks about.

#include <optional>
#include <string>

#include "forward_auth/forward_auth.hpp"
#include "http/message.hpp"

namespace cardea::forward_auth {

/// The request that somebody sent to an application.
struct Asked {
  std::string origin;  // canonical
  std::string target;  // path and query, as sent
  bool is_navigation = false;  // a browser opens a page, and can be sent elsewhere
};

/// Reads X-Forwarded-Proto, -Host, -Uri and -Method. A proxy that passes on nothing but success (nginx, when it
/// asks) does not send the method, and is never answered with a redirect. Absent: no origin that a browser could name.
///
/// It does not matter whether the client itself wrote them: whoever asks learns what their own cookies say, and nothing
/// that is read here makes anything of a host that is not listed.
[[nodiscard]] std::optional<Asked> read_asked(const http::Headers& headers);

/// One that may ask.
struct AppHost {
  std::string origin;  // canonical
  std::string base;  // as it is written in addresses: "https://app.example.com"
  bool is_own = false;  // this server's: its pages and the application share a host, and with it the session's cookie
};
/// Whether a canonical origin is plain HTTP on localhost or a name below it, on any port.
[[nodiscard]] bool is_of_this_machine(std::string_view origin);
/// Absent: it is neither listed nor our own.
[[nodiscard]] std::optional<AppHost> find_host(const Deps& deps, std::string_view origin);

}  // namespace cardea::forward_auth
