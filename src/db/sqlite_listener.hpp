#pragma once
// Hears other processes by the table change_log, which they write in the transactions that announce. Internal to db.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/listener.hpp"

namespace cardea::db {

class SqliteConnection;
class Tx;

/// Adds rows to change_log in a transaction that writes, and removes those that every listener has had time to read.
void write_change_log(Tx& tx, std::string_view origin, std::span<const Announcement> announcements);

class SqliteListener : public Listener {
 public:
  /// Announcements from `origin` are left out: they are our own. `require_in_place` throws DatabaseError when what is
  /// read is no longer what others write.
  SqliteListener(std::string path, std::string origin, std::function<void()> require_in_place);
  ~SqliteListener() override;

  void open(const WakeUp& wake) override;
  std::vector<Announcement> next(const WakeUp& wake) override;
  void close() noexcept override;

 private:
  const std::string path_;
  const std::string origin_;
  const std::function<void()> require_in_place_;
  std::unique_ptr<SqliteConnection> connection_;
  std::int64_t last_read_ = 0;
};

}  // namespace cardea::db
