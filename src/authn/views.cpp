#include "authn/views.hpp"

#include <algorithm>

namespace cardea::authn {

SessionView view(const session::Session& session, const SessionId& current) {
  std::vector<AuthMethod> methods;
  for (const Shown& shown : session.assurance.shown) methods.push_back(shown.method);
  return {.id = session.id,
          .current = session.id == current,
          .created_at = session.created_at,
          .authenticated_at = session.assurance.shown_at(Level::aal1).value_or(session.created_at),
          .last_seen_at = session.last_seen_at,
          .expires_at = std::min(session.idle_until, session.expires_at),
          .user_agent = session.user_agent,
          .address = session.address,
          .methods = std::move(methods),
          .device_bound = session.binding.has_value()};
}

}  // namespace cardea::authn
