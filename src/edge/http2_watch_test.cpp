#include "edge/http2_watch.hpp"

#include <gtest/gtest.h>

#include "tests/support/http2_frames.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;
namespace h2 = testing_support::http2;
using h2::frame, h2::repeated;

const Http2Watch::Instant start = Http2Watch::Instant{} + 1h;

std::string opened(const std::string& frames) { return std::string{h2::preface} + frame(h2::settings, 0, 0) + frames; }

/// How many times a client may say `frames` at once.
int most_of(const std::string& frames) {
  Http2Watch watch{start};
  EXPECT_TRUE(watch.read(opened(""), start));
  int times = 0;
  while (times < 100'000 && watch.read(frames, start)) ++times;
  return times;
}

TEST(Http2Watch, what_is_part_of_no_request_has_a_budget) {
  EXPECT_EQ(most_of(h2::reset(1)), 99);
  EXPECT_EQ(most_of(frame(h2::settings, 0, 0)), 99);
  EXPECT_EQ(most_of(frame(h2::ping, 0, 0, "12345678")), 495);
  EXPECT_EQ(most_of(frame(h2::ping, h2::ack, 0, "12345678")), 990);
  EXPECT_EQ(most_of(h2::window(0, 1)), 990);
  EXPECT_EQ(most_of(frame(h2::priority, 0, 1, "12345")), 990);
  EXPECT_EQ(most_of(frame(h2::data, 0, 1)), 990) << "empty, and not the last";
  EXPECT_EQ(most_of(frame(h2::data, h2::padded, 1, std::string(256, '\xff'))), 990) << "nothing but padding";
  EXPECT_EQ(most_of(frame(99, 0, 0)), 990) << "of a type that nobody knows";
  EXPECT_LT(most_of(frame(99, 0, 0, std::string(16'384, 'x'))), 60) << "by its size too";
}

TEST(Http2Watch, requests_are_free) {
  EXPECT_EQ(most_of(h2::get(1)), 100'000);
  EXPECT_EQ(most_of(frame(h2::data, h2::end_stream, 1)), 100'000);
  EXPECT_EQ(most_of(frame(h2::data, 0, 1, std::string(1000, 'x'))), 100'000);
}

TEST(Http2Watch, a_budget_fills_with_time_and_with_what_was_served) {
  Http2Watch watch{start};
  ASSERT_TRUE(watch.read(opened(repeated(h2::reset(1), 99)), start));
  EXPECT_TRUE(watch.read(h2::reset(1), start + 200ms));
  watch.served();
  watch.served();
  watch.served();
  EXPECT_TRUE(watch.read(h2::reset(1), start + 200ms));
  watch.sent(16 * 1024);
  EXPECT_TRUE(watch.read(h2::window(0, 1) + h2::window(1, 1), start + 200ms));
  EXPECT_TRUE(watch.read(repeated(h2::reset(1), 100), start + 1h));
  EXPECT_FALSE(watch.read(repeated(h2::reset(1), 2), start + 1h));
  EXPECT_FALSE(watch.read("", start + 2h)) << "for good";
}

TEST(Http2Watch, a_byte_at_a_time_buys_no_window_updates) {
  Http2Watch watch{start};
  ASSERT_TRUE(watch.read(opened(""), start));
  int times = 0;
  for (; times < 5000 && watch.read(h2::window(1, 1), start); ++times) watch.sent(1);
  EXPECT_LT(times, 1000);
}

TEST(Http2Watch, a_block_has_so_many_continuations_and_bytes) {
  const std::string begun = frame(h2::headers, 0, 1, "x");
  const auto is_fine = [](const std::string& frames) { return Http2Watch{start}.read(opened(frames), start); };
  EXPECT_TRUE(is_fine(begun + repeated(frame(h2::continuation, 0, 1), 8)));
  EXPECT_FALSE(is_fine(begun + repeated(frame(h2::continuation, 0, 1), 9)));
  EXPECT_TRUE(is_fine(begun + repeated(frame(h2::continuation, 0, 1, std::string(16'000, 'x')), 4)));
  EXPECT_FALSE(is_fine(begun + repeated(frame(h2::continuation, 0, 1, std::string(16'384, 'x')), 4)));
  const std::string whole = begun + repeated(frame(h2::continuation, 0, 1), 7) + frame(h2::continuation, 4, 1);
  EXPECT_TRUE(is_fine(repeated(whole, 50))) << "each for itself";
}

TEST(Http2Watch, pieces_make_no_difference) {
  const std::string all = opened(h2::get(1) + frame(h2::headers, 0, 3, "xyz"));
  Http2Watch watch{start};
  for (const char c : all) ASSERT_TRUE(watch.read({&c, 1}, start));
  EXPECT_EQ(watch.heads(), 2);
  EXPECT_TRUE(watch.is_in_head());
  ASSERT_TRUE(watch.read(frame(h2::continuation, h2::end_headers, 3, "x"), start));
  EXPECT_FALSE(watch.is_in_head());
  ASSERT_TRUE(watch.read(frame(h2::headers, h2::end_headers, 5, "xyz").substr(0, 10), start));
  EXPECT_TRUE(watch.is_in_head()) << "also within its first frame";
}

}  // namespace
}  // namespace cardea::edge
