#include "app/account_commands.hpp"

#include <fmt/core.h>

#include "app/account_finder.hpp"
#include "app/house.hpp"
#include "app/operator.hpp"
#include "app/say.hpp"
#include "authn/factors.hpp"

namespace cardea::app {
namespace {

/// By an id of ours or by the user id, not by the address.
bool is_named_by_id(std::string_view who, const identity::Account& account) {
  if (AccountId::parse(who) || SessionId::parse(who)) return true;
  return account.uid && identity::identifier_key(who) == identity::identifier_key(*account.uid);
}

/// How many features held something.
std::int64_t remove_factors(db::Tx& tx, const Desk& desk, const AccountId& id) {
  if (!identity::hold(tx, id)) return 0;
  std::int64_t removed = 0;
  for (const auto& feature : feature_entries()) {
    if (feature.remove_factor && feature.remove_factor(tx, id)) ++removed;
  }
  if (removed == 0) return 0;
  session::revoke_all(tx, id);
  known_browser::forget_all(tx, id);
  desk.deps.trail.record(tx, desk.context, {.kind = authn::factor_removed, .account = id, .reason = "command"});
  return removed;
}

/// When it will be erased; absent: it is.
Result<std::optional<Time>> remove(const Desk& desk, const AccountId& id, Erase erase) {
  if (erase == Erase::in_time) return account::request_removal(desk.deps, desk.context, id);
  TRY(account::remove(desk.deps, desk.context, id));
  return std::optional<Time>{};
}

}  // namespace

std::vector<Command> account_commands() {
  std::vector<Command> commands{{.noun = "user",
                                 .verb = "block",
                                 .what = "Block a user and end every session",
                                 .run = account::block,
                                 .said = "{} is blocked."},
                                {.noun = "user",
                                 .verb = "unblock",
                                 .what = "Let a user sign in again",
                                 .run = account::unblock,
                                 .said = "{} may sign in again."},
                                set_role(Role::user)};
  for (const auto& feature : feature_entries()) {
    commands.insert(commands.end(), feature.commands.begin(), feature.commands.end());
  }
  return commands;
}

int run_on_account(const AccountOrder& order, const Command& command) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    return carry_out(desk, order, command, account);
  });
}

int user_get(const AccountOrder& order) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    print_account(desk, order.manner, account.id);
    return exit_code::done;
  });
}

int user_export(const AccountOrder& order) {
  return at_desk(order, [](const Desk& desk, const identity::Account& account) {
    const ExportSink print = [](std::string_view kind, std::string_view json) {
      fmt::print("{{\"kind\":\"{}\",\"data\":{}}}\n", kind, json);
    };
    desk.deps.database.read([&](db::Tx& tx) {
      for (const auto& feature : feature_entries()) {
        std::string after;
        do {
          if (feature.export_account) {
            after = feature.export_account(desk.deps, desk.context, tx, account.id, after, print);
          }
        } while (!after.empty());
      }
    });
    return exit_code::done;
  });
}

int user_delete(const AccountOrder& order, Erase erase) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    const auto whom = desk.deps.database.read([&](db::Tx& tx) { return say_who(tx, account); });
    if (const auto end = confirm(order.manner, "Delete " + whom + " with all that is held of it?")) return *end;
    const auto erased_at = remove(desk, account.id, erase);
    if (!erased_at) return fail_with(erased_at.error());
    const auto& at = *erased_at;
    if (order.manner.as_json) {
      wire::Object said{{"id", account.id.text()}, {"deleted", true}};
      if (at) said.push_back({"erase_at", rfc3339(*at)});
      fmt::print("{}\n", wire::to_json(std::move(said)));
    } else if (at) {
      fmt::print("{} is signed out everywhere and will be erased at {}; until then `cardea user restore` undoes it.\n",
                 order.who, rfc3339(*at));
    } else {
      fmt::print("{} is deleted.\n", order.who);
    }
    return exit_code::done;
  });
}

int user_remove_factors(const AccountOrder& order) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    const auto whom = desk.deps.database.read([&](db::Tx& tx) { return say_who(tx, account); });
    const auto question = "Take away every second factor of " + whom + "?";
    if (const auto end = confirm(order.manner, question)) return *end;
    const auto removed = desk.deps.database.write([&](db::Tx& tx) { return remove_factors(tx, desk, account.id); });
    if (removed == 0) fmt::print(stderr, "There was none.\n");
    if (order.manner.as_json)
      fmt::print("{}\n", wire::to_json(wire::Object{{"id", account.id.text()}, {"removed", removed}}));
    else if (removed > 0)
      fmt::print("{} has no second factor now, and is signed out everywhere.\n", order.who);
    return exit_code::done;
  });
}

int admin_grant(const AccountOrder& order, Role role) {
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    const auto whom = desk.deps.database.read([&](db::Tx& tx) { return say_who(tx, account); });
    if (!is_named_by_id(order.who, account)) {
      complain("an e-mail address does not say who somebody is: anybody can sign up with it. It is that of " + whom +
               ". Name the id or the user id.");
      return exit_code::usage;
    }
    const auto question = fmt::format("Give the role {} to {}?", enum_text(role), whom);
    if (order.manner.yes) fmt::print(stderr, "The role {} goes to {}.\n", enum_text(role), whom);
    if (const auto end = confirm(order.manner, question)) return *end;
    return carry_out(desk, order, set_role(role), account);
  });
}

Command set_role(Role role) {
  const auto said = [&]() -> std::string_view {
    switch (role) {
      case Role::owner: return "{} is an administrator.";
      case Role::user: return "{} is no administrator.";
      case Role::admin: return "{} has the role admin.";
      case Role::support: return "{} has the role support.";
      case Role::auditor: return "{} has the role auditor.";
    }
    return "{}";
  }();
  const bool is_taken = role == Role::user;
  return {.noun = "admin",
          .verb = is_taken ? "revoke" : "grant",
          .what = is_taken ? "Make an administrator a user" : "Make a user an administrator",
          .run = [role](const account::Deps& deps, const Context& context,
                        const AccountId& id) { return account::set_role(deps, context, id, role); },
          .said = said};
}

}  // namespace cardea::app
