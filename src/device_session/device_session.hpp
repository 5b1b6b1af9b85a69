#pragma once
// device_session: sessions that are bound to a device (W3C Device Bound Session Credentials). A browser that can do so
// makes a key which does not leave the device, and shows it every ten minutes; without that, its cookies are worth
// nothing any more. Other browsers pass over the header that offers it.
//
// Owns: device_session. Never: asks anything of a session that is not bound, keeps somebody out for a lost key (they
// sign in again), or writes to find out whether a cookie is good.
// Routes: POST /v1/session/device and /v1/session/device/refresh, which browsers send by themselves.

#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "device_session/stamp.hpp"
#include "feature/feature.hpp"

namespace cardea::device_session {

struct Settings {
  bool device_bound = false;  // until a browser that has it has walked it: adr/0048
};

inline constexpr ErrorKind not_valid{"device_session.not_valid", 401,
                                     "This device does not keep the session any longer. Sign in again."};
inline constexpr ErrorKind challenged{"device_session.challenged", 403,
                                      "The key of the device must answer the challenge of this response."};
inline constexpr audit::Kind session_bound{"session.device_bound",
                                           "A session was bound to a key of the device on which it began."};

inline constexpr std::string_view cookie_name = "__Host-cardea-bound";
inline constexpr Duration cookie_lifetime = std::chrono::minutes{10};
/// A browser forgets the cookie before we do, so that it has the key shown again instead of sending what is too old.
inline constexpr Duration cookie_margin = std::chrono::seconds{30};
/// After the sign-in: the device has to make a key first.
inline constexpr Duration offer_lifetime = std::chrono::minutes{5};
inline constexpr Duration challenge_lifetime = std::chrono::minutes{2};

struct Deps {
  const authn::Deps& authn;
  Stamps stamps;
  std::string url;  // of this server, without a slash at its end
};

/// Binds the session of whoever was offered it: the challenge of the proof is that of the offer, which only the answer
/// to a sign-in holds. Once for a session. Errors: not_valid.
Result<session::Binding> bind(const Deps& deps, const Context& context, std::string_view proof);

/// The device has to answer `challenge`.
struct Challenged {
  std::string challenge;
};
/// A challenge to the device of `binding`, which there may be or not.
[[nodiscard]] Challenged challenge(const Deps& deps, const session::BindingId& binding, Time now);
/// Judges a proof of the device. Each challenge is answered once; a second answer, of another tab or of one that was
/// sent again, is asked another. Errors: not_valid, when nothing is left to be kept.
Result<std::variant<Challenged, session::Binding>> refresh(const Deps& deps, const Context& context,
                                                           const session::BindingId& binding, std::string_view proof);

/// A value of the cookie, and when the key was shown that a value tells of; absent: it is not good for this binding
/// now.
[[nodiscard]] std::string cookie_of(const Deps& deps, const session::BindingId& binding, Time now);
[[nodiscard]] std::optional<Time> shown_at(const Deps& deps, std::string_view cookie, const session::Binding& binding,
                                           Time now);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] authn::DeviceBinding device_binding(std::shared_ptr<const Deps> deps);
[[nodiscard]] std::vector<http::Route> routes(std::shared_ptr<const Deps> deps);

}  // namespace cardea::device_session
