#include <fmt/format.h>

#include "app/account_finder.hpp"
#include "app/operator.hpp"
#include "app/say.hpp"
#include "authn/views.hpp"
#include "session/listing.hpp"

namespace cardea::app {
namespace {

constexpr std::int64_t page_size = 500;

/// A session on the wire, and whose it is.
std::string line_of(const session::Session& session) {
  auto json = wire::write(authn::view(session, {}));
  json.insert(1, "\"user\":\"" + session.account.text() + "\",");
  return json;
}

std::vector<session::Session> next_page(const Desk& desk, const std::optional<identity::Account>& owner,
                                        const SessionId& after, std::int64_t limit) {
  return desk.deps.database.read([&](db::Tx& tx) {
    if (!owner) return session::live_after(tx, after, desk.context.now, limit);
    return after == SessionId{} ? session::list(tx, owner->id, desk.context.now) : std::vector<session::Session>{};
  });
}

int print_sessions(const Desk& desk, const Manner& manner, const std::optional<identity::Account>& owner,
                   std::optional<int> limit) {
  Table table{{"ID", "USER", "ADDRESS", "LAST SEEN", "CREATED", "DEVICE"}};
  SessionId after;
  std::int64_t left = limit.value_or(INT32_MAX);
  while (left > 0) {
    const auto page = next_page(desk, owner, after, std::min(left, page_size));
    for (const auto& session : page) {
      if (left-- <= 0) break;
      after = session.id;
      if (manner.as_json)
        fmt::print("{}\n", line_of(session));
      else
        table.add({session.id.text(), session.account.text(), session.address, rfc3339(session.last_seen_at),
                   rfc3339(session.created_at), session.user_agent});
    }
    if (page.empty() || owner) break;
  }
  if (!manner.as_json) table.print();
  return exit_code::done;
}

}  // namespace

int session_list(const AccountOrder& order, std::optional<int> limit) {
  if (order.who.empty()) {
    return at_desk(order.options,
                   [&](const Desk& desk) { return print_sessions(desk, order.manner, std::nullopt, limit); });
  }
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    return print_sessions(desk, order.manner, account, limit);
  });
}

int session_revoke(const AccountOrder& order) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    const auto id = SessionId::parse(order.who);
    const auto ended = id ? account::end_session(desk.deps, desk.context, account.id, *id)
                          : account::end_sessions(desk.deps, desk.context, account.id);
    if (!ended) return fail_with(ended.error());
    if (order.manner.as_json)
      print_account(desk, order.manner, account.id);
    else
      fmt::print("{} A running server knows within a second.\n",
                 id ? order.who + " is ended." : "Every session of " + order.who + " is ended.");
    return exit_code::done;
  });
}

}  // namespace cardea::app
