#include "db/postgres_database.hpp"

#include <libpq-fe.h>

#include <algorithm>

#include "db/health.hpp"
#include "db/origin.hpp"
#include "db/postgres_connection.hpp"
#include "db/postgres_listener.hpp"
#include "db/transaction.hpp"

namespace cardea::db {
namespace {

/// Refuses a url that libpq cannot read, before its complaint about the connection could quote it.
void require_well_formed(const Secret& url) {
  std::string text{url.reveal()};
  char* complaint = nullptr;
  PQconninfoOption* options = PQconninfoParse(text.c_str(), &complaint);
  wipe(text);
  if (complaint != nullptr) PQfreemem(complaint);  // quotes the url
  if (options == nullptr) throw DatabaseError("postgres: the database url cannot be read");
  PQconninfoFree(options);
}

class PostgresDatabase : public Database, public EndsWaits {
 public:
  PostgresDatabase(std::string_view url, const Options& options)
      : url_(url),
        options_(options),
        health_(options.on_failure),
        pool_(
            static_cast<std::size_t>(std::max(options.pool, 1)), [this] { return connect(); }, ends_),
        bus_(std::make_unique<PostgresListener>(url_, origin_)) {
    require_well_formed(url_);
    pool_.acquire(std::chrono::steady_clock::now() + patience_.total);
  }

  [[nodiscard]] std::optional<Failure> failure() noexcept override {
    return health_.ask([this] { ping(pool_); }, [this] { store_something(); });
  }
  void end_waits_by(Deadline end) noexcept override {
    ends_.set(end);
    pool_.look_at_end();
  }
  [[nodiscard]] std::string_view engine() const override { return "postgres"; }
  [[nodiscard]] Bus& bus() override { return bus_; }

 protected:
  void run_transaction(Access access, const std::function<Verdict(Tx&)>& work) override {
    health_.watch([&] { db::transact({pool_, bus_}, access, work, patience_); });
  }
  void run_alone(Access access, const std::function<void(Tx&)>& statement) override {
    health_.watch([&] { db::run_alone(pool_, access, statement, patience_); });
  }

 private:
  /// A new version of a row, which takes room on the disk, that says the same.
  void store_something() {
    const auto work = [](Tx& tx) {
      tx.run("UPDATE migration SET applied_at = applied_at WHERE name = (SELECT min(name) FROM migration)");
      return Verdict::commit;
    };
    db::transact({pool_, bus_}, Access::locking_write, work, {.total = std::chrono::milliseconds{500}});
  }
  [[nodiscard]] std::unique_ptr<Session> connect() const {
    auto connection = std::make_unique<PostgresConnection>(url_, origin_, options_, ends_);
    connection->observe(options_.on_statement);
    return connection;
  }

  const Secret url_;
  const std::string origin_ = make_origin();
  const Options options_;
  EndOfWaits ends_;
  const Patience patience_{.ends = &ends_};
  Health health_;
  SessionPool pool_;
  Bus bus_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(std::string_view url, const Options& options) {
  return std::make_unique<PostgresDatabase>(url, options);
}

}  // namespace cardea::db
