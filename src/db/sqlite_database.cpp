#include "db/sqlite_database.hpp"

#include <algorithm>
#include <string>

#include "db/origin.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_file.hpp"
#include "db/sqlite_listener.hpp"
#include "db/transaction.hpp"

namespace cardea::db {
namespace {

class SqliteDatabase : public Database {
 public:
  SqliteDatabase(std::string path, const Options& options)
      : path_(std::move(path)),
        statements_(std::max<std::size_t>(options.statements, 1)),
        on_statement_(options.on_statement),
        patience_{.total = options.busy_timeout},
        writer_(1, opener(Access::write)),
        readers_(static_cast<std::size_t>(std::max(options.readers, 1)), opener(Access::read)),
        bus_(std::make_unique<SqliteListener>(path_, origin_)) {
    writer_.acquire(std::chrono::steady_clock::now() + patience_.total);  // a file that is no database fails the start
  }

  [[nodiscard]] bool is_ready() noexcept override { return answers(readers_); }
  [[nodiscard]] std::string_view engine() const override { return "sqlite"; }
  [[nodiscard]] Bus& bus() override { return bus_; }

 protected:
  void run_transaction(Access access, const std::function<Verdict(Tx&)>& work) override {
    db::transact({pool_for(access), bus_}, access, work, patience_);
  }
  void run_alone(Access access, const std::function<void(Tx&)>& statement) override {
    db::run_alone(pool_for(access), access, statement, patience_);
  }

 private:
  SessionPool& pool_for(Access access) { return access == Access::read ? readers_ : writer_; }
  SessionPool::Open opener(Access access) {
    return [this, access] {
      auto connection = std::make_unique<SqliteConnection>(path_, access, patience_.total, origin_, statements_);
      connection->observe(on_statement_);
      return connection;
    };
  }

  const std::string path_;
  const std::string origin_ = make_origin();
  const std::size_t statements_;
  const StatementObserver on_statement_;
  const Patience patience_;
  SessionPool writer_;
  SessionPool readers_;
  Bus bus_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(std::string_view path, const Options& options) {
  return std::make_unique<SqliteDatabase>(prepare_file(path).string(), options);
}

}  // namespace cardea::db
