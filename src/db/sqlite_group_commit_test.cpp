// Writers who share a transaction: each is kept, refused and told as if it were alone.
#include "db/sqlite_group_commit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "db/migrate.hpp"
#include "db/sqlite_listener.hpp"
#include "tests/support/no_writes_beyond.hpp"
#include "tests/support/within.hpp"

namespace cardea::db {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::NoWritesBeyond;
using testing_support::within;

using Work = std::function<Verdict(Tx&)>;

Work insert(std::int64_t id) {
  return [id](Tx& tx) {
    tx.run("INSERT INTO thing (id) VALUES ($1)", id);
    return Verdict::commit;
  };
}

/// Refused by the commit, and by nothing before it.
Work insert_orphan(std::int64_t id) {
  return [id](Tx& tx) {
    tx.run("INSERT INTO part (id, thing) VALUES ($1, 99)", id);
    return Verdict::commit;
  };
}

class SqliteGroupCommitTest : public ::testing::Test {
 protected:
  SqliteGroupCommitTest() {
    migrate(*database_, embedded_migrations(), Time{});
    database_->write([](Tx& tx) {
      tx.run("CREATE TABLE thing (id BIGINT PRIMARY KEY)");
      tx.run("CREATE TABLE part (id BIGINT, thing BIGINT REFERENCES thing (id) DEFERRABLE INITIALLY DEFERRED)");
    });
  }
  ~SqliteGroupCommitTest() override {
    database_.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  static std::string make_folder() {
    std::string folder = (fs::temp_directory_path() / "cardea-group-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error("cannot make " + folder);
    return folder;
  }
  std::unique_ptr<Session> connect() {
    auto connection = std::make_unique<SqliteConnection>(
        file_,
        SqliteConnection::Opening{.access = Access::write, .busy_timeout = 5s, .origin = "here", .ends = &ends_});
    connection->observe([this](std::string_view sql) {
      const std::lock_guard lock(mutex_);
      sent_.emplace_back(sql);
    });
    return connection;
  }
  std::ptrdiff_t sent(std::string_view sql) {
    const std::lock_guard lock(mutex_);
    return std::count(sent_.begin(), sent_.end(), sql);
  }
  std::vector<std::int64_t> things() {
    std::vector<std::int64_t> ids;
    for (const Row& row : database_->read_all("SELECT id FROM thing ORDER BY id")) ids.push_back(row.integer(0));
    return ids;
  }
  static std::string outcome_of(const std::function<void()>& write) {
    try {
      write();
      return "done";
    } catch (const OutcomeUnknown&) {
      return "unknown";
    } catch (const DatabaseError& problem) {
      return std::string{enum_text(problem.failure())};
    } catch (const std::exception& problem) {
      return problem.what();
    }
  }
  /// Each on a thread of its own: the first leads and does not end before all others wait, in this order. `meanwhile`
  /// happens when they do.
  std::vector<std::string> write_together(const std::vector<Work>& works, const std::function<void()>& meanwhile = {}) {
    std::vector<std::string> outcomes(works.size());
    std::vector<std::jthread> others;
    bool is_first = true;
    outcomes[0] = outcome_of([&] {
      group_.transact([&](Tx& tx) {
        for (std::size_t i = 1; i < works.size() && is_first; ++i) {
          others.emplace_back([&, i] { outcomes[i] = outcome_of([&] { group_.transact(works[i]); }); });
          EXPECT_TRUE(within(10s, [&] { return group_.waiting() == i; }));
        }
        if (std::exchange(is_first, false) && meanwhile) meanwhile();
        return works[0](tx);
      });
    });
    for (auto& each : others) each.join();
    return outcomes;
  }

  using Outcomes = std::vector<std::string>;
  using Things = std::vector<std::int64_t>;
  const std::string folder_ = make_folder();
  const std::string file_ = folder_ + "/cardea.db";
  std::unique_ptr<Database> database_ = open("sqlite:" + file_, {});  // another process, for all that it knows
  std::mutex mutex_;
  std::vector<std::string> sent_;
  std::atomic<int> retries_ = 0;
  std::atomic<int> waits_ = 0;
  EndOfWaits ends_;
  Patience patience_{.total = 5s, .on_retry = [this] { ++retries_; }, .ends = &ends_};
  Bus bus_{std::make_unique<SqliteListener>(file_, "here", [] {})};
  SessionPool writer_{1, [this] { return connect(); }, ends_, [this](std::chrono::nanoseconds) { ++waits_; }};
  SqliteGroupCommit group_{writer_, bus_, patience_, ends_};
};

TEST_F(SqliteGroupCommitTest, who_comes_alone_is_committed_alone) {
  group_.transact(insert(1));
  EXPECT_EQ(sent("BEGIN IMMEDIATE"), 1);
  EXPECT_EQ(sent("COMMIT"), 1);
  group_.run_alone([](Tx& tx) { tx.run("INSERT INTO thing (id) VALUES (2)"); });
  EXPECT_EQ(sent("COMMIT"), 1) << "one statement needs nothing around it";
  EXPECT_EQ(sent("SAVEPOINT part"), 0);
  EXPECT_EQ(things(), (Things{1, 2}));
  EXPECT_EQ(waits_, 2);
}

TEST_F(SqliteGroupCommitTest, who_waits_shares_one_commit) {
  EXPECT_EQ(write_together({insert(1), insert(2), insert(3), insert(4)}), Outcomes(4, "done"));
  EXPECT_EQ(things(), (Things{1, 2, 3, 4}));
  EXPECT_EQ(sent("BEGIN IMMEDIATE"), 1);
  EXPECT_EQ(sent("COMMIT"), 1);
  EXPECT_EQ(retries_, 0);
  EXPECT_EQ(waits_, 4) << "each tells what it waited";
}

TEST_F(SqliteGroupCommitTest, a_statement_that_waits_shares_it_too) {
  std::jthread other;
  group_.transact([&](Tx& tx) {
    other = std::jthread([&] { group_.run_alone([](Tx& each) { each.run("INSERT INTO thing (id) VALUES (2)"); }); });
    EXPECT_TRUE(within(10s, [&] { return group_.waiting() == 1; }));
    return insert(1)(tx);
  });
  other.join();
  EXPECT_EQ(things(), (Things{1, 2}));
  EXPECT_EQ(sent("COMMIT"), 1);
}

TEST_F(SqliteGroupCommitTest, no_more_than_so_many_share_a_commit) {
  std::vector<Work> works;
  for (std::int64_t id = 0; id <= static_cast<std::int64_t>(SqliteGroupCommit::most_together); ++id) {
    works.push_back(insert(id));
  }
  EXPECT_EQ(write_together(works), Outcomes(works.size(), "done"));
  EXPECT_EQ(things().size(), works.size());
  EXPECT_EQ(sent("COMMIT"), 2);
}

TEST_F(SqliteGroupCommitTest, what_one_refuses_leaves_nothing_and_takes_nobody_along) {
  const Work refuse = [](Tx& tx) {
    insert(2)(tx);
    tx.announce("thing", "2");
    tx.after_commit([] { ADD_FAILURE() << "after a refusal"; });
    return Verdict::roll_back;
  };
  int heard = 0;
  const auto subscription = bus_.subscribe("thing", [&](BytesView) noexcept { ++heard; });
  EXPECT_EQ(write_together({insert(1), refuse, insert(3)}), Outcomes(3, "done"));
  EXPECT_EQ(things(), (Things{1, 3}));
  EXPECT_EQ(sent("COMMIT"), 1);
  EXPECT_EQ(heard, 0);
  EXPECT_EQ(database_->read_one("SELECT count(*) FROM change_log")->integer(0), 0);
}

TEST_F(SqliteGroupCommitTest, what_one_throws_is_its_own) {
  const Work doubt = [](Tx& tx) -> Verdict {
    insert(2)(tx);
    throw std::domain_error("doubt");
  };
  const Work repeat = [](Tx& tx) {
    insert(4)(tx);
    return insert(1)(tx);
  };
  EXPECT_EQ(write_together({insert(1), doubt, insert(3), repeat, insert(5)}),
            (Outcomes{"done", "doubt", "done", "refused", "done"}));
  EXPECT_EQ(things(), (Things{1, 3, 5}));
  EXPECT_EQ(sent("COMMIT"), 1);
}

TEST_F(SqliteGroupCommitTest, a_failure_that_the_work_swallows_is_not_committed) {
  const Work careless = [](Tx& tx) {
    insert(2)(tx);
    EXPECT_THROW(insert(1)(tx), DatabaseError);
    return Verdict::commit;
  };
  EXPECT_EQ(write_together({insert(1), careless, insert(3)}), (Outcomes{"done", "refused", "done"}));
  EXPECT_EQ(things(), (Things{1, 3}));
}

TEST_F(SqliteGroupCommitTest, a_leader_that_fails_leaves_the_lead_to_the_next) {
  const Work fail = [](Tx& tx) -> Verdict {
    insert(1)(tx);
    throw std::domain_error("doubt");
  };
  EXPECT_EQ(write_together({fail, insert(2), insert(3)}), (Outcomes{"doubt", "done", "done"}));
  EXPECT_EQ(things(), (Things{2, 3}));
  EXPECT_EQ(sent("COMMIT"), 1);
}

TEST_F(SqliteGroupCommitTest, each_sees_what_those_before_it_wrote_and_nobody_else_does) {
  const Work look = [this](Tx& tx) {
    EXPECT_EQ(tx.one("SELECT count(*) FROM thing")->integer(0), 2);
    EXPECT_TRUE(things().empty()) << "another process, before the commit";
    return Verdict::commit;
  };
  EXPECT_EQ(write_together({insert(1), insert(2), look}), Outcomes(3, "done"));
}

TEST_F(SqliteGroupCommitTest, what_follows_a_commit_happens_after_it_and_on_the_thread_of_its_writer) {
  std::vector<Work> works;
  std::atomic<int> followed = 0;
  for (std::int64_t id = 1; id <= 3; ++id) {
    works.push_back([&, id](Tx& tx) {
      const auto leader = std::this_thread::get_id();
      tx.announce("thing", std::to_string(id));
      tx.after_commit([&, id, leader] {
        EXPECT_EQ(things().size(), 3U);
        EXPECT_EQ(std::this_thread::get_id() == leader, id == 1);
        ++followed;
      });
      return insert(id)(tx);
    });
  }
  std::atomic<int> heard = 0;
  const auto subscription = bus_.subscribe("thing", [&](BytesView) noexcept { ++heard; });
  EXPECT_EQ(write_together(works), Outcomes(3, "done"));
  EXPECT_EQ(followed, 3);
  EXPECT_EQ(heard, 3);
  EXPECT_EQ(database_->read_one("SELECT count(*) FROM change_log")->integer(0), 3);
}

TEST_F(SqliteGroupCommitTest, a_commit_that_is_refused_has_each_try_by_itself) {
  EXPECT_EQ(write_together({insert(1), insert_orphan(2), insert(3)}), (Outcomes{"done", "refused", "done"}));
  EXPECT_EQ(things(), (Things{1, 3}));
  EXPECT_EQ(retries_, 3);
}

TEST_F(SqliteGroupCommitTest, a_refusal_that_rests_on_what_was_not_committed_is_made_again) {
  int runs = 0;
  const Work unless_there = [&](Tx& tx) {
    ++runs;
    if (tx.one("SELECT id FROM thing WHERE id = 1")) return Verdict::roll_back;
    return insert(2)(tx);
  };
  // What is in its way is never committed.
  const Work orphan = [](Tx& tx) {
    insert(1)(tx);
    return insert_orphan(1)(tx);
  };
  EXPECT_EQ(write_together({orphan, unless_there}), (Outcomes{"refused", "done"}));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(things(), (Things{2}));
}

TEST_F(SqliteGroupCommitTest, a_failure_that_undoes_the_whole_transaction_has_the_others_try_by_themselves) {
  const Work undo_all = [](Tx& tx) {
    insert(3)(tx);
    tx.run("INSERT OR ROLLBACK INTO thing (id) VALUES (3)");
    return Verdict::commit;
  };
  EXPECT_EQ(write_together({insert(1), insert(2), undo_all, insert(4)}), (Outcomes{"done", "done", "refused", "done"}));
  EXPECT_EQ(things(), (Things{1, 2, 4}));
}

TEST_F(SqliteGroupCommitTest, a_disk_that_fails_in_the_commit_leaves_the_outcome_unknown_to_all_and_is_announced) {
  std::atomic<int> heard = 0;
  const auto subscription = bus_.subscribe("thing", [&](BytesView) noexcept { ++heard; });
  const Work announce = [](Tx& tx) {
    tx.announce("thing");
    tx.after_commit([] { ADD_FAILURE() << "of an unknown outcome"; });
    return Verdict::commit;
  };
  const Work doubt = [](Tx&) -> Verdict { throw std::domain_error("doubt"); };
  std::optional<NoWritesBeyond> limit;
  EXPECT_EQ(write_together({announce, announce, doubt}, [&] { limit.emplace(fs::file_size(file_ + "-wal")); }),
            (Outcomes{"unknown", "unknown", "doubt"}));
  limit.reset();
  EXPECT_EQ(heard, 2);
  EXPECT_EQ(write_together({insert(1), insert(2)}), Outcomes(2, "done"));
}

TEST_F(SqliteGroupCommitTest, who_waits_too_long_is_told_and_nothing_is_done_for_it) {
  ends_.set(std::chrono::steady_clock::now());
  int runs = 0;
  std::string outcome;
  group_.transact([&](Tx& tx) {
    const auto late = [&](Tx&) {
      ++runs;
      return Verdict::commit;
    };
    std::jthread{[&] { outcome = outcome_of([&] { group_.transact(late); }); }}.join();
    return insert(1)(tx);
  });
  EXPECT_EQ(outcome, "busy");
  EXPECT_EQ(runs, 0);
  EXPECT_EQ(things(), (Things{1}));
}

TEST_F(SqliteGroupCommitTest, an_end_of_waits_that_comes_nearer_ends_them) {
  std::string outcome;
  std::jthread other;
  const auto begun = std::chrono::steady_clock::now();
  group_.transact([&](Tx& tx) {
    other = std::jthread([&] { outcome = outcome_of([&] { group_.transact(insert(2)); }); });
    EXPECT_TRUE(within(10s, [&] { return group_.waiting() == 1; }));
    ends_.set(std::chrono::steady_clock::now());
    group_.look_at_end();
    EXPECT_TRUE(within(3s, [&] { return group_.waiting() == 0; }));
    return insert(1)(tx);
  });
  other.join();
  EXPECT_EQ(outcome, "busy");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
}

}  // namespace
}  // namespace cardea::db
