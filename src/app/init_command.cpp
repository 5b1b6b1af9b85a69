#include "app/init_command.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "app/dev_files.hpp"
#include "app/say.hpp"
#include "app/serve.hpp"
#include "db/file_swap.hpp"

namespace cardea::app {
namespace {

namespace fs = std::filesystem;

struct Question {
  std::string* answer;
  std::string_view option;
  std::string_view words;
  std::string usual;  // empty: there is none, and it has to be answered
};

/// Fills in what was not said. Absent: all is there; else the exit code.
std::optional<int> complete(InitOrder& order, const Manner& manner) {
  const std::vector<Question> questions{
      {&order.url, "--url", "Address that people will use, such as auth.example.com", ""},
      {&order.database, "--database", "Database, sqlite:PATH or postgres://HOST/NAME (empty: SQLite)", ""},
      {&order.proxy, "--proxy", "Proxy before it: nginx, caddy, haproxy, traefik or none", ""},
      {&order.folder, "--to", "Folder to write to", std::string{usual_folder}}};
  const bool can_ask = !manner.no_input && ::isatty(STDIN_FILENO) != 0;
  for (const auto& [answer, option, words, usual] : questions) {
    if (!answer->empty()) continue;
    if (can_ask) {
      fmt::print(stderr, "{}{}: ", words, usual.empty() ? "" : " [" + usual + "]");
      *answer = read_line();
    }
    if (answer->empty()) *answer = usual;
    if (!answer->empty() || option == "--database") continue;
    complain(fmt::format("{} is missing: {}. Nothing was written.", option, words));
    return exit_code::usage;
  }
  return std::nullopt;
}

std::string own_path() {
  std::error_code problem;
  const auto path = fs::read_symlink("/proc/self/exe", problem);
  return problem ? std::string{} : path.string();
}

/// What would be written over.
std::vector<std::string> taken(const InitPlan& plan) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& file : plan.files) {
    if (fs::symlink_status(file.path, ignored).type() != fs::file_type::not_found) names.push_back(file.path.string());
  }
  return names;
}

/// Whole or not at all. Throws when it cannot be written.
void write(const NewFile& file, bool force) {
  db::Draft draft{file.path};
  std::ofstream out{draft.path(), std::ios::binary};
  out << file.text;
  out.close();
  if (!out.good()) throw std::runtime_error(file.path.string() + " cannot be written");
  fs::permissions(draft.path(), static_cast<fs::perms>(file.mode));
  db::sync_to_disk(draft.path());
  if (force) {
    fs::rename(draft.path(), file.path);
  } else if (!draft.publish(file.path)) {
    throw std::runtime_error(file.path.string() + " was made by somebody else meanwhile");
  }
}

/// The service reads its secrets as its user, where that is known already.
void give_to_service(const fs::path& path) {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam("cardea");
  if (user != nullptr && ::chown(path.c_str(), user->pw_uid, static_cast<gid_t>(-1)) != 0) {
    throw std::runtime_error(path.string() + " cannot be given to the user cardea");
  }
}

void say_written(const fs::path& path) { fmt::print(stderr, "wrote {}\n", path.string()); }

void write_all(const InitPlan& plan, bool force, int& written) {
  const bool has_secret = fs::exists(plan.secret);
  (void)secret_in(plan.folder.string(), plan.secret.filename().string());
  give_to_service(plan.secret);
  if (has_secret) {
    fmt::print(stderr, "kept {}: a database opens with its own secret alone\n", plan.secret.string());
  } else {
    say_written(plan.secret);
    ++written;
  }
  for (const auto& file : plan.files) {
    write(file, force);
    if (file.mode == 0600) give_to_service(file.path);
    say_written(file.path);
    ++written;
  }
}

void print_checklist(const InitPlan& plan) {
  int number = 0;
  for (const auto& line : plan.checklist) fmt::print("{}. {}\n", ++number, line);
}

/// The settings as `serve` will read them.
int check_written(const InitPlan& plan) {
  Settings settings;
  auto root = describe(settings);
  const auto loaded = load_to_serve(settings, root, {.config_file = plan.config.string()});
  if (loaded) return exit_code::done;
  complain(loaded.error().detail);
  return exit_code::partial;
}

}  // namespace

int init(InitOrder order, const Manner& manner, bool force) {
  if (const auto end = complete(order, manner)) return *end;
  order.program = own_path();
  const auto plan = plan_init(std::move(order));
  if (!plan) {
    complain(plan.error().detail + ". Nothing was written.");
    return exit_code::usage;
  }
  if (const auto names = taken(*plan); !names.empty() && !force) {
    complain(fmt::format("{} is there already; --force writes over it. Nothing was written.", fmt::join(names, ", ")));
    return exit_code::conflict;
  }
  int written = 0;
  try {
    if (!fs::exists(plan->folder)) {
      fs::create_directories(plan->folder);
      fs::permissions(plan->folder, static_cast<fs::perms>(0755));
    }
    write_all(*plan, force, written);
  } catch (const std::exception& problem) {
    complain(problem);
    if (written == 0) return exit_code::failed;
    complain("only the files above were written; --force writes them again");
    return exit_code::partial;
  }
  print_checklist(*plan);
  return check_written(*plan);
}

}  // namespace cardea::app
