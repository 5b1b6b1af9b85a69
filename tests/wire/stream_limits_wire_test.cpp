// What a body that a producer makes may take: memory, threads of a lane, and the patience of a server whose client is
// slow or gone.

#include <gtest/gtest.h>

#if __has_feature(address_sanitizer)
#include <sanitizer/allocator_interface.h>
#endif
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "tests/support/raw_client.hpp"
#include "tests/wire/body_reader.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;
using Reader = Reading<RawClient>;

constexpr std::uint64_t mib = 1024 * 1024;
constexpr std::uint64_t gib = 1024 * mib;
const std::string endless = get("/export?size=1000000000000000");

/// Resident memory of this program, in bytes, without what AddressSanitizer keeps of memory that was given back.
std::uint64_t resident() {
#if __has_feature(address_sanitizer)
  __sanitizer_purge_allocator();
#endif
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t pages = 0;
  file >> total >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

edge::Settings with_one_quick_thread() {
  edge::Settings settings = House::small();
  settings.quick_threads = 1;
  return settings;
}

bool shows(const House& house, std::string_view line) {
  return house.metrics.prometheus_text().find(line) != std::string::npos;
}

/// True as soon as the metrics have that line. Every turn is a request, which is what the server needs to go on.
bool comes_to_show(const House& house, std::string_view line) {
  RawClient pace{house.port()};
  for (int turn = 0; turn < 20'000; ++turn) {
    if (shows(house, line)) return true;
    if (!pace.ask(get("/instant"))) return false;
  }
  return false;
}

TEST(StreamLimits, a_gibibyte_passes_through_memory_that_does_not_grow) {
  House house;
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(get("/export?size=1073741824")));
  ASSERT_EQ(client.read(16 * mib), End::enough) << "what is allocated once, is";
  const std::uint64_t before = resident();
  std::uint64_t most = before;
  End end = End::enough;
  while (end == End::enough) {
    end = client.read(client.received() + 16 * mib);
    most = std::max(most, resident());
  }
  EXPECT_EQ(end, End::complete);
  EXPECT_EQ(client.received(), gib);
  EXPECT_LT(most - before, 16 * mib);
}

TEST(StreamLimits, a_client_that_does_not_read_is_cut_and_its_producer_goes) {
  edge::Settings settings = with_one_quick_thread();
  settings.write_timeout = 200ms;
  House house{settings};
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(endless));
  ASSERT_TRUE(house.exports.are_gone());
  EXPECT_LT(house.exports.pulls(), 10'000) << "it was made only as far as the client's system took it";
  EXPECT_TRUE(comes_to_show(house, "cardea_connections 1\n")) << "that of who asks";
  EXPECT_TRUE(comes_to_show(house, "cardea_body_memory_bytes 0\n"));
  const End end = client.read();
  EXPECT_TRUE(end == End::closed || end == End::reset);
}

TEST(StreamLimits, a_client_that_reads_on_is_not_cut_although_the_whole_takes_longer_than_a_response_may) {
  edge::Settings settings = with_one_quick_thread();
  settings.write_timeout = 1s;  // a machine that is busy with other tests may stand still for a good part of it
  House house{settings};
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(endless));
  const auto end = std::chrono::steady_clock::now() + 2s;
  while (std::chrono::steady_clock::now() < end) ASSERT_EQ(client.read(client.received() + 1), End::enough);
}

TEST(StreamLimits, a_client_that_leaves_in_the_middle_takes_its_producer_along) {
  House house{with_one_quick_thread()};
  for (int i = 0; i < 20; ++i) {
    Reader client{house.port()};
    ASSERT_TRUE(client.begin(endless));
    ASSERT_EQ(client.read(mib), End::enough);
  }
  EXPECT_TRUE(house.exports.are_gone());
  EXPECT_EQ(house.exports.made(), 20);
  EXPECT_TRUE(comes_to_show(house, "cardea_lane_running{lane=\"quick\"} 0\n"));
  EXPECT_TRUE(comes_to_show(house, "cardea_body_memory_bytes 0\n"));
  EXPECT_EQ(RawClient{house.port()}.ask(post("/echo-quick", "{}"))->body, "{}") << "the lane's one thread is free";
}

TEST(StreamLimits, a_stream_shares_the_only_thread_of_its_lane) {
  House house{with_one_quick_thread()};
  Reader client{house.port()};
  ASSERT_TRUE(client.begin(endless));
  std::atomic<bool> is_enough = false;
  std::thread reading{[&] {
    while (!is_enough && client.read(client.received() + mib) == End::enough) continue;
  }};
  RawClient other{house.port()};
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(house.exports.reach(house.exports.pulls() + 1)) << "the stream goes on";
    const auto answer = other.ask(post("/echo-quick", "{}"));
    EXPECT_TRUE(answer && answer->body == "{}") << "and so do others";
  }
  is_enough = true;
  reading.join();
}

TEST(StreamLimits, a_client_that_does_not_read_holds_no_thread_of_the_lane) {
  House house{with_one_quick_thread()};
  std::vector<std::unique_ptr<Reader>> silent;
  for (int i = 0; i < 10; ++i) {
    silent.push_back(std::make_unique<Reader>(house.port()));
    ASSERT_TRUE(silent.back()->begin(endless));
  }
  EXPECT_EQ(RawClient{house.port()}.ask(post("/echo-quick", "{}"))->body, "{}");
}

TEST(StreamLimits, streams_take_part_in_the_memory_of_bodies) {
  edge::Settings settings = House::small();
  settings.body_memory_mib = 1;
  House house{settings};
  constexpr std::size_t room_for = mib / 2 / http::max_piece;  // one client may have half of it
  std::vector<std::unique_ptr<Reader>> readers;
  for (std::size_t i = 0; i < room_for; ++i) {
    readers.push_back(std::make_unique<Reader>(house.port()));
    ASSERT_TRUE(readers.back()->begin(endless));
  }
  EXPECT_TRUE(shows(house, "cardea_body_memory_bytes 524288\n"));
  RawClient refused{house.port()};
  const auto answer = refused.ask(endless);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->field("Retry-After"), "1");
  EXPECT_EQ(refused.ask(get("/instant"))->body, "hello") << "on the same connection";
  readers.clear();
  EXPECT_TRUE(comes_to_show(house, "cardea_body_memory_bytes 0\n"));
  Reader next{house.port()};
  ASSERT_TRUE(next.begin(get("/export?size=1000000")));
  EXPECT_EQ(next.read(), End::complete);
}

/// A stream on a lane whose one thread and one place in the queue are taken while it goes on.
class FullLane : public testing::Test {
 protected:
  explicit FullLane(Duration write_timeout = 20s) : house_{settings(write_timeout)} {}

  static edge::Settings settings(Duration write_timeout) {
    edge::Settings settings = House::small();
    settings.write_timeout = write_timeout;
    return settings;
  }
  /// True as soon as the stream waits for its client: the one I/O thread has come round several times, and neither the
  /// lane nor the producer had anything to do.
  [[nodiscard]] bool comes_to_wait() {
    RawClient pace{house_.port()};
    int quiet = 0;
    std::int64_t pulls = -1;
    for (int turn = 0; turn < 20'000 && quiet < 10; ++turn) {
      if (!pace.ask(get("/instant"))) return false;
      const bool is_idle = shows(house_, "cardea_lane_depth{lane=\"heavy\"} 0\n") &&
                           shows(house_, "cardea_lane_running{lane=\"heavy\"} 0\n");
      const std::int64_t now = house_.exports.pulls();
      quiet = is_idle && now == pulls ? quiet + 1 : 0;
      pulls = now;
    }
    return quiet == 10;
  }
  /// Begins a stream and fills its lane while it waits for its client.
  void fill() {
    ASSERT_TRUE(stream_.begin(get("/export-heavy?size=100000000")));
    ASSERT_TRUE(comes_to_wait());
    ASSERT_TRUE(working_.send(get("/held")));
    house_.gate.wait_for(1);
    ASSERT_TRUE(hashing_.send(get("/held")));  // on the thread of one that waits for its turn to hash
    house_.gate.wait_for(2);
    ASSERT_TRUE(waiting_.send(get("/held")));
    ASSERT_TRUE(comes_to_show(house_, "cardea_lane_depth{lane=\"heavy\"} 1\n"));
  }

  House house_;
  Reader stream_{house_.port()};
  RawClient working_{house_.port()};
  RawClient hashing_{house_.port()};
  RawClient waiting_{house_.port()};
};

TEST_F(FullLane, is_waited_for_by_a_stream_that_has_begun) {
  fill();
  const auto pulls = house_.exports.pulls();
  ASSERT_EQ(stream_.read(static_cast<std::uint64_t>(pulls) * http::usual_piece), End::enough) << "all there is";
  RawClient pace{house_.port()};
  for (int i = 0; i < 100; ++i) ASSERT_EQ(pace.ask(get("/instant"))->status, 200);
  EXPECT_EQ(house_.exports.pulls(), pulls) << "there is no thread to make more";
  house_.gate.open();
  EXPECT_EQ(stream_.read(), End::complete);
  EXPECT_EQ(working_.receive()->body, "held");
  EXPECT_EQ(hashing_.receive()->body, "held");
  EXPECT_EQ(waiting_.receive()->body, "held");
}

class ImpatientFullLane : public FullLane {
 protected:
  ImpatientFullLane() : FullLane(1s) {}
};

TEST_F(ImpatientFullLane, that_stays_full_ends_the_stream) {
  fill();
  EXPECT_EQ(stream_.read(), End::closed);
  EXPECT_TRUE(house_.lines.mention_together("edge.response_cut", "overloaded"));
  EXPECT_TRUE(house_.exports.are_gone());
}

TEST(StreamLimits, stop_ends_what_would_not_end_by_itself) {
  House house;
  Reader silent{house.port()};
  ASSERT_TRUE(silent.begin(endless));
  Reader reading{house.port()};
  ASSERT_TRUE(reading.begin(endless));
  std::thread reader{[&reading] { (void)reading.read(); }};
  house.server->stop(10ms);
  reader.join();
  EXPECT_TRUE(house.exports.are_gone());
  EXPECT_TRUE(house.lines.mention("edge.drain_incomplete"));
}

TEST(StreamLimits, stop_lets_one_that_is_read_come_to_its_end) {
  House house;
  std::unique_ptr<Reader> client = std::make_unique<Reader>(house.port());
  ASSERT_TRUE(client->begin(get("/export?size=100000000")));
  std::thread stopping{[&house] { house.server->stop(20s); }};
  EXPECT_EQ(client->read(), End::complete);
  client.reset();
  stopping.join();
  EXPECT_FALSE(house.lines.mention("edge.drain_incomplete"));
}

}  // namespace
}  // namespace cardea::wire_tests
