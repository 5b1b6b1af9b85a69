#pragma once
// A server under load whose surroundings fail, on either engine.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/fault/faults.hpp"
#include "tests/fault/load.hpp"
#include "tests/fault/page.hpp"
#include "tests/support/postgres.hpp"
#include "tests/support/program.hpp"

namespace cardea::fault {

/// What clients may see while a fault lasts.
struct Answers {
  std::vector<std::string> some = {};  // at least one of these, and somebody does
  std::vector<std::string> also = {};  // these too
  std::chrono::seconds changes_within{15};
  std::chrono::seconds checks_within{3};
};

/// A test of one fault on the engine that its parameter names.
class Scene : public ::testing::TestWithParam<std::string> {
 protected:
  Scene();
  ~Scene() override;

  [[nodiscard]] bool is_sqlite() const { return GetParam() == "sqlite"; }
  [[nodiscard]] std::string engine() const { return is_sqlite() ? "SQLite" : "PostgreSQL"; }
  [[nodiscard]] std::filesystem::path data() const { return folder_.path() / "data"; }
  /// The database as others than the program open it.
  [[nodiscard]] std::string database_url() const;
  /// The database's name on PostgreSQL.
  [[nodiscard]] const std::string& database() const { return database_; }
  [[nodiscard]] testing_support::Postgres& postgres() { return *server_->postgres; }
  /// After it was stopped; or kill -9 and up again.
  void start_postgres();
  void kill_and_restart_postgres();
  /// Faults of the program.
  [[nodiscard]] Faults& faults() { return faults_; }
  /// Faults of whoever writes the database to the disk: the program, or PostgreSQL.
  [[nodiscard]] Faults& disk_faults() { return is_sqlite() ? faults_ : server_->faults; }
  [[nodiscard]] testing_support::Program& program() { return *program_; }
  [[nodiscard]] Load& load() { return *load_; }
  /// What was acknowledged; to be read while there is no load.
  [[nodiscard]] const testing_support::Ledger& ledger() const { return ledger_; }

  /// Starts the program, on the database or by way of `url`, and does not return before clients got a number of
  /// acknowledgements. Its standard error goes to `errors`, when that is given.
  void start(const std::string& url = {}, const std::filesystem::path& errors = {});
  /// The same on what is there, after the program has ended.
  void start_again() { start(url_); }
  /// Other clients, who may not be served.
  void load_more();
  /// kill -9, or the end of one that was told to end; its exit code. Clients are gone afterwards.
  void kill();
  std::optional<int> end();
  /// Changes go on, and `/readyz` says so, within so long.
  [[nodiscard]] bool heals(std::chrono::seconds most);
  /// Asks for everything that was acknowledged, ends the program in order, and looks into the database.
  void expect_everything_kept();

  /// "503 storage.full", of the parts that `/readyz` names, or "200".
  [[nodiscard]] std::string readiness() const;
  [[nodiscard]] bool becomes_ready(const std::string& readiness, std::chrono::seconds most) const;
  /// That it says nothing else for so long, whatever works in between.
  [[nodiscard]] bool stays_unready(const std::string& readiness, std::chrono::seconds span) const;
  /// The value of a sample of the metrics, such as `cardea_database_errors_total{kind="full"}`.
  [[nodiscard]] double metric(const std::string& sample) const;

  /// That since the load started over clients saw what they may; says it in the words of the page.
  std::string expect(const Answers& answers);
  /// In the words of the page: what readiness, log and metrics say of a failure of this kind, and of its end.
  [[nodiscard]] static std::string told_for_good(const std::string& kind);
  [[nodiscard]] static std::string told(const std::string& kind) {
    return told_for_good(kind) + "; `database.recovered`";
  }
  void row(std::string fault, std::string clients, std::string told, std::string healed, std::string kept = "all");

 private:
  [[nodiscard]] testing_support::RawAnswer get(const std::string& target, const std::string& credential = {}) const;

  /// A PostgreSQL that is started with faults of its own, and whose commits last.
  struct Server {
    Server();
    Faults faults;
    std::unique_ptr<testing_support::Postgres> postgres;
  };

  const testing_support::Folder folder_;
  Faults faults_;
  Server* server_ = nullptr;  // all scenes have it in turn
  std::string database_;
  std::string url_;
  testing_support::Ledger ledger_;
  int loads_ = 0;
  std::unique_ptr<testing_support::Program> program_;
  std::unique_ptr<Load> load_;
};

}  // namespace cardea::fault
