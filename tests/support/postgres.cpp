#include "tests/support/postgres.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/as_postgres.hpp"

namespace cardea::testing_support {
namespace {

namespace fs = std::filesystem;

/// The newest installed server's programs.
fs::path programs() {
  fs::path best;
  int newest = 0;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql")) {
    const int number = std::atoi(version.path().filename().c_str());
    if (number > newest && fs::exists(version.path() / "bin/initdb")) {
      newest = number;
      best = version.path() / "bin";
    }
  }
  if (best.empty()) throw std::runtime_error("PostgreSQL is not installed (Debian package postgresql)");
  return best;
}

void run(const std::vector<std::string>& words, const fs::path& log) {
  int status = 0;
  const pid_t child = spawn_as_postgres(words, log);
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) {
    throw std::runtime_error(words[0] + " failed; see " + log.string());
  }
}

}  // namespace

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Reply = std::unique_ptr<PGresult, decltype(&PQclear)>;

struct Postgres::State {
  fs::path directory;
  std::vector<std::string> command = {};
  pid_t server = -1;
  std::mutex mutex = {};
  int databases = 0;

  /// False when it ends instead of answering.
  bool start() {
    const std::string address = "host=" + directory.string() + " user=cardea dbname=postgres";
    server = spawn_as_postgres(command, directory / "log");
    for (int i = 0; i < 1500 && PQping(address.c_str()) != PQPING_OK; ++i) {
      if (::waitpid(server, nullptr, WNOHANG) != 0) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds{20});  // a server has no other way to say that it is up
    }
    return PQping(address.c_str()) == PQPING_OK;
  }

  [[nodiscard]] Connection connect() const {
    const std::string address = "host=" + directory.string() + " user=cardea dbname=postgres";
    return {PQconnectdb(address.c_str()), &PQfinish};
  }

  void execute(const std::string& sql) {
    const Connection connection = connect();
    const Reply reply(PQexec(connection.get(), sql.c_str()), &PQclear);
    const auto status = PQresultStatus(reply.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(sql + ": " + PQerrorMessage(connection.get()));
    }
  }
};

Postgres& Postgres::instance() {
  static Postgres server{Durability::none};
  return server;
}

Postgres::Postgres(Durability durability) : state_(new State) {
  std::string directory = (fs::temp_directory_path() / "cardea-postgres-XXXXXX").string();
  if (::mkdtemp(directory.data()) == nullptr) throw std::runtime_error("cannot make " + directory);
  state_->directory = directory;
  give_to_postgres(state_->directory);
  const auto bin = programs();
  const fs::path log = state_->directory / "log";
  const std::string data = (state_->directory / "data").string();
  std::vector<std::string> initdb{bin / "initdb", "-D", data,   "-U",          "cardea",   "-A",
                                  "trust",        "-E", "UTF8", "--no-locale", "--no-sync"};
  if (durability == Durability::full) initdb.emplace_back("--data-checksums");
  run(initdb, log);
  state_->command = {bin / "postgres",
                     "-D",
                     data,
                     "-k",
                     directory,
                     "-c",
                     "listen_addresses=",
                     "-c",
                     "shared_buffers=32MB",
                     "-c",
                     "autovacuum=off",
                     "-c",
                     "max_connections=" + std::string{durability == Durability::full ? "50" : "200"}};
  if (durability == Durability::none) {
    const std::vector<std::string> careless{"-c", "fsync=off",           "-c", "synchronous_commit=off",
                                            "-c", "full_page_writes=off"};
    state_->command.insert(state_->command.end(), careless.begin(), careless.end());
  }
  if (!state_->start()) throw std::runtime_error("PostgreSQL did not start; see " + log.string());
}

void Postgres::kill_and_restart() {
  ::kill(state_->server, SIGKILL);
  ::waitpid(state_->server, nullptr, 0);
  start();
}

void Postgres::stop() {
  ::kill(state_->server, SIGINT);
  ::waitpid(state_->server, nullptr, 0);
}

/// A signal for the server and all its processes, each of which leads a session of its own.
void Postgres::send_to_all(int signal) {
  ::kill(state_->server, signal);
  const std::string server = std::to_string(state_->server);
  std::ifstream children{"/proc/" + server + "/task/" + server + "/children"};
  for (pid_t child = 0; children >> child;) ::kill(child, signal);
}

void Postgres::freeze() { send_to_all(SIGSTOP); }
void Postgres::thaw() { send_to_all(SIGCONT); }

void Postgres::set_standby(bool is_standby) {
  const fs::path signal = state_->directory / "data/standby.signal";
  if (is_standby) {
    std::ofstream{signal} << "";
  } else {
    fs::remove(signal);
  }
}

std::filesystem::path Postgres::data() const { return state_->directory / "data"; }

struct Postgres::Crowd::Members {
  std::vector<Connection> connections = {};
};

Postgres::Crowd::Crowd(Postgres& server) : server_(server), members_(new Members) {}
Postgres::Crowd::~Crowd() = default;

void Postgres::Crowd::take_all() {
  auto& all = members_->connections;
  for (auto next = server_.state_->connect(); PQstatus(next.get()) == CONNECTION_OK;) {
    all.push_back(std::exchange(next, server_.state_->connect()));
  }
}

void Postgres::Crowd::leave(std::size_t places) {
  auto& all = members_->connections;
  all.erase(all.end() - static_cast<std::ptrdiff_t>(std::min(places, all.size())), all.end());
}

void Postgres::Crowd::take_from(std::string_view database) {
  take_all();
  const std::string theirs = "FROM pg_stat_activity WHERE datname = '" + std::string{database} + "'";
  PGconn* first = members_->connections.at(0).get();
  const auto ask = [&](const std::string& sql) { return Reply{PQexec(first, sql.c_str()), &PQclear}; };
  for (int i = 0; i < 100; ++i) {
    if (PQntuples(ask("SELECT pid " + theirs).get()) == 0) return;
    (void)ask("SELECT pg_terminate_backend(pid, 1000) " + theirs);
    take_all();
  }
  throw std::runtime_error("the connections cannot be had");
}

void Postgres::start() {
  // The children of one that was killed notice and end by themselves; until they have, their shared memory keeps a
  // successor away.
  for (int i = 0; i < 100; ++i) {
    if (state_->start()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds{50});
  }
  throw std::runtime_error("PostgreSQL did not start again; see " + (state_->directory / "log").string());
}

Postgres::~Postgres() {
  stop();
  std::error_code ignored;
  fs::remove_all(state_->directory, ignored);
}

std::string Postgres::create_database(std::string_view like) {
  const std::lock_guard lock(state_->mutex);
  std::string name = "test_" + std::to_string(++state_->databases);
  state_->execute("CREATE DATABASE " + name + " TEMPLATE " + std::string{like});
  return name;
}

void Postgres::drop_database(std::string_view name) {
  const std::lock_guard lock(state_->mutex);
  state_->execute("DROP DATABASE " + std::string{name} + " WITH (FORCE)");
}

std::string Postgres::url(std::string_view database) const {
  return "postgres:///" + std::string{database} + "?user=cardea&host=" + state_->directory.string();
}

std::string Postgres::folder() const { return state_->directory.string(); }

void Postgres::disconnect_all(std::string_view database) {
  const std::lock_guard lock(state_->mutex);
  // The second argument waits until the connection is gone, in milliseconds.
  state_->execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '" +
                  std::string{database} + "'");
}

}  // namespace cardea::testing_support
