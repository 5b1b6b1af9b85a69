#include "tests/support/world.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/support/passing_database.hpp"

namespace cardea::testing_support {
namespace {

// A copied PostgreSQL template is quicker than migrating; on SQLite the house does it, as at any first start.
Schema schema_for(std::string_view engine) { return engine == "sqlite" ? Schema::empty : Schema::migrated; }

}  // namespace

/// What the house sees of the database: its writes can be taken back at their end.
class World::Forgetful : public PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;
  [[nodiscard]] std::optional<db::Failure> failure() noexcept override {
    return seems_ready ? PassingDatabase::failure() : db::Failure::unreachable;
  }
  bool is_on = false;
  bool seems_ready = true;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    pass_on(access, [&](db::Tx& tx) {
      const auto verdict = work(tx);
      return is_on && access != db::Access::read ? db::Verdict::roll_back : verdict;
    });
  }
};

World::World(const Adjust& adjust, std::string_view engine, More more_features)
    : fresh_(std::make_shared<FreshDatabase>(engine, schema_for(engine))),
      database_(db::open(fresh_->url(), {.on_statement = recorder_.observer()})),
      random_(20261123),
      more_features_(std::move(more_features)) {
  start(adjust);
}

World::World(const Beside& beside, const Adjust& adjust)
    : fresh_(beside.first.fresh_),
      database_(db::open(beside.url.empty() ? fresh_->url() : beside.url, {})),
      random_(19690720) {
  start(adjust);
}

void World::start(const Adjust& adjust) {
  log_.redirect([this](std::string_view line) {
    const std::lock_guard lock{mutex_};
    lines_.append(line).append("\n");
  });
  settings_.url = "https://auth.test";
  settings_.secret = Secret{std::string(43, 's')};
  settings_.password.cost = {.memory_kib = 8, .passes = 1};
  if (adjust) adjust(settings_);
  open();
  start_bus(*database_);
}

void World::take_back_writes(bool is_on) {
  if (!forgetful_) {
    forgetful_ = std::make_unique<Forgetful>(*database_);
    restart();
  }
  forgetful_->is_on = is_on;
}

void World::seem_ready(bool is_ready) {
  if (!forgetful_) take_back_writes(false);
  forgetful_->seems_ready = is_ready;
}

World::~World() { house_.reset(); }

void World::open() {
  metrics_ = std::make_unique<observe::Metrics>();
  house_ = std::make_unique<app::House>(
      settings_, app::Outside{.database = forgetful_ ? static_cast<db::Database&>(*forgetful_) : *database_,
                              .clock = clock_,
                              .random = random_,
                              .log = log_,
                              .metrics = *metrics_,
                              .more_features = more_features_ ? more_features_(*this) : std::vector<Feature>{}});
  house_->prepare(now());
}

void World::advance(Duration span) {
  house().authn().touches.flush();
  clock_.advance(span);
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

void World::run_queue() {
  const auto work = house_->work();
  for (;;) {
    const auto rows = database_->read([&](db::Tx& tx) {
      return tx.all(
          "SELECT id, kind, payload, created_at FROM job WHERE dead_at IS NULL AND run_at <= $1 ORDER BY run_at, id",
          now());
    });
    if (rows.empty()) return;
    for (const auto& row : rows) {
      const auto worker = std::find_if(work.workers.begin(), work.workers.end(),
                                       [&](const jobs::Worker& each) { return each.kind == row.text(1); });
      if (worker == work.workers.end()) throw std::runtime_error{"nobody does " + row.text(1)};
      const auto ran =
          worker->work({.id = row.id<jobs::JobId>(0), .payload = row.text(2), .attempt = 1, .created_at = row.time(3)});
      if (!ran) throw std::runtime_error{row.text(1) + ": " + std::string{ran.error().kind->code}};
      database_->write([&](db::Tx& tx) { tx.run("DELETE FROM job WHERE id = $1", row.id<jobs::JobId>(0)); });
    }
  }
}

mailbox::Entry World::letter_to(std::string_view address) {
  run_queue();
  const auto key = mail::Address::parse(address).value().key();
  const auto found = database_->read([&](db::Tx& tx) { return mailbox::latest_to(tx, {.recipient_key = key}); });
  return found.value_or(mailbox::Entry{});
}

std::int64_t World::letters_to(std::string_view address) {
  run_queue();
  const auto key = mail::Address::parse(address).value().key();
  return database_->read(
      [&](db::Tx& tx) { return tx.one("SELECT count(*) FROM mailbox WHERE recipient_key = $1", key)->integer(0); });
}

AccountId World::id_of(std::string_view uid) {
  const auto account = database_->read([&](db::Tx& tx) { return identity::find_by_identifier(tx, uid); });
  if (!account) throw std::runtime_error{"no account " + std::string{uid}};
  return account->id;
}

namespace {

/// The operator of this machine: nobody signed in, every permission.
Context as_operator(Time now) {
  return {.now = now, .origin = {.surface = "cli"}, .principal = Principal{.permissions = Permissions{Role::owner}}};
}

void require(const Result<Done>& made) {
  if (!made.ok()) throw std::runtime_error{std::string{made.error().kind->code}};
}

}  // namespace

void World::give_role(std::string_view uid, Role role) {
  require(account::set_role(house_->account(), as_operator(now()), id_of(uid), role));
}

void World::disable(std::string_view uid) {
  require(account::block(house_->account(), as_operator(now()), id_of(uid)));
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

std::vector<std::string> World::statements(const std::function<void()>& work) { return recorder_.record(work); }

std::string World::log() const {
  const std::lock_guard lock{mutex_};
  return lines_;
}

http::Response World::answer(const http::Request& request) { return http::respond(house_->pipeline(), request, now()); }

}  // namespace cardea::testing_support
