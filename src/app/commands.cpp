#include "app/commands.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <map>
#include <memory>

#include "app/account_commands.hpp"
#include "app/audit_commands.hpp"
#include "app/backup_commands.hpp"
#include "app/doctor.hpp"
#include "app/move_command.hpp"
#include "app/print.hpp"
#include "app/say.hpp"
#include "app/serve.hpp"

namespace cardea::app {
namespace {

void add_options(CLI::App& command, Options& options) {
  command.add_option("--config", options.config_file, "Settings file (TOML)")->check(CLI::ExistingFile);
  command.add_option("--data", options.data, "Folder of the SQLite database");
  command.add_option("--database", options.database, "sqlite:PATH or postgres://HOST/NAME");
}

// Everything the command line can say, and what to do about it.
struct Commands {
  Options options;
  std::string identifier;
  std::string role{enum_text(Role::owner)};
  AuditSource audit_source;
  AuditOrder audit_order;
  BackupOrder backup_order;
  std::string restored_file;
  MoveOrder move_order;
  bool defaults = false;
  bool as_json = false;
  std::function<int()> chosen;
  std::map<std::string, CLI::App*> nouns;
  std::unique_ptr<CLI::App> parser = std::make_unique<CLI::App>("Cardea: sign-up and sign-in for your applications");
  CLI::App& root = *parser;

  template <class Run>
  CLI::App& command(CLI::App& parent, const std::string& name, const std::string& what, Run run) {
    CLI::App* made = parent.add_subcommand(name, what);
    made->callback([this, run] { chosen = run; });
    return *made;
  }

  /// The command of that name, made where there is none.
  CLI::App& noun(const std::string& name, const std::string& what = {}) {
    CLI::App*& made = nouns[name];
    if (made == nullptr) {
      made = root.add_subcommand(name, what);
      made->require_subcommand(1);
    }
    return *made;
  }

  void add_servers() {
    auto& dev_command =
        command(root, "dev", "Run everything on this machine, for development", [this] { return dev(options); });
    dev_command.add_flag("--tls", options.tls, "HTTPS with a self-signed certificate");
    auto& serve_command = command(root, "serve", "Run the production server", [this] { return serve(options); });
    serve_command.add_flag("--create", options.create, "Make the database where there is none");
    for (auto* each : {&dev_command, &serve_command}) {
      add_options(*each, options);
      each->add_option("--listen", options.listen, "HOST:PORT");
    }
  }

  void add_printers() {
    add_options(command(root, "openapi", "Print the OpenAPI document", [this] { return print_openapi(options); }),
                options);
    add_options(command(root, "routes", "Print the route table", [this] { return print_routes(options); }), options);
    add_options(command(root, "errors", "Print the error catalogue", [this] { return print_errors(options); }),
                options);
    command(root, "version", "Print the version", [] {
      fmt::print("cardea {}\n", CARDEA_VERSION);
      return 0;
    });
    auto& config = noun("config", "Look at the settings");
    add_options(
        command(config, "check", "Say whether the settings can be used", [this] { return config_check(options); }),
        options);
    auto& doctor_command = command(root, "doctor", "Say what keeps people from the server, and how to mend it",
                                   [this] { return doctor(options, as_json); });
    add_options(doctor_command, options);
    doctor_command.add_flag("--json", as_json, "One JSON object instead of lines");
    auto& show =
        command(config, "show", "Print the settings in force", [this] { return config_show(options, defaults); });
    add_options(show, options);
    show.add_flag("--defaults", defaults, "Also those that were not set");
    command(config, "schema", "Print the JSON Schema of the settings file", [] { return config_schema(); });
    command(config, "reference", "Print the settings reference", [] { return config_reference(); });
    auto& secret = noun("secret", "The server's secret");
    command(secret, "generate", "Print a new one", [] { return secret_generate(); });
  }

  void add_data_commands() {
    auto& migrate = noun("migrate", "The database's schema");
    add_options(command(migrate, "up", "Apply what is missing", [this] { return migrate_up(options); }), options);
    add_options(command(migrate, "status", "Print what is applied", [this] { return migrate_status(options); }),
                options);
    auto& backup_command =
        command(root, "backup", "Copy the database, beside a running server, and look through the copy",
                [this] { return backup(options, backup_order); });
    add_options(backup_command, options);
    backup_command.add_option("file", backup_order.place,
                              "A file that is not there yet, or a folder (the present one)");
    backup_command.add_option("--keep", backup_order.keep, "Put the time into the name, and remove all but so many")
        ->check(CLI::Range(1, 10'000));
    auto& restore_command = command(root, "restore", "Put a copy in the database's place, while no server runs",
                                    [this] { return restore(options, restored_file); });
    add_options(restore_command, options);
    restore_command.add_option("file", restored_file,
                               "What `cardea backup` made; on PostgreSQL none, after pg_restore");
    auto& move_command = command(root, "move", "Move the database to another place or engine, while no server runs",
                                 [this] { return move_database(options, move_order); });
    add_options(move_command, options);
    move_command.add_option("--from", move_order.from, "sqlite:PATH or postgres://HOST/NAME (that of the settings)");
    move_command.add_option("--to", move_order.to, "The same of an empty one, or of one where a move was interrupted")
        ->required();
  }

  void add_audit_commands() {
    auto& audit = noun("audit", "The audit trail");
    auto& verify = command(audit, "verify", "Check the hash chain, of the database or of an export",
                           [this] { return audit_verify(options, audit_source); });
    add_options(verify, options);
    verify.add_option("--file", audit_source.file, "What `cardea audit export` wrote; - is standard input");
    verify.add_option("--key", audit_source.key, "The public key, as `cardea audit key` prints it");
    auto& print = command(audit, "export", "Write the sealed events as lines of JSON",
                          [this] { return audit_export(options, audit_order); });
    add_options(print, options);
    print.add_option("file", audit_order.file, "A file that is not there yet (standard output)");
    print.add_option("--since", audit_order.since, "From this time on: 2026-11-23, or 2026-11-23T12:00:00Z");
    print.add_option("--until", audit_order.until, "Up to this time, exclusive");
    add_options(command(audit, "key", "Print the public key that its signatures are checked with",
                        [this] { return audit_key(options); }),
                options);
  }

  template <class Run>
  CLI::App& about_user(CLI::App& parent, const std::string& name, const std::string& what, Run run) {
    auto& made = command(parent, name, what, run);
    add_options(made, options);
    made.add_option("user", identifier, "User id or e-mail address")->required();
    return made;
  }

  void add_account_commands() {
    noun("admin", "Administrators");
    about_user(noun("user", "Users"), "export", "Print all that is held of a user",
               [this] { return user_export(options, identifier); });
    const Command grant = set_role(Role::owner);
    about_user(noun("admin"), std::string{grant.verb}, std::string{grant.what},
               [this] { return run_on_account(options, set_role(*parse_enum<Role>(role)), identifier); })
        .add_option("--role", role, "owner (the default), admin, support or auditor")
        ->check(CLI::IsMember({"owner", "admin", "support", "auditor"}));
    for (const auto& each : account_commands()) {
      about_user(noun(std::string{each.noun}), std::string{each.verb}, std::string{each.what},
                 [this, each] { return run_on_account(options, each, identifier); });
    }
  }
};

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_descriptors();
  Commands commands;
  commands.root.require_subcommand(1);
  commands.add_servers();
  commands.add_printers();
  commands.add_data_commands();
  commands.add_audit_commands();
  commands.add_account_commands();
  try {
    commands.root.parse(argc, argv);
    commands.parser.reset();  // a server runs for long and has no more use for it
    return end_printing(commands.chosen());
  } catch (const CLI::ParseError& problem) {
    const bool asked_for_help = problem.get_exit_code() == 0;
    commands.root.exit(problem);
    std::cout.flush();
    return end_printing(asked_for_help ? 0 : 2);
  } catch (const std::exception& problem) {
    complain(problem);
    return end_printing(1);
  }
}

}  // namespace cardea::app
