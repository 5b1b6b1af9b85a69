#include "tests/support/engines.hpp"

#include <cstdlib>
#include <filesystem>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <vector>
#include "db/bus.hpp"

#include "db/migrate.hpp"
#include "tests/support/postgres.hpp"

namespace cardea::testing_support {
namespace {

namespace fs = std::filesystem;

void migrate(const std::string& url) {
  const auto database = db::open(url, {});
  db::migrate(*database, db::embedded_migrations(), Time{});
}

/// The name of a migrated PostgreSQL database that others are copied from.
const std::string& postgres_template() {
  static const std::string name = [] {
    auto& server = Postgres::instance();
    std::string made = server.create_database();
    migrate(server.url(made));
    server.disconnect_all(made);  // a session may outlive its client briefly, and a template must have none
    return made;
  }();
  return name;
}

std::string temporary_directory() {
  std::string path = (fs::temp_directory_path() / "cardea-sqlite-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  return path;
}

}  // namespace

FreshDatabase::FreshDatabase(std::string_view engine, Schema schema) : is_sqlite_(engine == "sqlite") {
  if (is_sqlite_) {
    place_ = temporary_directory();
    url_ = "sqlite:" + place_ + "/cardea.db";
    if (schema == Schema::migrated) migrate(url_);
    return;
  }
  auto& server = Postgres::instance();
  place_ = schema == Schema::migrated ? server.create_database(postgres_template()) : server.create_database();
  url_ = server.url(place_);
}

FreshDatabase::~FreshDatabase() {
  if (is_sqlite_) {
    std::error_code ignored;
    fs::remove_all(place_, ignored);
  } else {
    Postgres::instance().drop_database(place_);
  }
}

void race(int count, const std::function<void(int)>& work) {
  std::latch start(count);
  std::mutex mutex;
  std::vector<std::string> failures;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        try {
          work(i);
        } catch (const std::exception& problem) {
          const std::lock_guard lock(mutex);
          failures.emplace_back(problem.what());
        }
      });
    }
  }
  for (const auto& failure : failures) ADD_FAILURE() << failure;
}

void start_bus(db::Database& database) {
  database.bus().start();
  while (!database.bus().is_connected()) std::this_thread::yield();
}

}  // namespace cardea::testing_support
