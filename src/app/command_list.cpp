#include "app/command_list.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>

#include "app/command_database.hpp"
#include "app/doctor.hpp"
#include "app/print.hpp"
#include "app/say.hpp"

namespace cardea::app {
namespace {

/// Writes a page for the root and for each noun: those of single commands are in their noun's.
int write_manual(const CommandText& root, const std::string& folder) {
  if (folder.empty()) {
    fmt::print("{}", manual_page({&root}, CARDEA_VERSION));
    return exit_code::done;
  }
  int written = 0;
  int missed = 0;
  walk(root, [&](const CommandPath& path) {
    if (path.back()->below.empty()) return;
    const std::string name = page_name(path) + ".1";
    std::ofstream out{std::filesystem::path{folder} / name, std::ios::binary};
    out << manual_page(path, CARDEA_VERSION);
    out.close();
    if (out.good()) {
      ++written;
      return;
    }
    complain(folder + "/" + name + " cannot be written");
    ++missed;
  });
  if (missed == 0) return exit_code::done;
  return written > 0 ? exit_code::partial : exit_code::failed;
}

}  // namespace

std::vector<Parameter> joined(std::vector<Parameter> first, std::vector<Parameter> second) {
  for (auto& each : second) first.push_back(std::move(each));
  return first;
}

const Options& CommandList::located() { return options_ = found_settings(options_); }

std::vector<Parameter> CommandList::database_options() {
  return {{.name = "--config",
           .value = "FILE",
           .what = "Settings file (TOML)",
           .into = &options_.config_file,
           .is_there = true},
          {.name = "--data", .value = "FOLDER", .what = "Folder of the SQLite database", .into = &options_.data},
          {.name = "--database",
           .value = "ADDRESS",
           .what = "sqlite:PATH or postgres://HOST/NAME",
           .into = &options_.database}};
}

std::vector<Parameter> CommandList::manner_options() {
  return {{.name = "--json", .value = {}, .what = "JSON, one object for each line of a list", .into = &manner_.as_json},
          {.name = "--no-input", .value = {}, .what = "Never ask; say which option agrees", .into = &manner_.no_input},
          {.name = "--yes", .value = {}, .what = "Agree to what would be asked", .into = &manner_.yes}};
}

Parameter CommandList::progress_option() {
  return {.name = "--no-progress", .value = {}, .what = "Say nothing of how far it is", .into = &options_.no_progress};
}

Parameter CommandList::limit_option() {
  return {.name = "--limit",
          .value = "COUNT",
          .what = "No more than so many",
          .into = &limit_,
          .range = std::pair{1, 1'000'000}};
}

CommandText CommandList::servers_dev() {
  return {.name = "dev",
          .what = "Run everything on this machine, for development",
          .parameters = joined(
              database_options(),
              {{.name = "--tls", .value = {}, .what = "HTTPS with a self-signed certificate", .into = &options_.tls},
               {.name = "--listen", .value = "HOST:PORT", .what = "Where", .into = &options_.listen}}),
          .examples = {{"cardea dev", "Serves http://localhost:8025, with its data in .cardea"}},
          .run = [this] { return dev(options_); }};
}

CommandText CommandList::servers_serve() {
  return {
      .name = "serve",
      .what = "Run the production server",
      .parameters = joined(
          database_options(),
          {{.name = "--create", .value = {}, .what = "Make the database where there is none", .into = &options_.create},
           {.name = "--listen", .value = "HOST:PORT", .what = "Where", .into = &options_.listen}}),
      .examples = {{"cardea serve --config cardea.toml", "Serves as the file says, until SIGTERM"}},
      .run = [this] { return serve(options_); }};
}

std::vector<CommandText> CommandList::printers() {
  CommandText config{.name = "config", .what = "Look at the settings"};
  config.below = {
      {.name = "check",
       .what = "Say whether the settings can be used",
       .parameters = database_options(),
       .examples = {{"cardea config check --config cardea.toml", "Before a start or a reload"}},
       .run = [this] { return config_check(located()); }},
      {.name = "show",
       .what = "Print the settings in force",
       .parameters =
           joined(database_options(),
                  {{.name = "--defaults", .value = {}, .what = "Also those that were not set", .into = &defaults_}}),
       .run = [this] { return config_show(located(), defaults_); }},
      {.name = "schema", .what = "Print the JSON Schema of the settings file", .run = [] { return config_schema(); }},
      {.name = "reference", .what = "Print the settings reference", .run = [] { return config_reference(); }}};
  CommandText secret{.name = "secret", .what = "The server's secret"};
  secret.below = {{.name = "generate",
                   .what = "Print a new one",
                   .examples = {{"cardea secret generate >secret && chmod 600 secret", "For secret_file"}},
                   .run = [] { return secret_generate(); }}};
  return {{.name = "doctor",
           .what = "Say what keeps people from the server, and how to mend it",
           .parameters = joined(
               database_options(),
               {{.name = "--json", .value = {}, .what = "One JSON object instead of lines", .into = &manner_.as_json}}),
           .run = [this] { return doctor(located(), manner_.as_json); }},
          proxy(),
          std::move(config),
          std::move(secret)};
}

std::vector<CommandText> CommandList::about_itself() {
  return {{.name = "openapi",
           .what = "Print the OpenAPI document",
           .parameters = database_options(),
           .run = [this] { return print_openapi(options_); }},
          {.name = "routes",
           .what = "Print the route table",
           .parameters = database_options(),
           .run = [this] { return print_routes(options_); }},
          {.name = "errors",
           .what = "Print the error catalogue",
           .parameters = database_options(),
           .run = [this] { return print_errors(options_); }},
          {.name = "completion",
           .what = "Print a completion script for a shell",
           .parameters = {{.name = "SHELL",
                           .value = {},
                           .what = "bash, zsh or fish",
                           .into = &shell_,
                           .is_required = true,
                           .choices = {"bash", "zsh", "fish"}}},
           .examples = {{"source <(cardea completion bash)", "For this shell"}},
           .run =
               [this] {
                 fmt::print("{}", completion_script(tree(), shell_));
                 return exit_code::done;
               }},
          {.name = "man",
           .what = "Print the manual page, or write one for each group of commands",
           .parameters = {{.name = "--to", .value = "FOLDER", .what = "Where to", .into = &folder_}},
           .examples = {{"cardea man | man -l -", "Read it"}},
           .run = [this] { return write_manual(tree(), folder_); }},
          {.name = "version", .what = "Print the version", .run = [] {
             fmt::print("cardea {}\n", CARDEA_VERSION);
             return exit_code::done;
           }}};
}

CommandText CommandList::tree() {
  CommandText root{.name = "cardea", .what = "Cardea: sign-up and sign-in for your applications"};
  root.examples = {{"cardea dev", "Run everything on this machine, for development"},
                   {"cardea init", "The files of a production server, after four questions"},
                   {"cardea user block ann", "Keep somebody out, at once"},
                   {"cardea user reset ann", "A link for somebody who forgot the password"},
                   {"cardea audit list --kind signin.failed --since 24h", "Who failed to sign in?"},
                   {"cardea backup --keep 7 /var/backups", "Copy the database, beside a running server"}};
  root.below = {servers_dev(), init_files(),    servers_serve(), user(), session(),
                admin(),       password_list(), audit(),         mail()};
  for (auto list : {trials(), data(), printers(), about_itself()}) {
    for (auto& each : list) root.below.push_back(std::move(each));
  }
  return root;
}

}  // namespace cardea::app
