#include "tests/support/world.hpp"

#include <algorithm>
#include <stdexcept>

namespace cardea::testing_support {
namespace {

// A copied PostgreSQL template is quicker than migrating; on SQLite the house does it, as at any first start.
Schema schema_for(std::string_view engine) { return engine == "sqlite" ? Schema::empty : Schema::migrated; }

}  // namespace

World::World(const Adjust& adjust, std::string_view engine)
    : fresh_(engine, schema_for(engine)), database_(db::open(fresh_.url(), {})) {
  log_.redirect([this](std::string_view line) {
    const std::lock_guard lock{mutex_};
    lines_.append(line).append("\n");
  });
  settings_.url = "https://auth.test";
  settings_.secret = Secret{std::string(43, 's')};
  settings_.password.cost = {.memory_kib = 8, .passes = 1};
  if (adjust) adjust(settings_);
  open();
}

World::~World() { house_.reset(); }

void World::open() {
  metrics_ = std::make_unique<observe::Metrics>();
  house_ = std::make_unique<app::House>(
      settings_,
      app::Outside{.database = *database_, .clock = clock_, .random = random_, .log = log_, .metrics = *metrics_});
  house_->prepare(now());
}

void World::restart(const Adjust& adjust) {
  house_.reset();
  if (adjust) adjust(settings_);
  open();
}

void World::run_jobs() {
  for (const auto& job : house_->work().periodic) {
    const auto ran = job.work(now());
    if (!ran) throw std::runtime_error{job.name + ": " + std::string{ran.error().kind->code}};
  }
}

AccountId World::id_of(std::string_view uid) {
  const auto account = database_->read([&](db::Tx& tx) { return identity::find_by_identifier(tx, uid); });
  if (!account) throw std::runtime_error{"no account " + std::string{uid}};
  return account->id;
}

void World::make_admin(std::string_view uid) {
  const auto id = id_of(uid);
  const auto made = database_->write([&](db::Tx& tx) { return identity::set_admin(tx, id, true, now()); });
  if (!made) throw std::runtime_error{"set_admin"};
  house_->entry().cache.drop_account(id);
}

void World::disable(std::string_view uid) {
  const auto id = id_of(uid);
  const auto made =
      database_->write([&](db::Tx& tx) { return identity::set_status(tx, id, identity::Status::disabled, now()); });
  if (!made) throw std::runtime_error{"set_status"};
  house_->entry().cache.drop_account(id);
}

std::int64_t World::accounts() {
  return database_->read([](db::Tx& tx) { return tx.one("SELECT COUNT(*) FROM account")->integer(0); });
}

std::string World::audit_kinds() {
  return database_->read([](db::Tx& tx) {
    std::vector<std::pair<Time, std::string>> events;
    for (const auto& row : tx.all("SELECT at, kind FROM audit_event")) events.emplace_back(row.time(0), row.text(1));
    std::sort(events.begin(), events.end());
    std::string kinds;
    for (const auto& [at, kind] : events) kinds += (kinds.empty() ? "" : " ") + kind;
    return kinds;
  });
}

std::string World::log() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

http::Response World::answer(const http::Request& request) { return http::respond(house_->desk(), request, now()); }

}  // namespace cardea::testing_support
