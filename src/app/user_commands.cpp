#include <fmt/format.h>

#include <algorithm>

#include "app/account_finder.hpp"
#include "app/operator.hpp"
#include "app/say.hpp"
#include "authn/authn.hpp"
#include "authn/profile_view.hpp"
#include "crypto/system_random.hpp"
#include "identity/account_view.hpp"
#include "identity/all_accounts.hpp"

namespace cardea::app {
namespace {

constexpr std::int64_t page_size = 500;

identity::Wanted wanted(const UserFilter& filter) {
  return {.status = parse_enum<identity::Status>(filter.status), .role = parse_enum<Role>(filter.role)};
}

/// Calls `visit` for each account, reading a page at a time, so that a long list holds nobody up.
void each_account(const Desk& desk, const UserFilter& filter,
                  const std::function<void(const identity::Account&)>& visit) {
  AccountId after;
  std::int64_t left = filter.limit.value_or(INT32_MAX);
  while (left > 0) {
    const auto page = desk.deps.database.read(
        [&](db::Tx& tx) { return identity::accounts_after(tx, after, wanted(filter), std::min(left, page_size)); });
    if (page.empty()) return;
    for (const auto& account : page) visit(account);
    after = page.back().id;
    left -= std::ssize(page);
  }
}

/// Makes the account and records it; nobody has its password yet.
Result<identity::Account> create(const Desk& desk, const identity::Submitted& submitted) {
  std::vector<FieldError> problems;
  const auto draft = identity::check_new(desk.settings.identity, submitted, desk.context.now, problems);
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  crypto::SystemRandom random;
  return desk.deps.database.write([&](db::Tx& tx) -> Result<identity::Account> {
    auto account = TRY(identity::create(tx, draft, desk.context.now, random));
    desk.deps.trail.record(tx, desk.context,
                           {.kind = authn::signup_completed, .account = account.id, .reason = "command"});
    return account;
  });
}

std::optional<std::string> given(const std::string& text) { return text.empty() ? std::nullopt : std::optional{text}; }

}  // namespace

int user_list(const Options& options, const Manner& manner, const UserFilter& filter) {
  return at_desk(options, [&](const Desk& desk) {
    Table table{{"ID", "USER ID", "NAME", "E-MAIL", "STATUS", "ROLE", "CREATED"}};
    each_account(desk, filter, [&](const identity::Account& account) {
      if (manner.as_json) {
        fmt::print("{}\n", wire::write(identity::view(account, desk.settings.identity, identity::Viewer::admin)));
        return;
      }
      table.add({account.id.text(), account.uid.value_or("-"), account.name, account.email.value_or("-"),
                 std::string{to_text(account.status)}, std::string{enum_text(account.role)},
                 rfc3339(account.created_at)});
    });
    if (!manner.as_json) table.print();
    return exit_code::done;
  });
}

int user_create(const Options& options, const Manner& manner, const NewUser& user) {
  return at_desk(options, [&](const Desk& desk) {
    const auto made = create(desk, {.name = given(user.name), .uid = given(user.uid), .email = given(user.email)});
    if (!made) return fail_with(made.error());
    if (manner.as_json)
      print_account(desk, manner, made->id);
    else
      fmt::print("{}\n", made->id.text());
    fmt::print(stderr, "{} has no password yet: `cardea user reset {}` prints a link that sets one.\n",
               user.uid.empty() ? user.email : user.uid, made->id.text());
    return exit_code::done;
  });
}

int user_set(const AccountOrder& order, const std::vector<std::string>& changes) {
  wire::Object form;
  for (const auto& change : changes) {
    const auto equals = change.find('=');
    if (equals == std::string::npos || equals == 0) {
      complain("write FIELD=VALUE instead of \"" + printable(change) + "\", such as name=\"Ann Lee\" or coins=5");
      return exit_code::usage;
    }
    form.push_back({change.substr(0, equals), change.substr(equals + 1)});
  }
  return at_desk(order, [&](const Desk& desk, const identity::Account& account) {
    const auto submitted = authn::read_form(desk.settings.identity, wire::Value{std::move(form)});
    const auto changed = account::change_profile(desk.deps, desk.context, account.id, submitted);
    if (!changed) return fail_with(changed.error());
    print_account(desk, order.manner, account.id);
    return exit_code::done;
  });
}

}  // namespace cardea::app
