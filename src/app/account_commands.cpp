#include "app/account_commands.hpp"

#include <fmt/core.h>

#include "app/command_database.hpp"
#include "app/house.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "crypto/system_random.hpp"

namespace cardea::app {
namespace {

int with_account(const Options& options, const std::string& user, const decltype(Command::run)& work) {
  return with_database(options, Missing::refuse, [&](db::Database& database, const Settings& settings) {
    crypto::SystemRandom random;
    observe::Log log{observe::Format::human, observe::Level::warn};
    const audit::Trail trail{log, random};
    throttle::Refusals refusals;
    const account::Deps deps{.database = database,
                             .trail = trail,
                             .identity = settings.identity,
                             .budgets = settings.account_budgets,
                             .refusals = refusals,
                             .recent = settings.session.recent};
    const Context context{.now = RealClock{}.now(),
                          .origin = {.surface = "cli"},
                          .principal = Principal{.permissions = Permissions{Role::owner}}};
    const auto account = database.read([&](db::Tx& tx) { return identity::find_by_identifier(tx, user); });
    const Result<Done> result = account ? work(deps, context, account->id) : Result<Done>{not_found};
    if (result.ok()) return 0;
    if (result.error().is(not_found)) {
      complain("nobody has the user id or address \"" + user + "\"");
      return 3;
    }
    complain(result.error().kind->title);
    return 1;
  });
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

int run_on_account(const Options& options, const Command& command, const std::string& user) {
  const int code = with_account(options, user, command.run);
  if (code == 0) {
    fmt::print(fmt::runtime(command.said), user);
    fmt::print(" A running server knows within a second.\n");
  }
  return code;
}

int user_export(const Options& options, const std::string& user) {
  return with_account(options, user, [](const auto& deps, const Context& context, const AccountId& id) {
    const ExportSink print = [](std::string_view kind, std::string_view json) {
      fmt::print("{{\"kind\":\"{}\",\"data\":{}}}\n", kind, json);
    };
    deps.database.read([&](db::Tx& tx) {
      for (const auto& feature : feature_entries()) {
        if (feature.export_account) feature.export_account(deps, context, tx, id, print);
      }
    });
    return Result<Done>{done};
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
