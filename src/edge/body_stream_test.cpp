#include "edge/body_stream.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <latch>
#include <stdexcept>

#include "http/problem.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;
using http::Progress;
using Pull = std::function<Result<Progress>(std::string&)>;

class Scripted final : public http::Producer {
 public:
  explicit Scripted(Pull pull, std::optional<std::uint64_t> length = {}) : pull_(std::move(pull)), length_(length) {}
  [[nodiscard]] std::optional<std::uint64_t> length() const override { return length_; }
  Result<Progress> pull(std::string& piece) override { return pull_(piece); }

 private:
  Pull pull_;
  std::optional<std::uint64_t> length_;
};

/// What a coroutine saw that pulls until the body is complete or fails.
struct Seen {
  std::string body;
  int pulls = 0;
  std::optional<Error> failure;
  std::thread::id thread;  // the coroutine's own
};

Task<void> read_all(BodyStream& stream, Duration patience, Seen& seen) {
  while (!stream.is_complete()) {
    seen.failure = co_await stream.pull(patience);
    if (seen.failure) co_return;
    seen.thread = std::this_thread::get_id();
    seen.body += stream.piece();
    ++seen.pulls;
  }
}

Seen read_all(http::Producer& producer, Pool* pool, Duration patience = Duration{0}) {
  asio::io_context context{1};
  BodyStream stream{producer, pool, {}, context.get_executor()};
  Seen seen;
  const auto rethrow = [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(context, read_all(stream, patience, seen), rethrow);
  context.run();
  if (pool != nullptr) pool->stop();  // the context outlives the thread that posted to it, as in Server::stop
  return seen;
}

Seen read_all(const Pull& pull, std::optional<std::uint64_t> length = {}) {
  Pool pool{"test", 1, 1};
  Scripted producer{pull, length};
  return read_all(producer, &pool);
}

/// Gives "abc" piece by piece.
struct Abc {
  std::size_t next = 0;
  std::vector<std::thread::id> threads = {};
  Result<Progress> operator()(std::string& piece) {
    threads.push_back(std::this_thread::get_id());
    piece += "abc"[next++];
    return next == 3 ? Progress::complete : Progress::more;
  }
};

TEST(BodyStream, is_pulled_piece_by_piece_on_the_pool) {
  Abc abc;
  const Seen seen = read_all(std::ref(abc));
  EXPECT_EQ(seen.body, "abc");
  EXPECT_EQ(seen.pulls, 3);
  EXPECT_FALSE(seen.failure);
  EXPECT_EQ(seen.thread, std::this_thread::get_id());
  for (const auto thread : abc.threads) EXPECT_NE(thread, std::this_thread::get_id());
}

TEST(BodyStream, of_the_instant_lane_is_pulled_where_it_is_read) {
  Abc abc;
  Scripted producer{std::ref(abc)};
  EXPECT_EQ(read_all(producer, nullptr).body, "abc");
  for (const auto thread : abc.threads) EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(BodyStream, may_be_complete_at_once_and_empty) {
  const Seen seen = read_all([](std::string&) -> Result<Progress> { return Progress::complete; }, 0);
  EXPECT_FALSE(seen.failure);
  EXPECT_EQ(seen.pulls, 1);
}

TEST(BodyStream, between_two_pieces_other_jobs_have_their_turn) {
  Pool pool{"test", 1, 10};
  std::string order;
  class Note final : public Job {
   public:
    explicit Note(std::string& order) : order_(order) {}
    void run() noexcept override { order_ += "other "; }
    void drop() noexcept override { order_ += "dropped "; }

   private:
    std::string& order_;
  };
  int pulls = 0;
  Scripted producer{[&](std::string& piece) -> Result<Progress> {
    order += "piece ";
    piece = "x";
    pool.add({}, std::make_unique<Note>(order));
    return ++pulls == 3 ? Progress::complete : Progress::more;
  }};
  EXPECT_EQ(read_all(producer, &pool).pulls, 3);
  EXPECT_TRUE(order.starts_with("piece other piece other piece ")) << order;
}

struct Broken {
  const char* name;
  Pull pull;
  std::optional<std::uint64_t> length;
  const ErrorKind* kind;
};
void PrintTo(const Broken& broken, std::ostream* out) { *out << broken.name; }

class BrokenProducer : public testing::TestWithParam<Broken> {};

TEST_P(BrokenProducer, is_an_error_with_words) {
  const Seen seen = read_all(GetParam().pull, GetParam().length);
  ASSERT_TRUE(seen.failure);
  EXPECT_TRUE(seen.failure->is(*GetParam().kind)) << seen.failure->kind->code;
  EXPECT_NE(seen.failure->detail, "");
}

Pull gives(std::size_t size, Progress progress) {
  return [=](std::string& piece) -> Result<Progress> {
    piece.assign(size, 'x');
    return progress;
  };
}

const std::vector<Broken> broken_ones{
    {"its_own_error", [](std::string&) -> Result<Progress> { return Error{not_found, "gone"}; }, {}, &not_found},
    {"exception", [](std::string&) -> Result<Progress> { throw std::runtime_error{"bug"}; }, {}, &http::internal_error},
    {"unavailable", [](std::string&) -> Result<Progress> { throw Unavailable{"no database"}; }, {}, &http::overloaded},
    {"no_memory", [](std::string&) -> Result<Progress> { throw std::bad_alloc{}; }, {}, &http::overloaded},
    {"strange_exception", [](std::string&) -> Result<Progress> { throw 1; }, {}, &http::internal_error},
    {"too_large_a_piece", gives(http::max_piece + 1, Progress::complete), {}, &http::internal_error},
    {"nothing_before_the_end", gives(0, Progress::more), {}, &http::internal_error},
    {"more_than_its_length", gives(6, Progress::more), 10, &http::internal_error},
    {"less_than_its_length", gives(6, Progress::complete), 10, &http::internal_error},
    {"something_instead_of_nothing", gives(1, Progress::complete), 0, &http::internal_error},
};

std::string name_of(const testing::TestParamInfo<Broken>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(one, BrokenProducer, testing::ValuesIn(broken_ones), name_of);

TEST(BodyStream, without_patience_a_full_queue_is_told_at_once) {
  Pool pool{"test", 0, 0};
  Abc abc;
  Scripted producer{std::ref(abc)};
  const Seen seen = read_all(producer, &pool);
  ASSERT_TRUE(seen.failure);
  EXPECT_TRUE(seen.failure->is(http::overloaded));
  EXPECT_TRUE(seen.failure->retry_after);
  EXPECT_EQ(abc.next, 0U);
}

TEST(BodyStream, with_patience_it_waits_for_a_place_as_long_as_that_is) {
  Pool pool{"test", 0, 0};
  Abc abc;
  Scripted producer{std::ref(abc)};
  const auto begun = Monotonic::now();
  const Seen seen = read_all(producer, &pool, 50ms);
  ASSERT_TRUE(seen.failure);
  EXPECT_GE(Monotonic::now() - begun, 50ms);
  EXPECT_EQ(abc.next, 0U);
}

/// Keeps a pool's one thread and one place in its queue until it is let go.
class Blocker final : public Job {
 public:
  Blocker(std::latch& begun, std::latch& end) : begun_(begun), end_(end) {}
  void run() noexcept override {
    begun_.count_down();
    end_.wait();
  }
  void drop() noexcept override { ADD_FAILURE() << "there was a place for it"; }

 private:
  std::latch& begun_;
  std::latch& end_;
};

TEST(BodyStream, takes_the_place_that_comes_free) {
  std::latch running{1};
  std::latch second{1};
  std::latch end{1};
  Pool pool{"test", 1, 1};
  pool.add({}, std::make_unique<Blocker>(running, end));
  running.wait();
  pool.add({}, std::make_unique<Blocker>(second, end));
  Abc abc;
  Scripted producer{std::ref(abc)};
  std::jthread later{[&end] {
    std::this_thread::sleep_for(30ms);  // the stream has found the queue full; were it later, nothing would fail
    end.count_down();
  }};
  EXPECT_EQ(read_all(producer, &pool, 20s).body, "abc");
}

TEST(BodyStream, a_stopped_pool_is_not_waited_for) {
  Pool pool{"test", 1, 1};
  pool.stop();
  Abc abc;
  Scripted producer{std::ref(abc)};
  const auto begun = Monotonic::now();
  EXPECT_TRUE(read_all(producer, &pool, 1h).failure);
  EXPECT_LT(Monotonic::now() - begun, 10s);
}

}  // namespace
}  // namespace cardea::edge
