#pragma once
// One connection that runs one transaction at a time; what both drivers implement. Internal to db.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "db/database.hpp"

namespace cardea::db {

/// Another transaction was in the way; running the work again may succeed.
class Conflict : public DatabaseError {
 public:
  explicit Conflict(const std::string& what) : DatabaseError(what, Failure::busy) {}
};

class Session : public Tx {
 public:
  /// Starts a transaction. Throws Conflict when a lock is held elsewhere, DatabaseError when the engine is gone.
  virtual void begin(Access access) = 0;
  /// From now on each statement is a transaction of its own. Throws DatabaseError when the engine is gone.
  virtual void begin_alone(Access access) = 0;
  /// Sends what was announced along. Throws Conflict when nothing was committed because of another transaction,
  /// OutcomeUnknown when it may have been committed, DatabaseError when it was certainly not.
  virtual void commit() = 0;
  /// Ends the transaction, if one is open; afterwards `is_usable` tells whether that worked.
  virtual void roll_back() noexcept = 0;
  /// True when the connection is alive and outside a transaction.
  [[nodiscard]] virtual bool is_usable() const noexcept = 0;
  /// Throws unless the engine answers a trivial query.
  virtual void ping() = 0;

  /// Runs a statement whose text was made of names in the catalogue; see Tx::each and Tx::run.
  void each_of_text(std::string_view sql, const RowHandler& each) { stream(sql, {}, std::nullopt, each); }
  void run_text(std::string_view sql, std::span<const Param> params) { change(sql, params); }
  /// From now on this transaction may last, and wait, as long as it needs.
  virtual void allow_any_time() {}

  /// Tells of every statement from now on.
  void observe(StatementObserver observer) { observer_ = std::move(observer); }

  /// Forgets what the last transaction left behind.
  void start_over() {
    has_failed_ = false;
    conflict_.clear();
    after_commit_.clear();
    announcements_.clear();
  }
  /// What another transaction was in the way of; empty when none was.
  [[nodiscard]] const std::string& conflict() const { return conflict_; }
  [[nodiscard]] std::vector<std::function<void()>> take_after_commit() { return std::exchange(after_commit_, {}); }
  [[nodiscard]] std::vector<Announcement> take_announcements() { return std::exchange(announcements_, {}); }
  [[nodiscard]] bool has_announced() const { return !announcements_.empty(); }

 protected:
  void tell(std::string_view sql) const {
    if (observer_) observer_(sql);
  }
  /// After a failed statement nothing more runs and nothing is committed, even if the work swallowed the exception:
  /// PostgreSQL insists on that, so SQLite does the same.
  void require_healthy() const {
    if (has_failed_) throw DatabaseError("an earlier statement of this transaction failed");
  }
  /// Text with a NUL is refused on both engines: PostgreSQL cannot store it, and libpq would cut it short.
  void require_storable(std::span<const Param> params) {
    for (const Param& param : params) {
      const auto* text = std::get_if<std::string_view>(&param);
      if (text != nullptr && text->find('\0') != std::string_view::npos) fail("text with a NUL");
    }
  }
  [[noreturn]] void fail(const std::string& message, Failure failure = Failure::refused) {
    has_failed_ = true;
    throw DatabaseError(message, failure);
  }
  [[noreturn]] void fail_with_conflict(const std::string& message) {
    has_failed_ = true;
    conflict_ = message;
    throw Conflict(message);
  }
  [[noreturn]] void fail_with_unknown_outcome(const std::string& message, Failure failure) {
    has_failed_ = true;
    throw OutcomeUnknown(message, failure);
  }

 private:
  StatementObserver observer_;
  bool has_failed_ = false;
  std::string conflict_;
};

}  // namespace cardea::db
