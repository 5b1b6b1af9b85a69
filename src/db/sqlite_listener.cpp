#include "db/sqlite_listener.hpp"

#include <chrono>

#include "db/change_log.hpp"
#include "db/sqlite_connection.hpp"

namespace cardea::db {
namespace {

// Looking is one step in an index that is in memory: some microseconds, ten times a second.
constexpr std::chrono::milliseconds looks_again_after{100};
constexpr std::chrono::milliseconds waits_for_a_lock{300};

/// Rows kept for listeners; one that falls further behind is told that it has missed something. The newest row always
/// stays, so that numbers are never given twice.
constexpr std::int64_t rows_kept = 20'000;
constexpr std::int64_t rows_at_once = 500;

std::int64_t newest(Tx& tx) { return tx.one("SELECT coalesce(max(id), 0) FROM change_log")->integer(0); }

}  // namespace

void write_change_log(Tx& tx, std::string_view origin, std::span<const Announcement> announcements) {
  std::int64_t id = 0;
  bool is_due = false;  // to be shortened: not each time, because that is a statement more
  for (const Announcement& announcement : announcements) {
    // No rival takes the same number: this transaction holds the one write lock.
    const auto row = tx.one(
        "INSERT INTO change_log (id, origin, topic, subject) "
        "VALUES ((SELECT coalesce(max(id), 0) + 1 FROM change_log), $1, $2, $3) RETURNING id",
        origin, announcement.topic, announcement.subject);
    id = row.value().integer(0);
    is_due = is_due || id % rows_at_once == 0;
  }
  if (is_due) tx.run("DELETE FROM change_log WHERE id <= $1", id - rows_kept);
}

std::int64_t forget_announcements(Tx& tx, std::int64_t up_to) {
  const std::int64_t last = newest(tx);
  tx.run("DELETE FROM change_log WHERE id <= $1 AND id < $2", up_to, last);
  // Whoever begins to listen begins behind it, and reads nothing of it.
  tx.run("UPDATE change_log SET topic = '', subject = $2 WHERE id <= $1 AND subject <> $2", up_to, Bytes{});
  return last;
}

SqliteListener::SqliteListener(std::string path, std::string origin, std::function<void()> require_in_place)
    : path_(std::move(path)), origin_(std::move(origin)), require_in_place_(std::move(require_in_place)) {}
SqliteListener::~SqliteListener() = default;

void SqliteListener::open(const WakeUp&) {
  require_in_place_();
  connection_ = std::make_unique<SqliteConnection>(path_, SqliteConnection::Opening{.busy_timeout = waits_for_a_lock});
  last_read_ = newest(*connection_);
}

std::vector<Announcement> SqliteListener::next(const WakeUp& wake) {
  require_in_place_();
  std::vector<Announcement> announcements;
  const auto rows = static_cast<Tx&>(*connection_)
                        .all("SELECT id, origin, topic, subject FROM change_log WHERE id > $1 ORDER BY id LIMIT $2",
                             last_read_, rows_at_once);
  for (const Row& row : rows) {
    if (row.integer(0) != last_read_ + 1) throw DatabaseError("sqlite: the bus fell too far behind");
    last_read_ = row.integer(0);
    if (row.text(1) != origin_) announcements.push_back({.topic = row.text(2), .subject = row.bytes(3)});
  }
  // Woken or not, the caller looks at its own reason to stop.
  if (rows.empty()) static_cast<void>(wake.wait(looks_again_after));
  return announcements;
}

void SqliteListener::close() noexcept { connection_.reset(); }

}  // namespace cardea::db
