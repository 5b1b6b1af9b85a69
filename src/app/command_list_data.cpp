#include "app/command_list.hpp"
#include "app/print.hpp"

namespace cardea::app {

std::vector<CommandText> CommandList::questions() {
  auto& question = audit_question_;
  const std::vector<Parameter> filters{
      {.name = "--kind",
       .value = "KIND",
       .what = "\"signin.failed\", or \"signin\" for all of them",
       .into = &question.kind},
      {.name = "--user", .value = "WHO", .what = "About this user, or done by them", .into = &question.user},
      {.name = "--address", .value = "IP", .what = "From this address", .into = &question.address},
      limit_option()};
  const std::vector<Parameter> span{
      {.name = "--since",
       .value = "TIME",
       .what = "24h, 7d, 2026-11-23 or 2026-11-23T12:00:00Z",
       .into = &question.since},
      {.name = "--until", .value = "TIME", .what = "Up to this time, exclusive", .into = &question.until}};
  const auto rest = joined(database_options(), manner_options());
  return {{.name = "list",
           .what = "Print events, the latest last",
           .parameters = joined(joined(filters, span), rest),
           .examples = {{"cardea audit list --kind signin.failed --since 24h", "Who failed to sign in?"},
                        {"cardea audit list --user ann --json", "All about ann, for a program"}},
           .run =
               [this] {
                 audit_question_.limit = limit_;
                 return audit_list(located(), manner_, audit_question_);
               }},
          {.name = "tail",
           .what = "Print the latest twenty events",
           .parameters = joined(joined(filters, {{.name = "--follow",
                                                  .value = {},
                                                  .what = "Go on with what comes, until interrupted",
                                                  .into = &question.follow}}),
                                rest),
           .examples = {{"cardea audit tail --follow", "Watch"}},
           .run = [this] {
             audit_question_.limit = limit_;
             return audit_tail(located(), manner_, audit_question_);
           }}};
}

CommandText CommandList::audit() {
  CommandText audit{.name = "audit", .what = "The audit trail"};
  audit.examples = {{"cardea audit list --kind signin.failed --since 24h", "Who failed to sign in?"}};
  audit.below = questions();
  for (auto& each : chain()) audit.below.push_back(std::move(each));
  return audit;
}

std::vector<CommandText> CommandList::chain() {
  return {{.name = "verify",
           .what = "Check the hash chain, of the database or of an export",
           .parameters = joined({{.name = "--file",
                                  .value = "FILE",
                                  .what = "What `cardea audit export` wrote; - is standard input",
                                  .into = &audit_source_.file},
                                 {.name = "--key",
                                  .value = "KEY",
                                  .what = "The public key, as `cardea audit key` prints it",
                                  .into = &audit_source_.key},
                                 progress_option()},
                                database_options()),
           .run = [this] { return audit_verify(audit_source_.file.empty() ? located() : options_, audit_source_); }},
          {.name = "export",
           .what = "Write the sealed events as lines of JSON",
           .parameters = joined(
               {{.name = "FILE",
                 .value = {},
                 .what = "A file that is not there yet (standard output)",
                 .into = &audit_order_.file},
                {.name = "--since",
                 .value = "TIME",
                 .what = "From this time on: 7d, 2026-11-23 or 2026-11-23T12:00:00Z",
                 .into = &audit_order_.since},
                {.name = "--until", .value = "TIME", .what = "Up to this time, exclusive", .into = &audit_order_.until},
                progress_option()},
               database_options()),
           .run = [this] { return audit_export(located(), audit_order_); }},
          {.name = "key",
           .what = "Print the public key that its signatures are checked with",
           .parameters = database_options(),
           .run = [this] { return audit_key(located()); }}};
}

std::vector<CommandText> CommandList::data() {
  CommandText migrate{.name = "migrate", .what = "The database's schema"};
  migrate.below = {{.name = "up",
                    .what = "Apply what is missing",
                    .parameters = joined({progress_option()}, database_options()),
                    .run = [this] { return migrate_up(located()); }},
                   {.name = "status", .what = "Print what is applied", .parameters = database_options(), .run = [this] {
                      return migrate_status(located());
                    }}};
  CommandText backup_command{
      .name = "backup",
      .what = "Copy the database, beside a running server, and look through the copy",
      .parameters = joined({{.name = "FILE",
                             .value = {},
                             .what = "A file that is not there yet, or a folder (the present one)",
                             .into = &backup_order_.place},
                            {.name = "--keep",
                             .value = "COUNT",
                             .what = "Put the time into the name, and remove all but so many",
                             .into = &backup_order_.keep,
                             .range = std::pair{1, 10'000}},
                            progress_option()},
                           database_options()),
      .examples = {{"cardea backup --keep 7 /var/backups", "Every night"}},
      .run = [this] { return backup(located(), backup_order_); }};
  CommandText restore_command{
      .name = "restore",
      .what = "Put a copy in the database's place, while no server runs",
      .parameters = joined({{.name = "FILE",
                             .value = {},
                             .what = "What `cardea backup` made; on PostgreSQL none, after pg_restore",
                             .into = &restored_file_},
                            progress_option()},
                           database_options()),
      .run = [this] { return restore(located(), restored_file_); }};
  CommandText move_command{
      .name = "move",
      .what = "Move the database to another place or engine, while no server runs",
      .parameters = joined({{.name = "--from",
                             .value = "ADDRESS",
                             .what = "sqlite:PATH or postgres://HOST/NAME (that of the settings)",
                             .into = &move_order_.from},
                            {.name = "--to",
                             .value = "ADDRESS",
                             .what = "The same of an empty one, or of one where a move was interrupted",
                             .into = &move_order_.to,
                             .is_required = true},
                            progress_option()},
                           database_options()),
      // Settings that nobody named may be of another database, with another secret.
      .run = [this] { return move_database(move_order_.from.empty() ? located() : options_, move_order_); }};
  return {std::move(migrate), std::move(backup_command), std::move(restore_command), std::move(move_command)};
}

}  // namespace cardea::app
