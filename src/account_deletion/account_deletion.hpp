#pragma once
// account_deletion: an account whose deletion was asked for is closed at once, and erased when the time to think again
// is over. Until then its owner signs in, with all that the account asks for, and may keep it.
//
// Owns: no table; the time stands in the account's row. Never: lets anybody in who has not said that the account is to
// be kept; gives its names to somebody else before it is erased; erases one that is kept at the same moment.
// Routes: pages /signin/keep; POST /v1/signin/restore. One's own account is deleted where it always was, by
// self_service, and another by people.

#include "feature/feature.hpp"
#include "mail/mail.hpp"

namespace cardea::account_deletion {

struct Settings {
  Duration grace = std::chrono::hours{24 * 14};  // zero: at once
};

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const mail::Outbox& outbox;
  const std::vector<std::string>& front_ends;  // origins that a sign-in may lead to
};

inline constexpr std::string_view letter_kind = "account_deletion.write";

/// Tells the owner of an account, at its confirmed address, until when it can be kept; what the queue does with the
/// payload that the wish put there. Nothing when it is kept or erased by then.
Result<Done> write_to(const Deps& deps, std::string_view payload, Time now);

/// Erases the accounts whose time has come, each in a transaction of its own; how many.
std::int64_t erase_due(const account::Deps& deps, Time now);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> api_routes(const Deps& deps);

}  // namespace cardea::account_deletion
