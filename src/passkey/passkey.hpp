#pragma once
// passkey: signing in by a passkey in place of the password, and by a security key as the second step.
//
// Owns: passkey; the challenges of its ceremonies. Never: knows a private key; says whether an account exists, or has
// one, before it was shown; takes the last way into an account away.
// Routes: POST /v1/passkeys/register/options, /v1/passkeys/register, /v1/passkeys/authenticate/options,
// /v1/passkeys/authenticate, /v1/passkeys/second-factor/options; GET /v1/me/passkeys, PATCH and DELETE
// /v1/me/passkeys/{id}; pages /account/security/passkeys, /passkey/new; /.well-known/passkey-endpoints,
// /.well-known/webauthn.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "challenge/challenge.hpp"
#include "feature/feature.hpp"
#include "throttle/throttle.hpp"
#include "webauthn/webauthn.hpp"

namespace cardea::passkey {

struct PasskeyTag {
  static constexpr std::string_view prefix = "pky_";
};
using PasskeyId = Id<PasskeyTag>;

/// What a credential is good for: a passkey stands in for the password and is found by the authenticator itself; a
/// security key is the second step of its owner alone.
enum class Kind { passkey, security_key };
constexpr auto enum_texts(Kind) {
  return std::to_array<EnumText<Kind>>({{Kind::passkey, "passkey"}, {Kind::security_key, "security_key"}});
}

inline constexpr ErrorKind unknown{"passkey.unknown", 401,
                                   "That passkey no longer works here. Use another way to sign in."};
inline constexpr ErrorKind exists{"passkey.exists", 409, "This device already has a passkey for your account."};
inline constexpr ErrorKind too_many{"passkey.too_many", 409,
                                    "Your account has as many passkeys as it may have. Remove one first."};
inline constexpr ErrorKind last_way_in{"passkey.last_way_in", 409,
                                       "This is the last way into your account. Add another one first."};

inline constexpr audit::Kind created{"passkey.created", "A passkey or security key was added; the subject is its id.",
                                     audit::Repeats::kept, audit::Concern::credential};
inline constexpr audit::Kind renamed{"passkey.renamed", "A passkey or security key was given another name."};
inline constexpr audit::Kind removed{"passkey.removed", "A passkey or security key was removed.", audit::Repeats::kept,
                                     audit::Concern::credential};
inline constexpr audit::Kind cloned{"passkey.cloned",
                                    "A passkey was refused: its counter went back, so there is a copy of its key.",
                                    audit::Repeats::counted};

struct Settings {
  std::vector<std::string> related_origins = {};
  std::int64_t max_per_account = 20;
  /// Ceremonies begun, by network and, by who is signed in, by account.
  throttle::Budget ceremonies{.free = 120,
                              .regain = std::chrono::seconds{2},
                              .delay = std::chrono::seconds{1},
                              .max_delay = std::chrono::minutes{1}};
};

struct Deps {
  const authn::Deps& authn;
  const page::Pages& pages;
  const Settings& settings;
  const std::vector<std::string>& front_ends;  // origins that the page of the offer may lead on to
  std::string url;
  webauthn::RelyingParty party;
};

/// A credential as it is stored.
struct Passkey {
  PasskeyId id;
  AccountId owner;
  Kind kind = Kind::passkey;
  Bytes credential_id;
  Bytes public_key;  // COSE
  std::uint32_t sign_count = 0;
  std::vector<std::string> transports = {};
  webauthn::Aaguid aaguid{};
  bool backup_eligible = false;
  bool backed_up = false;
  bool user_verified = false;  // at least once
  std::string name;
  Time created_at;
  std::optional<Time> last_used_at = {};
};

/// What an account has, oldest first.
std::vector<Passkey> list_own(const Deps& deps, const Context& context);
/// Gives one a name: what unicode::display_name makes of it, 1 to 64 characters. Errors: validation_failed, not_found,
/// reauth_required, unauthenticated.
Result<Passkey> rename(const Deps& deps, const Context& context, const PasskeyId& id, std::string_view name);
/// Every other session of the account ends. Errors: not_found, passkey.last_way_in, last_factor, reauth_required,
/// unauthenticated.
Result<Done> remove(const Deps& deps, const Context& context, const PasskeyId& id);

[[nodiscard]] FeatureEntry entry();
[[nodiscard]] Feature feature(const Deps& deps);
[[nodiscard]] std::vector<http::Route> ceremony_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> own_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> well_known_routes(const Deps& deps);
/// Who is asked at the second step, and how.
[[nodiscard]] authn::Factor factor(const Deps& deps);
[[nodiscard]] authn::FirstStep first_step(const Deps& deps);
/// Everything but the keys, for the owner's export.
void export_passkeys(db::Tx& tx, const AccountId& owner, const ExportSink& sink);

}  // namespace cardea::passkey
