#include "db/sqlite_database.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <optional>
#include <string>
#include <thread>

#include "db/folder_lock.hpp"
#include "db/health.hpp"
#include "db/origin.hpp"
#include "db/sqlite_connection.hpp"
#include "db/sqlite_file.hpp"
#include "db/sqlite_group_commit.hpp"
#include "db/sqlite_listener.hpp"
#include "db/sqlite_log.hpp"
#include "db/transaction.hpp"

namespace cardea::db {
namespace {

/// While another process writes, file and log may be seen at two instants; not every time.
constexpr int looks_at_log = 5;
constexpr std::chrono::milliseconds between_looks{50};

void require_own_log(const std::filesystem::path& file) {
  for (int look = 1; sqlite::has_foreign_log(file); ++look) {
    if (look == looks_at_log) throw DatabaseError(sqlite::advice_on_foreign_log(file), Failure::corrupt);
    std::this_thread::sleep_for(between_looks);
  }
}

/// The file at `path`, which nobody else is putting something into the place of, and which its log belongs to.
class Claim {
 public:
  Claim(std::string_view path, const Options& options) {
    file = prepare_file(path, options.missing);
    if (options.use == Use::alone) return;
    if (options.use == Use::together) {
      lock_.emplace(file.parent_path());
      if (!lock_->try_together(options.busy_timeout)) {
        throw DatabaseError("sqlite: " + file.string() + " is being restored or moved", Failure::busy);
      }
    }
    require_own_log(file);
  }

  std::filesystem::path file;

 private:
  std::optional<FolderLock> lock_;
};

class SqliteDatabase : public Database, public EndsWaits {
 public:
  SqliteDatabase(std::string_view path, const Options& options)
      : claim_(path, options),
        use_(options.use),
        statements_(std::max<std::size_t>(options.statements, 1)),
        on_statement_(options.on_statement),
        patience_{.total = options.busy_timeout, .on_retry = options.transactions.on_retry, .ends = &ends_},
        health_(options.on_failure),
        writer_(1, opener(Access::write), ends_, options.transactions.on_connection),
        readers_(static_cast<std::size_t>(std::max(options.readers, 1)), opener(Access::read), ends_,
                 options.transactions.on_connection),
        bus_(std::make_unique<SqliteListener>(file(), origin_,
                                              [this] { health_.watch([this] { require_in_place(); }); })) {
    // A file that is no database fails the start.
    pool_for(use_ == Use::look ? Access::read : Access::write)
        .acquire(std::chrono::steady_clock::now() + patience_.total);
    if (use_ != Use::together) return;
    anchor_ = connect(Access::read, SqliteConnection::Purpose::keep_log);
    in_use_.emplace(claim_.file);
  }

  [[nodiscard]] std::optional<Failure> failure() noexcept override {
    const auto ask = [this] {
      require_in_place();
      ping(readers_);
    };
    return health_.ask(ask, [this] { store_something(); });
  }
  void end_waits_by(Deadline end) noexcept override {
    ends_.set(end);
    writer_.look_at_end();
    readers_.look_at_end();
    group_commit_.look_at_end();
  }
  [[nodiscard]] std::string_view engine() const override { return "sqlite"; }
  [[nodiscard]] Bus& bus() override { return bus_; }
  [[nodiscard]] std::optional<std::int64_t> free_bytes() const noexcept override {
    struct statvfs disk{};
    if (::statvfs(claim_.file.c_str(), &disk) != 0) return std::nullopt;
    return static_cast<std::int64_t>(disk.f_bavail) * static_cast<std::int64_t>(disk.f_frsize);
  }

 protected:
  void run_transaction(Access access, const std::function<Verdict(Tx&)>& work) override {
    health_.watch([&] {
      require_in_place();
      if (access == Access::locking_write) return group_commit_.transact(work);
      db::transact({pool_for(access), bus_}, access, work, patience_);
    });
  }
  void run_alone(Access access, const std::function<void(Tx&)>& statement) override {
    health_.watch([&] {
      require_in_place();
      if (access != Access::read) return group_commit_.run_alone(statement);
      db::run_alone(readers_, access, statement, patience_);
    });
  }

 private:
  [[nodiscard]] std::string file() const { return claim_.file.string(); }
  SessionPool& pool_for(Access access) { return access == Access::read ? readers_ : writer_; }
  SessionPool::Open opener(Access access) {
    return [this, access] { return connect(access, SqliteConnection::Purpose::work); };
  }
  std::unique_ptr<Session> connect(Access access, SqliteConnection::Purpose purpose) {
    if (use_ == Use::look && access != Access::read) {
      throw DatabaseError("sqlite: " + file() + " is only looked at", Failure::read_only);
    }
    auto connection =
        std::make_unique<SqliteConnection>(file(), SqliteConnection::Opening{.access = access,
                                                                             .purpose = purpose,
                                                                             .busy_timeout = patience_.total,
                                                                             .origin = origin_,
                                                                             .statements = statements_,
                                                                             .use = use_,
                                                                             .ends = &ends_});
    connection->observe(on_statement_);
    return connection;
  }
  void require_in_place() const {
    if (in_use_) in_use_->require_in_place();
  }
  /// The least change there is, with all that storing one takes.
  void store_something() {
    auto lease = writer_.acquire(std::chrono::steady_clock::now() + std::chrono::milliseconds{500});
    lease->start_over();
    try {
      static_cast<SqliteConnection&>(*lease).stamp();
    } catch (const DatabaseError&) {
      lease.drop();
      throw;
    }
  }

  const Claim claim_;  // first: given up last
  const Use use_;
  const std::string origin_ = make_origin();
  const std::size_t statements_;
  const StatementObserver on_statement_;
  EndOfWaits ends_;
  const Patience patience_;
  Health health_;
  std::unique_ptr<Session> anchor_;  // keeps the log in place whatever the pools close
  std::optional<FilesInUse> in_use_;
  SessionPool writer_;
  SessionPool readers_;
  Bus bus_;
  SqliteGroupCommit group_commit_{writer_, bus_, patience_, ends_};
};

}  // namespace

std::unique_ptr<Database> open_sqlite(std::string_view path, const Options& options) {
  return std::make_unique<SqliteDatabase>(path, options);
}

}  // namespace cardea::db
