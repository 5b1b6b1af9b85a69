#pragma once
// account_activity: what happened to one's own account in the last 90 days, and what to do when it was not oneself.
//
// Owns: activity_detail, which says of events in the trail in which browser they were. Never: shows anybody but the
// account itself its events; shows of what somebody else did to it more than that they did.
// Routes: pages /activity, /activity/secure, /activity/secured; GET /v1/activity, POST /v1/activity/secure.
//
// "This wasn't me" asks for no proof beyond the session, so that nobody is kept from it who has lost their password to
// somebody. What a thief of a session could do with it is end every session, his own first: he cannot change the
// password by it, nor keep the owner out, who signs in as before; and the owner is told of it by mail.

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::account_activity {

inline constexpr Duration shown_for = std::chrono::hours{24 * 90};
inline constexpr std::int64_t most_per_page = 100;
inline constexpr std::size_t longest_user_agent = 256;

inline constexpr audit::Kind disowned{"user.activity.disowned",
                                      "The owner said that something was not them, and every session was ended.",
                                      audit::Repeats::kept, audit::Concern::credential};

/// Who did it.
enum class By { self, other, unknown };
constexpr auto enum_texts(By) {
  return std::to_array<EnumText<By>>({{By::self, "self"}, {By::other, "other"}, {By::unknown, "unknown"}});
}

/// An event as its account may see it.
struct Item {
  audit::Entry entry;
  By by = By::unknown;
  std::string user_agent;  // empty: not known, or somebody else's
  std::string network;     // about where it came from; empty likewise
  bool is_unusual = false;
};

/// A page of what happened, the latest first, below `before`. At most `limit`, and nothing from before `shown_for`.
[[nodiscard]] std::vector<Item> list(db::Tx& tx, const audit::Keys& keys, const AccountId& account,
                                     const std::optional<EventId>& before, Time now, std::int64_t limit);

/// Ends every session of the principal, this one too, and forgets every browser. Errors: unauthenticated.
Result<Done> secure(const authn::Deps& deps, const Context& context);

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  bool can_recover = false;  // a new password can be had by mail
};

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const Deps& deps);

}  // namespace cardea::account_activity
