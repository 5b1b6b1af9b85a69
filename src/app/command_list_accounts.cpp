#include "app/command_list.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view who_text = "Id (usr_...), user id, e-mail address, or the id of a session";

std::vector<std::string> role_names() { return {"owner", "admin", "support", "auditor", "user"}; }

}  // namespace

CommandText CommandList::about_user(std::string name, std::string what, std::function<int(const AccountOrder&)> run,
                                    std::vector<Parameter> more, std::vector<Example> examples) {
  std::vector<Parameter> parameters{
      {.name = "WHO", .value = {}, .what = std::string{who_text}, .into = &who_, .is_required = true}};
  parameters = joined(std::move(parameters), std::move(more));
  parameters = joined(std::move(parameters), joined(database_options(), manner_options()));
  return {.name = std::move(name),
          .what = std::move(what),
          .parameters = std::move(parameters),
          .examples = std::move(examples),
          .run = [this, run = std::move(run)] { return run({.options = located(), .manner = manner_, .who = who_}); }};
}

std::vector<Command> CommandList::feature_commands(std::string_view noun) const {
  auto commands = account_commands();
  std::erase_if(commands, [&](const auto& each) { return each.noun != noun; });
  return commands;
}

CommandText CommandList::user_invitation() {
  return {.name = "invite",
          .what = "Print a link that works once, by which somebody can sign up",
          .parameters = joined({{.name = "--email",
                                 .value = "ADDRESS",
                                 .what = "Only with this address, of whatever domain",
                                 .into = &invite_order_.email},
                                {.name = "--role",
                                 .value = "ROLE",
                                 .what = "The role of the account: owner, admin, support, auditor or user (user)",
                                 .into = &invite_order_.role,
                                 .choices = role_names()},
                                {.name = "--days",
                                 .value = "COUNT",
                                 .what = "How long it works (7)",
                                 .into = &invite_order_.days,
                                 .range = std::pair{1, 90}},
                                {.name = "--url",
                                 .value = "URL",
                                 .what = "The address of the server that the link leads to (that of the settings)",
                                 .into = &options_.url}},
                               joined(database_options(), manner_options())),
          .examples = {{"cardea user invite --email ann@example.com", "Also where signup.mode is \"invite\""}},
          .run = [this] { return user_invite(located(), manner_, invite_order_); }};
}

CommandText CommandList::user_listing() {
  return {.name = "list",
          .what = "List users, the oldest first",
          .parameters =
              joined({{.name = "--status",
                       .value = "STATUS",
                       .what = "Only active ones, only disabled (blocked) ones, or only those that wait to be erased",
                       .into = &user_filter_.status,
                       .choices = {"active", "disabled", "pending_deletion"}},
                      {.name = "--role",
                       .value = "ROLE",
                       .what = "Only those with this role",
                       .into = &user_filter_.role,
                       .choices = role_names()},
                      limit_option()},
                     joined(database_options(), manner_options())),
          .examples = {{"cardea user list --role owner", "Who is an administrator?"}},
          .run = [this] {
            user_filter_.limit = limit_;
            return user_list(located(), manner_, user_filter_);
          }};
}

CommandText CommandList::user() {
  CommandText user{.name = "user", .what = "Users"};
  user.examples = {{"cardea user get ann", "By user id"},
                   {"cardea user block usr_01KAT3W7XH3V4A5RD3RNZTT0SB", "By the id that the log has"}};
  user.below = {
      user_listing(),
      about_user("get", "Print a user", user_get),
      {.name = "create",
       .what = "Make a user, who sets the password by a link (`user reset`)",
       .parameters =
           joined({{.name = "UID", .value = {}, .what = "User id", .into = &new_user_.uid},
                   {.name = "--name", .value = "NAME", .what = "Display name", .into = &new_user_.name},
                   {.name = "--email", .value = "ADDRESS", .what = "E-mail address", .into = &new_user_.email}},
                  joined(database_options(), manner_options())),
       .examples = {{"cardea user create ann --name 'Ann Lee'", "Then `cardea user reset ann` prints her link"}},
       .run = [this] { return user_create(located(), manner_, new_user_); }},
      user_invitation(),
      about_user("set", "Change what is held of a user",
                 [this](const AccountOrder& order) { return user_set(order, changes_); },
                 {{.name = "CHANGES",
                   .value = {},
                   .what = "FIELD=VALUE: name, email or a profile field; an empty value removes it",
                   .into = &changes_,
                   .is_required = true}},
                 {{"cardea user set ann name='Ann Lee' coins=5", "Two at once"}}),
      about_user("remove-factors", "Take away the second factors of a user who has lost them, after asking",
                 user_remove_factors, {},
                 {{"cardea user remove-factors ann", "Her password alone lets her in then, or asks for a new factor"}}),
      about_user("delete", "Delete a user with all that is held, after asking",
                 [this](const AccountOrder& order) { return user_delete(order, now_ ? Erase::now : Erase::in_time); },
                 {{.name = "--now",
                   .value = {},
                   .what = "Erase at once, without the time to think again of account.deletion_grace",
                   .into = &now_}},
                 {{"cardea user delete ann", "Closed at once, and erased when that time is over"}}),
      about_user("export", "Print all that is held of a user", user_export)};
  for (const auto& each : feature_commands("user")) {
    std::vector<Parameter> more;
    if (each.make) {  // it prints a link
      more.push_back({.name = "--url",
                      .value = "URL",
                      .what = "The address of the server that the link leads to (that of the settings)",
                      .into = &options_.url});
    }
    user.below.push_back(about_user(std::string{each.verb}, std::string{each.what},
                                    [each](const AccountOrder& order) { return run_on_account(order, each); }, more,
                                    {{"cardea user " + std::string{each.verb} + " ann", std::string{each.what}}}));
  }
  return user;
}

CommandText CommandList::session() {
  CommandText session{.name = "session", .what = "Sessions"};
  session.below = {
      {.name = "list",
       .what = "List live sessions, of a user or of everybody",
       .parameters =
           joined({{.name = "WHO", .value = {}, .what = std::string{who_text}, .into = &who_}, limit_option()},
                  joined(database_options(), manner_options())),
       .examples = {{"cardea session list ann", "Where ann is signed in"}},
       .run = [this] { return session_list({.options = located(), .manner = manner_, .who = who_}, limit_); }},
      about_user("revoke", "End one session, or all of a user", session_revoke, {},
                 {{"cardea session revoke ses_01KAT3W7XH3V4A5RD3RNZTT0SB", "That one"},
                  {"cardea session revoke ann", "All of ann's"}})};
  return session;
}

CommandText CommandList::admin() {
  CommandText admin{.name = "admin", .what = "Administrators"};
  admin.below = {about_user("grant", "Make a user an administrator, after showing whom and asking",
                            [this](const AccountOrder& order) { return admin_grant(order, *parse_enum<Role>(role_)); },
                            {{.name = "--role",
                              .value = "ROLE",
                              .what = "owner (the default), admin, support or auditor",
                              .into = &role_,
                              .choices = {"owner", "admin", "support", "auditor"}}},
                            {{"cardea admin grant ann", "By id or user id; an e-mail address is not enough"}})};
  for (const auto& each : feature_commands("admin")) {
    admin.below.push_back(about_user(std::string{each.verb}, std::string{each.what},
                                     [each](const AccountOrder& order) { return run_on_account(order, each); }));
  }
  return admin;
}

CommandText CommandList::mail() {
  CommandText mail{.name = "mail", .what = "Letters"};
  mail.below = {
      {.name = "test",
       .what = "Send a letter by the settings' mail server, now",
       .parameters = joined(
           {{.name = "ADDRESS", .value = {}, .what = "To whom", .into = &mail_order_.address, .is_required = true}},
           database_options()),
       .examples = {{"cardea mail test ada@example.com", "Do letters leave?"}},
       .run = [this] { return mail_test(located(), mail_order_); }},
      {.name = "wait",
       .what = "Print the next letter that `cardea dev` keeps, each once; waits for it",
       .parameters =
           joined({{.name = "--to",
                    .value = "ADDRESS",
                    .what = "To whom it is: an e-mail address, or a telephone number such as +4915112345678",
                    .into = &mail_order_.address,
                    .is_required = true},
                   {.name = "--code", .value = {}, .what = "Its code alone", .into = &mail_order_.code_only},
                   {.name = "--link", .value = {}, .what = "Its first link alone", .into = &mail_order_.link_only},
                   {.name = "--seconds",
                    .value = "COUNT",
                    .what = "How long to wait (30)",
                    .into = &mail_order_.seconds,
                    .range = std::pair{0, 3600}}},
                  database_options()),
       .examples = {{"cardea mail wait --to ada@example.com --code", "The code, for a script that signs somebody up"}},
       .run = [this] { return mail_wait(located(), mail_order_); }}};
  return mail;
}

}  // namespace cardea::app
