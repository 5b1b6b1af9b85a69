// What an account has: listed, renamed, removed, exported.

#include "authn/factor_change.hpp"
#include "encoding/unicode.hpp"
#include "passkey/ceremony.hpp"
#include "passkey/passkey_store.hpp"

namespace cardea::passkey {
namespace {

constexpr std::size_t longest_name = 64;

Result<std::string> clean_name(std::string_view name) {
  auto cleaned = unicode::display_name(name);
  if (!cleaned) {
    return Error{validation_failed, std::vector{FieldError{"name", "passkey_name_invalid", "This is not valid text."}}};
  }
  if (cleaned->empty()) {
    return Error{validation_failed, std::vector{FieldError{"name", "passkey_name_missing", "Enter a name."}}};
  }
  if (unicode::length(*cleaned) > longest_name) {
    return Error{validation_failed, std::vector{FieldError{"name", "passkey_name_long", "Use at most 64 characters."}}};
  }
  return *std::move(cleaned);
}

void record(db::Tx& tx, const Deps& deps, const Context& context, const audit::Kind& kind, const PasskeyId& id) {
  deps.authn.trail.record(tx, context, {.kind = kind, .account = context.account(), .subject = id.text()});
}

}  // namespace

std::vector<Passkey> list_own(const Deps& deps, const Context& context) {
  return deps.authn.database.read([&](db::Tx& tx) { return list(tx, context.account()); });
}

Result<Passkey> rename(const Deps& deps, const Context& context, const PasskeyId& id, std::string_view name) {
  const auto cleaned = TRY(clean_name(name));
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Passkey> {
    TRY(check_recent(tx, deps, context));
    if (!set_name(tx, context.account(), id, cleaned)) return not_found;
    record(tx, deps, context, renamed, id);
    return find(tx, context.account(), id).value();
  });
}

Result<Done> remove(const Deps& deps, const Context& context, const PasskeyId& id) {
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    // Held, so that of two removals at once the second sees what the first left.
    const auto account = identity::hold(tx, context.account());
    if (!account) return not_found;
    TRY(check_recent(tx, deps, context));
    const auto passkey = find(tx, account->id, id);
    if (!passkey || !erase(tx, account->id, id)) return not_found;
    if (!authn::has_way_in(tx, deps.authn, account->id)) return last_way_in;
    const bool is_key = passkey->kind == Kind::security_key;
    TRY(authn::after_removal(tx, deps.authn, context, *account,
                             is_key ? AuthMethod::security_key : AuthMethod::passkey));
    record(tx, deps, context, removed, id);
    return done;
  });
}

void export_passkeys(db::Tx& tx, const AccountId& owner, const ExportSink& sink) {
  for (const auto& each : list(tx, owner)) sink("passkey", wire::write(view(each)));
}

}  // namespace cardea::passkey
