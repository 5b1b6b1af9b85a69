#include "db/postgres_database.hpp"

#include <libpq-fe.h>

#include <algorithm>

#include "db/health.hpp"
#include "db/move_lock.hpp"
#include "db/origin.hpp"
#include "db/postgres_connection.hpp"
#include "db/postgres_listener.hpp"
#include "db/postgres_pooler.hpp"
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

/// Behind a pooler that lends a connection for a transaction only nothing is ever heard.
class NoListener : public Listener {
 public:
  void open(const WakeUp&) override { throw DatabaseError("postgres: a pooler keeps the bus from listening"); }
  std::vector<Announcement> next(const WakeUp&) override { return {}; }
  void close() noexcept override {}
};

class PostgresDatabase : public Database, public EndsWaits {
 public:
  PostgresDatabase(std::string_view url, const Options& options, const Pooler& pooler)
      : url_(url),
        direct_url_(pooler.direct_url.empty() && pooler.lending == Lending::for_good ? url : pooler.direct_url),
        lending_(pooler.lending),
        options_(options),
        health_(options.on_failure),
        pool_(
            static_cast<std::size_t>(std::max(options.pool, 1)), [this] { return connect(); }, ends_,
            options.transactions.on_connection),
        bus_(make_listener()) {
    for (const Secret* each : {&url_, &direct_url_}) require_well_formed(*each);
    require_own_connections();
    if (options.use == Use::together) require_not_moved();
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
    // Alone, a statement has no time-out of its own where none can be set for the connection.
    if (lending_ == Lending::by_transaction) {
      return run_transaction(access == Access::read ? access : Access::locking_write, [&](Tx& tx) {
        statement(tx);
        return Verdict::commit;
      });
    }
    health_.watch([&] { db::run_alone(pool_, access, statement, patience_); });
  }

 private:
  [[nodiscard]] std::unique_ptr<Listener> make_listener() const {
    if (direct_url_.empty()) return std::make_unique<NoListener>();
    return std::make_unique<PostgresListener>(direct_url_, origin_);
  }
  /// Connects. Throws when a pooler lends each transaction another connection, and nobody told us; or lends them to
  /// the listener too, which would take silence for peace.
  void require_own_connections() {
    bool is_lent = !direct_url_.empty();
    {
      auto lease = pool_.acquire(std::chrono::steady_clock::now() + patience_.total);
      if (lending_ == Lending::for_good) {
        is_lent = static_cast<const PostgresConnection&>(*lease).is_behind_pooler();
      }
    }
    if (is_lent && postgres::lends_by_transaction(direct_url_)) {
      throw DatabaseError(std::string{postgres::advice_on_pooler});
    }
  }
  void require_not_moved() {
    bool is_moving = false;
    run_alone(Access::read, [&](Tx& tx) { is_moving = is_being_moved(tx); });
    if (is_moving) throw DatabaseError("postgres: the database is being moved", Failure::busy);
  }
  /// Throws unless there is room for some pages, and a change can be committed; on a new connection, because the others
  /// may lead to what was the primary, or have begun with another default.
  void store_something() {
    pool_.close_idle();
    const auto need_room = [](Tx& tx) {
      // More than the table has room for, so that it must grow: on a full disk small changes still find a place. It
      // takes what is nobody's: here announcements do not go by this table.
      tx.run(
          "INSERT INTO change_log (id, origin, topic, subject) "
          "SELECT id, 'room', 'room', '' FROM generate_series(-2000, -1) AS id");
      return Verdict::roll_back;
    };
    const auto change = [](Tx& tx) {
      tx.run("UPDATE migration SET applied_at = applied_at WHERE name = (SELECT min(name) FROM migration)");
      return Verdict::commit;
    };
    const Patience patience{.total = std::chrono::milliseconds{500}};
    db::transact({pool_, bus_}, Access::locking_write, need_room, patience);
    db::transact({pool_, bus_}, Access::locking_write, change, patience);
  }
  [[nodiscard]] std::unique_ptr<Session> connect() const try {
    auto connection = std::make_unique<PostgresConnection>(url_, origin_, options_, lending_, ends_);
    connection->observe(options_.on_statement);
    return connection;
  } catch (const NoMoreConnections& problem) {
    // Whoever wanted it may get another one, and then nobody else tells.
    if (options_.on_failure) options_.on_failure(DatabaseError(problem.what(), Failure::busy));
    throw;
  }

  const Secret url_;
  const Secret direct_url_;  // where the bus listens; empty: nowhere
  const Lending lending_;
  const std::string origin_ = make_origin();
  const Options options_;
  EndOfWaits ends_;
  const Patience patience_{.on_retry = options_.transactions.on_retry, .ends = &ends_};
  Health health_;
  SessionPool pool_;
  Bus bus_;
};

}  // namespace

std::unique_ptr<Database> open_postgres(std::string_view url, const Options& options, const Pooler& pooler) {
  return std::make_unique<PostgresDatabase>(url, options, pooler);
}

}  // namespace cardea::db
