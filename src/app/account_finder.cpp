#include "app/account_finder.hpp"

#include <fmt/format.h>

#include "app/say.hpp"
#include "app/talk.hpp"
#include "session/listing.hpp"

namespace cardea::app {
namespace {

/// "2026-11-23 12:00 UTC".
std::string minute_of(Time time) {
  std::string text = rfc3339(time).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

}  // namespace

std::optional<identity::Account> find_account(db::Tx& tx, std::string_view who, Time now) {
  if (const auto id = AccountId::parse(who)) return identity::find(tx, *id);
  if (const auto id = SessionId::parse(who)) {
    const auto session = session::find(tx, *id, now);
    return session ? identity::find(tx, session->account) : std::nullopt;
  }
  return identity::find_by_identifier(tx, who);
}

int nobody_is(std::string_view who) {
  const bool is_id = AccountId::parse(who) || SessionId::parse(who);
  complain(fmt::format("nobody has the {} \"{}\"", is_id ? "id" : "user id or address", printable(who)));
  return exit_code::not_found;
}

std::string say_who(db::Tx& tx, const identity::Account& account) {
  std::string text = account.id.text() + " (";
  text += account.uid ? "user id " + *account.uid : "no user id";
  if (!account.name.empty()) text += ", " + account.name;
  if (account.email) text += ", " + *account.email + ", an address that nobody has confirmed";
  text += ", made " + minute_of(account.created_at);
  const auto seen = session::last_seen(tx, account.id);
  return text + ", " + (seen ? "last seen " + minute_of(*seen) : "without a session") + ")";
}

}  // namespace cardea::app
