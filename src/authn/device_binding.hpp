#pragma once
// Sessions that are bound to a device: what the feature which binds them gives to whoever judges credentials.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "session/session.hpp"

namespace cardea::authn {

struct DeviceBinding {
  /// Adds to the answer that opens a session what makes a browser which can do so bind it.
  std::function<void(http::Response&, const session::Session&, Time now)> offer;
  std::string_view cookie;  // by which a request says when the device last showed its key
  /// That instant, of a value of the cookie; absent: the value is not good for this binding now.
  std::function<std::optional<Time>(std::string_view value, const session::Binding&, Time now)> shown_at;
  std::string renewal;  // a Set-Cookie by which a browser forgets it, and must have the key shown anew
};

/// How long after it was bound a session still is what it was before: requests that were under way then do not have the
/// cookie yet.
inline constexpr Duration binding_grace = std::chrono::seconds{30};
/// How long a shown key is good for a step-up. Browsers show it six times in nine minutes at most.
inline constexpr Duration key_is_fresh_for = std::chrono::minutes{2};

/// Whether the device must show itself. A binding that a clock which was ahead has made counts from the beginning.
[[nodiscard]] inline bool is_in_force(const session::Binding& binding, Time now) {
  return now - binding.at >= binding_grace || binding.at - now > std::chrono::minutes{1};
}

}  // namespace cardea::authn
