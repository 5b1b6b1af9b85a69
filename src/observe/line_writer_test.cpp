// Lines on their way to a reader that stalls, goes away or comes back.
#include "observe/line_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <new>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "observe/log.hpp"

namespace cardea::observe {
namespace {

using namespace std::chrono_literals;

constexpr auto usual = LineWriter::Priority::usual;
constexpr auto keep = LineWriter::Priority::keep;

/// A pipe that nobody reads until somebody does.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  }
  /// The other end stays open: a thread that its maker has given up may still write to it.
  ~Pipe() { close_reader(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }
  /// Reads until `enough` says so of all that came, or the other end is closed.
  std::string read_until(const std::function<bool(const std::string&)>& enough) {
    std::string text;
    std::array<char, 65'536> buffer{};
    while (!enough(text)) {
      const auto size = ::read(ends_[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{};
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string notice(std::int64_t count) { return "dropped " + std::to_string(count); }

const std::string filler(300, 'x');

/// Puts so many lines that nothing more fits beside a stalled reader; how many.
std::int64_t flood(LineWriter& writer, LineWriter::Priority priority = usual) {
  constexpr std::int64_t many = 10'000;  // three times the bound
  for (std::int64_t i = 0; i < many; ++i) writer.put(filler, priority);
  return many;
}

TEST(LineWriter, nobody_waits_for_a_reader_that_stalls_and_what_is_dropped_is_counted_and_told) {
  Pipe pipe;
  Counter drops;
  std::int64_t put = 0;
  std::string text;
  {
    LineWriter writer{pipe.writer(), notice};
    writer.count_drops_in(&drops);
    const auto begun = std::chrono::steady_clock::now();
    put = flood(writer);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
    EXPECT_GT(drops.value(), 0U);
    EXPECT_FALSE(writer.flush(1ms));
    writer.put("an error", keep);
    ++put;
    std::thread reader{[&] { text = pipe.read_until([](const std::string&) { return false; }); }};
    EXPECT_TRUE(writer.flush(10s));
    pipe.close_writer();
    reader.join();
  }
  std::int64_t whole = 0;
  std::int64_t told = 0;
  for (const auto& line : lines_of(text)) {
    if (line.starts_with("dropped ")) {
      told += std::stoll(line.substr(8));
    } else {
      EXPECT_TRUE(line == filler || line == "an error") << line;
      ++whole;
    }
  }
  EXPECT_EQ(whole + static_cast<std::int64_t>(drops.value()), put) << "written or counted";
  EXPECT_EQ(told, static_cast<std::int64_t>(drops.value()));
  EXPECT_NE(text.find("an error\n"), std::string::npos) << "an error finds room where others do not";
}

TEST(LineWriter, even_of_errors_only_so_many_wait) {
  Pipe pipe;
  Counter drops;
  LineWriter writer{pipe.writer(), notice};
  writer.count_drops_in(&drops);
  flood(writer, keep);
  EXPECT_GT(drops.value(), 0U);
  writer.count_drops_in(nullptr);
}

TEST(LineWriter, an_end_waits_for_a_stalled_reader_as_long_as_it_says) {
  Pipe pipe;
  const auto begun = std::chrono::steady_clock::now();
  {
    LineWriter writer{pipe.writer(), notice};
    flood(writer);
  }
  const auto took = std::chrono::steady_clock::now() - begun;
  EXPECT_GE(took, LineWriter::last_wait);
  EXPECT_LT(took, LineWriter::last_wait + 3s);
  pipe.close_reader();  // the thread that was left behind ends
}

TEST(LineWriter, what_waits_at_the_end_is_written) {
  Pipe pipe;
  {
    LineWriter writer{pipe.writer(), notice};
    for (int i = 0; i < 50; ++i) writer.put(std::to_string(i), usual);
  }
  pipe.close_writer();
  const auto lines = lines_of(pipe.read_until([](const std::string&) { return false; }));
  ASSERT_EQ(lines.size(), 50U);
  EXPECT_EQ(lines.back(), "49");
}

TEST(LineWriter, a_reader_that_is_gone_costs_the_lines_and_no_signal) {
  Pipe pipe;
  Counter drops;
  LineWriter writer{pipe.writer(), notice};
  writer.count_drops_in(&drops);
  pipe.close_reader();
  writer.put("one", usual);
  EXPECT_TRUE(writer.flush(5s));
  EXPECT_EQ(drops.value(), 1U);
}

TEST(LineWriter, a_full_disk_costs_the_lines_and_is_told_when_there_is_room) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0) GTEST_SKIP() << "no /dev/full";
  Counter drops;
  Pipe pipe;
  LineWriter writer{full, notice};
  writer.count_drops_in(&drops);
  writer.put("one", usual);
  ASSERT_TRUE(writer.flush(5s));
  writer.put("two", usual);
  ASSERT_TRUE(writer.flush(5s));
  EXPECT_EQ(drops.value(), 2U);
  ::dup2(pipe.writer(), full);
  writer.put("three", usual);
  ASSERT_TRUE(writer.flush(5s));
  EXPECT_EQ(pipe.read_until([](const std::string& all) { return all.ends_with("2\n"); }), "three\ndropped 2\n");
  ::close(full);
}

TEST(LineWriter, a_descriptor_that_somebody_made_non_blocking_takes_every_line_whole) {
  Pipe pipe;
  ASSERT_EQ(::fcntl(pipe.writer(), F_SETFL, O_NONBLOCK), 0);
  LineWriter writer{pipe.writer(), notice};
  const std::string long_line(5000, 'y');
  for (int i = 0; i < 100; ++i) writer.put(long_line, usual);
  const auto text = pipe.read_until([&](const std::string& all) { return all.size() == 100 * (long_line.size() + 1); });
  for (const auto& line : lines_of(text)) EXPECT_EQ(line, long_line);
}

TEST(LineWriter, lines_of_two_writers_on_one_pipe_stay_whole) {
  Pipe pipe;
  const std::string other(300, 'o');
  std::string text;
  std::thread reader{[&] { text = pipe.read_until([&](const std::string& all) { return all.size() >= 4000 * 301; }); }};
  {
    LineWriter one{pipe.writer(), notice};
    LineWriter two{pipe.writer(), notice};
    for (int i = 0; i < 2000; ++i) {
      one.put(filler, keep);
      two.put(other, keep);
    }
    reader.join();
  }
  for (const auto& line : lines_of(text)) EXPECT_TRUE(line == filler || line == other) << line;
}

struct LastWords {
  std::string text;
  int status;  // as waitpid tells it
};

/// What a child process with its standard error in a pipe had written when it broke.
LastWords last_words(Format format, void (*fault)()) {
  Pipe pipe;
  const pid_t child = fork();
  if (child == 0) {
    for (const int signal : {SIGSEGV, SIGABRT}) (void)std::signal(signal, SIG_DFL);  // no report of a sanitizer
    dup2(pipe.writer(), STDERR_FILENO);
    Log log{format, Level::info};
    log.flush_on_fatal_signals();
    for (int i = 0; i < 100; ++i) log.info("before", {{"i", i}});
    log.error("last.words");
    fault();
    _exit(0);
  }
  pipe.close_writer();
  LastWords words{.text = pipe.read_until([](const std::string&) { return false; }), .status = 0};
  EXPECT_EQ(waitpid(child, &words.status, 0), child);
  return words;
}

TEST(Fatal, what_was_logged_before_a_fault_is_written) {
  for (const auto fault : {+[] { std::terminate(); }, +[] { std::abort(); }, +[] { (void)::raise(SIGSEGV); }}) {
    const auto [text, status] = last_words(Format::json, fault);
    EXPECT_NE(text.find("last.words"), std::string::npos);
    EXPECT_TRUE(WIFSIGNALED(status)) << "it breaks as it did";
  }
}

TEST(Fatal, the_last_line_says_what_it_was_in_either_format) {
  const auto raise_segv = [] { (void)::raise(SIGSEGV); };
  EXPECT_TRUE(
      std::regex_search(last_words(Format::json, raise_segv).text,
                        std::regex{R"re(\{"time":"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z","level":"error",)re"
                                   R"re("event":"process\.failed","reason":"SIGSEGV","thread":"[a-z_-]+"\}\n$)re"}));
  EXPECT_TRUE(std::regex_search(
      last_words(Format::human, raise_segv).text,
      std::regex{R"re(\n!!\d\d:\d\d:\d\d  process\.failed           reason="SIGSEGV" thread="[a-z_-]+"\n$)re"}));
  EXPECT_NE(last_words(Format::json, +[] { std::abort(); }).text.find("\"reason\":\"SIGABRT\""), std::string::npos);
}

TEST(Fatal, an_exception_that_leaves_a_thread_is_said_and_for_want_of_memory_ends_the_process_in_order) {
  const auto thread_that_throws = [](auto failure) { std::thread{[failure] { throw failure; }}.join(); };
  static const auto of = thread_that_throws;
  const auto [text, status] = last_words(Format::json, +[] { of(std::bad_alloc{}); });
  EXPECT_NE(text.find("\"reason\":\"out of memory\""), std::string::npos) << text;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  const auto other = last_words(Format::json, +[] { of(std::runtime_error{"a \"quoted\" reason\n"}); });
  EXPECT_NE(other.text.find("\"reason\":\"a quoted reason\""), std::string::npos) << other.text;
  EXPECT_TRUE(WIFSIGNALED(other.status));
}

}  // namespace
}  // namespace cardea::observe
