#include "app/progress.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace cardea::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// A progress whose clock stands until it is moved, and what it wrote.
struct Watched {
  explicit Watched(ProgressLook look, bool has_color = false)
      : progress(
            look, has_color, [this] { return now; }, [this](std::string_view text) { written.emplace_back(text); }) {}
  std::vector<std::string> written = {};
  Progress::Instant now{seconds{1'000}};
  Progress progress;
};

TEST(Progress, says_rate_and_time_left) {
  const ProgressState state{
      .step = "copying account", .unit = {}, .done = 855'002, .all = 1'204'113, .elapsed = seconds{20}};
  EXPECT_EQ(progress_text(state, ProgressLook::lines, false),
            "copying account: 71 %, 855,002 of 1,204,113 rows, 42,750 rows/s, 00:08 left");
  EXPECT_EQ(
      progress_text(state, ProgressLook::bar, false),
      "copying account #####################---------  71 %, 855,002 of 1,204,113 rows, 42,750 rows/s, 00:08 left");
}

TEST(Progress, says_what_there_is_to_say_and_no_more) {
  EXPECT_EQ(progress_text({.step = "copying", .unit = in_mebibytes, .done = 0, .all = 3 * 1024 * 1024},
                          ProgressLook::lines, false),
            "copying: 0 %, 0.0 of 3.0 MiB")
      << "no rate before a second has passed";
  EXPECT_EQ(progress_text({.step = "exporting", .unit = in_events, .done = 1'200, .elapsed = seconds{2}},
                          ProgressLook::lines, false),
            "exporting: 1,200 events, 600 events/s")
      << "where nobody knows how many there are";
  EXPECT_EQ(progress_text({.step = "a", .unit = {}, .done = 12, .all = 10, .elapsed = seconds{2}}, ProgressLook::lines,
                          false),
            "a: 100 %, 10 of 10 rows, 6 rows/s");
  EXPECT_EQ(progress_text({.step = "a", .unit = {}, .done = 1, .all = 10'000, .elapsed = seconds{1}},
                          ProgressLook::lines, false),
            "a: 0 %, 1 of 10,000 rows, 1 rows/s, 2:46:39 left");
}

TEST(Progress, writes_a_line_every_five_seconds_where_no_terminal_is) {
  Watched watched{ProgressLook::lines};
  watched.progress.begin("copying", 100);
  for (int i = 1; i <= 12; ++i) {
    watched.now += seconds{1};
    watched.progress.reach(i);
  }
  ASSERT_EQ(watched.written.size(), 2U);
  EXPECT_EQ(watched.written[0], "copying: 5 %, 5 of 100 rows, 1 rows/s, 01:35 left\n");
  EXPECT_EQ(watched.written[1], "copying: 10 %, 10 of 100 rows, 1 rows/s, 01:30 left\n");
  for (int step = 0; step < 10; ++step) {
    watched.progress.begin("comparing", 10);
    watched.progress.reach(10);
    watched.progress.end();
  }
  EXPECT_EQ(watched.written.size(), 2U) << "short steps have no line each";
}

TEST(Progress, is_silent_where_a_command_is_quick_or_nobody_wants_it) {
  Watched quick{ProgressLook::lines};
  quick.progress.begin("copying", 100);
  quick.now += milliseconds{4'900};
  quick.progress.reach(100);
  quick.progress.end();
  EXPECT_TRUE(quick.written.empty());
  Watched unwanted{ProgressLook::none};
  unwanted.progress.begin("copying", 100);
  unwanted.now += seconds{60};
  unwanted.progress.reach(50);
  unwanted.progress.end();
  EXPECT_TRUE(unwanted.written.empty());
}

TEST(Progress, draws_one_line_over_itself_on_a_terminal_and_takes_it_away) {
  Watched watched{ProgressLook::bar};
  watched.progress.begin("copying a table with a name of some length", 1'000);
  for (int i = 0; i < 1'000; ++i) {
    watched.now += milliseconds{1};
    watched.progress.add();
  }
  watched.progress.end();
  ASSERT_GE(watched.written.size(), 3U);
  EXPECT_LE(watched.written.size(), 7U) << "no more often than eyes can follow";
  for (const auto& text : watched.written) {
    EXPECT_TRUE(text.starts_with("\r\033[K")) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_LT(text.size(), 80 + std::string_view{"\r\033[K"}.size()) << "it fits a line: " << text;
  }
  EXPECT_EQ(watched.written.back(), "\r\033[K");
}

TEST(Progress, is_colored_unless_that_is_not_wanted) {
  const ProgressState state{.step = "a", .unit = {}, .done = 5, .all = 10};
  EXPECT_NE(progress_text(state, ProgressLook::bar, true).find("\033[36m"), std::string::npos);
  EXPECT_EQ(progress_text(state, ProgressLook::bar, false).find('\033'), std::string::npos);
}

TEST(Progress, is_lines_where_standard_error_is_no_terminal) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(progress_look(true), ProgressLook::lines);
  EXPECT_EQ(progress_look(false), ProgressLook::none);
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace cardea::app
