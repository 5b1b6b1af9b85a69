#pragma once
// The forms a request's target may have (RFC 9112 §3.2), brought to one.

#include <optional>
#include <string>
#include <string_view>

namespace cardea::edge {

/// A target as handlers see it.
struct RequestTarget {
  std::string path_and_query;  // origin form; http::whole_server for OPTIONS without a path
  std::string_view authority = {};  // of the absolute form: takes the place of Host; a view into the target
};

/// One host, perhaps with a port: what Host and the authority of a target may be.
[[nodiscard]] bool is_host(std::string_view text);

/// Reads the origin form ("/a?b"), the absolute form of http and https ("http://host/a?b"), which clients send to
/// proxies and a server must take too, and the asterisk form of OPTIONS. Absent for the authority form, for user info
/// and for anything that is not visible ASCII without a fragment.
[[nodiscard]] std::optional<RequestTarget> read_target(std::string_view method, std::string_view target);

}  // namespace cardea::edge
