#include "app/operator.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "app/account_finder.hpp"
#include "app/command_database.hpp"
#include "app/house.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/trail_key.hpp"
#include "crypto/system_random.hpp"
#include "identity/account_view.hpp"
#include "session/listing.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view heard = " A running server knows within a second.\n";

int print_made(const Desk& desk, const AccountOrder& order, const Command& command, const AccountId& id) {
  const auto made = command.make(desk.deps, desk.context, id, url_of(desk.settings));
  if (!made) return fail_with(made.error());
  if (order.manner.as_json) {
    fmt::print("{}\n", wire::to_json(wire::Object{
                           {"id", id.text()}, {"url", made->printed}, {"expires_at", rfc3339(made->expires_at)}}));
  } else {
    fmt::print("{}\n", made->printed);
    std::fflush(stdout);  // before what is said about it; whether it arrived is asked at the end
    fmt::print(stderr, "{}\n", made->remark);
  }
  return exit_code::done;
}

}  // namespace

std::string url_of(const Settings& settings) {
  if (!settings.url.empty()) return settings.url;
  fmt::print(stderr, "note: no `url` is set, so that the link leads to the server of `cardea dev`.\n");
  return "http://localhost:8025";
}

int at_desk(const Options& options, const std::function<int(const Desk&)>& work) {
  return with_database(options, Missing::refuse, [&](db::Database& database, const Settings& settings) {
    crypto::SystemRandom random;
    observe::Log log{observe::Format::human, observe::Level::warn};
    const audit::Trail trail{log, random, trail_key(options, settings)};
    throttle::Refusals refusals;
    jobs::Queue queue{random};  // of which a running server does what is put there
    const account::Deps deps{.database = database,
                             .trail = trail,
                             .identity = settings.identity,
                             .budgets = settings.account_budgets,
                             .refusals = refusals,
                             .recent = settings.session.recent,
                             .grace = deletion_grace(settings, queue)};
    const Context context{.now = RealClock{}.now(),
                          .origin = {.surface = "cli"},
                          .principal = Principal{.permissions = Permissions{Role::owner}}};
    return work({.deps = deps, .context = context, .settings = settings});
  });
}

int at_desk(const AccountOrder& order, const std::function<int(const Desk&, const identity::Account&)>& work) {
  return at_desk(order.options, [&](const Desk& desk) {
    const auto account =
        desk.deps.database.read([&](db::Tx& tx) { return find_account(tx, order.who, desk.context.now); });
    return account ? work(desk, *account) : nobody_is(order.who);
  });
}

int carry_out(const Desk& desk, const AccountOrder& order, const Command& command, const identity::Account& account) {
  if (command.make) return print_made(desk, order, command, account.id);
  const Result<Done> result = command.run(desk.deps, desk.context, account.id);
  if (!result) return fail_with(result.error());
  if (order.manner.as_json) {
    print_account(desk, order.manner, account.id);
    return exit_code::done;
  }
  fmt::print("{}{}", fmt::format(fmt::runtime(command.said), order.who), heard);
  return exit_code::done;
}

void print_account(const Desk& desk, const Manner& manner, const AccountId& id) {
  desk.deps.database.read([&](db::Tx& tx) {
    const auto account = identity::find(tx, id);
    if (!account) return;
    if (manner.as_json) {
      fmt::print("{}\n", wire::write(identity::view(*account, desk.settings.identity, identity::Viewer::admin)));
      return;
    }
    const auto seen = session::last_seen(tx, id);
    const auto line = [](std::string_view label, std::string_view value) {
      fmt::print("{:<10} {}\n", label, printable(value));
    };
    line("id", account->id.text());
    line("user id", account->uid.value_or("-"));
    line("name", account->name.empty() ? "-" : account->name);
    line("e-mail", account->email.value_or("-"));
    line("status", to_text(account->status));
    if (account->erase_at) line("erased", rfc3339(*account->erase_at));
    line("role", enum_text(account->role));
    line("created", rfc3339(account->created_at));
    line("last seen", seen ? rfc3339(*seen) : "-");
  });
}

}  // namespace cardea::app
