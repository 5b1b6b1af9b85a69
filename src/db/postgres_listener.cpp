#include "db/postgres_listener.hpp"

#include <libpq-fe.h>

#include <string>

#include "db/database.hpp"
#include "db/move_lock.hpp"
#include "db/postgres_login.hpp"
#include "db/postgres_notice.hpp"

namespace cardea::db {
namespace {

using std::chrono::milliseconds;

// A server that is gone without a word (a cut cable, a frozen machine) is noticed within the sum of the first two.
constexpr milliseconds pause_between_probes{300};
constexpr milliseconds answers_within{500};
constexpr milliseconds connects_within{3000};
constexpr milliseconds looks_again_after{100};  // a wait ends by itself too, so that no deadline is overslept

}  // namespace

void PostgresListener::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

PostgresListener::PostgresListener(const Secret& url, std::string origin) : url_(url), origin_(std::move(origin)) {}

void PostgresListener::open(const WakeUp& wake) {
  const auto deadline = Clock::now() + connects_within;
  connect(wake, deadline);
  PQsetnonblocking(connection_.get(), 1);
  send((std::string{"LISTEN cardea; "} + share_database).c_str());
  while (!read_answer()) {
    if (Clock::now() >= deadline) throw DatabaseError("postgres: the bus got no answer to LISTEN");
    if (wake.wait(looks_again_after, PQsocket(connection_.get()), WakeUp::Direction::read)) {
      throw DatabaseError("postgres: the bus was stopped while it connected");
    }
  }
}

void PostgresListener::connect(const WakeUp& wake, Clock::time_point deadline) {
  connection_.reset(postgres::start_to_connect(url_, {.deadline = deadline}));
  auto next = PGRES_POLLING_WRITING;  // what the documentation says to begin with
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED || PQstatus(connection_.get()) == CONNECTION_BAD || Clock::now() >= deadline) {
      throw DatabaseError("postgres: the bus cannot connect");
    }
    const auto direction = next == PGRES_POLLING_READING ? WakeUp::Direction::read : WakeUp::Direction::write;
    if (wake.wait(looks_again_after, PQsocket(connection_.get()), direction)) {
      throw DatabaseError("postgres: the bus was stopped while it connected");
    }
    next = PQconnectPoll(connection_.get());
  }
}

void PostgresListener::send(const char* sql) {
  if (PQsendQuery(connection_.get(), sql) == 0) throw DatabaseError("postgres: the bus lost its connection");
  is_asking_ = true;
  due_ = Clock::now() + answers_within;
}

bool PostgresListener::read_answer() {
  if (PQflush(connection_.get()) < 0 || PQconsumeInput(connection_.get()) == 0) {
    throw DatabaseError("postgres: the bus lost its connection");
  }
  while (is_asking_ && PQisBusy(connection_.get()) == 0) {
    PGresult* reply = PQgetResult(connection_.get());
    if (reply == nullptr) {
      is_asking_ = false;
      due_ = Clock::now() + pause_between_probes;
      return true;
    }
    const auto status = PQresultStatus(reply);
    PQclear(reply);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw DatabaseError("postgres: the bus was refused");
    }
  }
  return false;
}

void PostgresListener::probe() {
  if (Clock::now() < due_) return;
  if (is_asking_) throw DatabaseError("postgres: the bus got no answer in time");
  send("SELECT 1");
  read_answer();
}

std::vector<Announcement> PostgresListener::take_notices() {
  std::vector<Announcement> announcements;
  for (;;) {
    const std::unique_ptr<PGnotify, decltype(&PQfreemem)> notify(PQnotifies(connection_.get()), &PQfreemem);
    if (!notify) return announcements;
    auto notice = postgres::parse_payload(notify->extra);
    // Perhaps of a newer program: what it says is unknown, so anything may have changed.
    if (!notice) throw DatabaseError("postgres: the bus heard something it does not understand");
    if (notice->origin == origin_) continue;
    for (auto& announcement : notice->announcements) announcements.push_back(std::move(announcement));
  }
}

std::vector<Announcement> PostgresListener::next(const WakeUp& wake) {
  for (;;) {
    read_answer();
    if (auto announcements = take_notices(); !announcements.empty()) return announcements;
    probe();
    const auto wait = std::min<Clock::duration>(looks_again_after, due_ - Clock::now());
    if (wake.wait(std::chrono::ceil<Duration>(wait), PQsocket(connection_.get()), WakeUp::Direction::read)) return {};
  }
}

void PostgresListener::close() noexcept {
  connection_.reset();
  is_asking_ = false;
}

}  // namespace cardea::db
