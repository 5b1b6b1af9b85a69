// What becomes of a transaction for which memory ends.
#include "db/transaction.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <vector>

#include "db/listener.hpp"

namespace cardea::db {
namespace {

constexpr Topic topic{"thing"};

/// Where memory ends.
enum class End { nowhere, begin, work, commit };

class FakeSession : public Session {
 public:
  explicit FakeSession(const End& end) : end_(end) {}
  void begin(Access) override { end_at(End::begin); }
  void begin_alone(Access) override { end_at(End::begin); }
  void commit() override { end_at(End::commit); }
  void roll_back() noexcept override {}
  [[nodiscard]] bool is_usable() const noexcept override { return true; }
  void ping() override {}
  [[nodiscard]] bool writes_alone() const override { return true; }

 protected:
  Rows execute(std::string_view, std::span<const Param>) override {
    end_at(End::work);
    return {};
  }
  std::int64_t change(std::string_view, std::span<const Param>) override { return 0; }
  void stream(std::string_view, std::span<const Param>, std::optional<std::int64_t>, const RowHandler&) override {}

 private:
  void execute_text(std::string_view) override {}
  void end_at(End place) const {
    if (end_ == place) throw std::bad_alloc{};
  }

  const End& end_;
};

class Silence : public Listener {
 public:
  void open(const WakeUp&) override {}
  std::vector<Announcement> next(const WakeUp&) override { return {}; }
  void close() noexcept override {}
};

class TransactionTest : public ::testing::Test {
 protected:
  void transact() {
    db::transact({pool_, bus_}, Access::write,
                 [](Tx& tx) {
                   tx.announce(topic, "1");
                   (void)tx.one("SELECT 1");
                   return Verdict::commit;
                 },
                 {});
  }
  int opened_ = 0;
  int heard_ = 0;
  End end_ = End::nowhere;
  EndOfWaits ends_;
  SessionPool pool_{1,
                    [this] {
                      ++opened_;
                      return std::make_unique<FakeSession>(end_);
                    },
                    ends_};
  Bus bus_{std::make_unique<Silence>()};
  Bus::Subscription ear_ = bus_.subscribe(topic, [this](BytesView) noexcept { ++heard_; });
};

TEST_F(TransactionTest, without_memory_for_the_answer_to_a_commit_is_announced_because_it_may_have_happened) {
  end_ = End::commit;
  EXPECT_THROW(transact(), std::bad_alloc);
  EXPECT_EQ(heard_, 1);
  end_ = End::nowhere;
  transact();
  EXPECT_EQ(heard_, 2);
}

TEST_F(TransactionTest, without_memory_for_its_work_did_not_happen) {
  end_ = End::work;
  EXPECT_THROW(transact(), std::bad_alloc);
  EXPECT_EQ(heard_, 0);
  end_ = End::nowhere;
  transact();
  EXPECT_EQ(heard_, 1);
}

TEST_F(TransactionTest, that_may_have_begun_is_left_with_its_connection) {
  end_ = End::begin;
  EXPECT_THROW(transact(), std::bad_alloc);
  end_ = End::nowhere;
  transact();
  EXPECT_EQ(opened_, 2);
  EXPECT_EQ(heard_, 1);
}

}  // namespace
}  // namespace cardea::db
