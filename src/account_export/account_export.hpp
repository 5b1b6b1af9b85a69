#pragma once
// account_export: everything that is held of an account, for its owner, as one JSON document.
//
// Owns: no table; the features say what they hold (FeatureEntry::export_account). Never: gives a secret, or holds a
// thread, a transaction or more than a piece of the document while the client is slow; goes on once the session that
// asked has ended.
// Routes: GET /v1/account/export; pages /account/data, /account/data/file.

#include <memory>
#include <vector>

#include "authn/authn.hpp"
#include "feature/feature.hpp"
#include "http/response_body.hpp"
#include "page/page.hpp"

namespace cardea::account_export {

inline constexpr audit::Kind exported{"user.data.exported", "Everything that is held of an account was asked for."};

struct Settings {
  /// Documents of one account: each reads all that it holds.
  throttle::Budget budget{.free = 5,
                          .regain = std::chrono::minutes{10},
                          .delay = std::chrono::seconds{10},
                          .max_delay = std::chrono::hours{1}};
};

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const Settings& settings;
  std::vector<Exporter> exporters = {};
};

/// The document of the principal, which is made while it is sent:
///
///   {"account": "usr_…", "made_at": "2026-11-23T12:00:00.000Z", "data": [{"kind": "session", "data": {…}}, …]}
///
/// Errors: reauth_required (what the account is best shown by, and recently), rate_limited, unauthenticated.
Result<std::unique_ptr<http::Producer>> document(const std::shared_ptr<const Deps>& deps, const Context& context);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] std::vector<http::Route> routes(const std::shared_ptr<const Deps>& deps);

}  // namespace cardea::account_export
