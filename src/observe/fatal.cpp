#include "observe/fatal.hpp"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <new>
#include <string_view>

namespace cardea::observe {
namespace {

struct Fault {
  int signal;
  std::string_view name;
};
constexpr std::array<Fault, 5> faults{
    {{SIGABRT, "SIGABRT"}, {SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"}, {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"}}};
constexpr int most_pauses = 100;
constexpr timespec pause_between{.tv_sec = 0, .tv_nsec = 10'000'000};

// A signal handler can be handed nothing, so these are the program's only variables of this kind.
std::atomic<const LineWriter*> watched = nullptr;
std::atomic<Format> format_of_last_line = Format::json;
std::atomic<bool> has_said_it = false;
std::array<struct sigaction, faults.size()> former{};
std::terminate_handler former_terminate = nullptr;

/// A line that is put together without memory, and of which the rest is left out when it is too long.
class LastLine {
 public:
  void add(std::string_view text) {
    const auto size = std::min(text.size(), text_.size() - size_);
    std::copy_n(text.begin(), size, text_.begin() + static_cast<std::ptrdiff_t>(size_));
    size_ += size;
  }
  /// Text that is not ours: what would need an escape in either format is left out.
  void add_foreign(std::string_view text) {
    for (const char& c : text.substr(0, most_foreign)) {
      if (c >= ' ' && c <= '~' && c != '"' && c != '\\') add({&c, 1});
    }
  }
  void add_number(unsigned value, int digits) {
    unsigned scale = 1;
    for (int i = 1; i < digits; ++i) scale *= 10;
    for (; scale > 0; scale /= 10) {
      const char digit = static_cast<char>('0' + value / scale % 10);
      add({&digit, 1});
    }
  }
  /// Writes it unless that would mean to wait: nobody may read it.
  void write_to(int descriptor) const {
    pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
    if (::poll(&room, 1, 0) == 1) [[maybe_unused]]
      const auto written = ::write(descriptor, text_.data(), size_);
  }

 private:
  static constexpr std::size_t most_foreign = 200;
  std::array<char, 512> text_{};
  std::size_t size_ = 0;
};

void add_time(LastLine& line, std::chrono::hh_mm_ss<std::chrono::milliseconds> time) {
  line.add_number(static_cast<unsigned>(time.hours().count()), 2);
  line.add(":");
  line.add_number(static_cast<unsigned>(time.minutes().count()), 2);
  line.add(":");
  line.add_number(static_cast<unsigned>(time.seconds().count()), 2);
}

/// The first of several threads that fail at once is the one that tells.
void say(std::string_view reason) {
  if (has_said_it.exchange(true)) return;
  std::array<char, 16> thread{};
  (void)pthread_getname_np(pthread_self(), thread.data(), thread.size());
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<std::chrono::milliseconds> time{now - day};
  const bool is_json = format_of_last_line == Format::json;
  LastLine line;
  if (is_json) {
    line.add(R"({"time":")");
    line.add_number(static_cast<unsigned>(static_cast<int>(date.year())), 4);
    line.add("-");
    line.add_number(static_cast<unsigned>(date.month()), 2);
    line.add("-");
    line.add_number(static_cast<unsigned>(date.day()), 2);
    line.add("T");
    add_time(line, time);
    line.add(".");
    line.add_number(static_cast<unsigned>(time.subseconds().count()), 3);
    line.add(R"(Z","level":"error","event":"process.failed","reason":")");
  } else {
    line.add("!!");
    add_time(line, time);
    line.add("  process.failed           reason=\"");
  }
  line.add_foreign(reason);
  line.add(is_json ? R"(","thread":")" : "\" thread=\"");
  line.add_foreign(thread.data());
  line.add(is_json ? "\"}\n" : "\"\n");
  line.write_to(STDERR_FILENO);
}

/// The writing thread goes on while the broken one waits here.
void wait_for_lines() {
  for (int i = 0; i < most_pauses; ++i) {
    const LineWriter* writer = watched.load();
    if (writer == nullptr || !writer->is_waiting()) break;
    ::nanosleep(&pause_between, nullptr);
  }
}

void end_by_signal(int signal, siginfo_t* facts, void*) {
  wait_for_lines();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (faults[i].signal != signal) continue;
    say(faults[i].name);
    ::sigaction(signal, &former[i], nullptr);
  }
  if (facts->si_code <= 0) (void)::raise(signal);  // sent by somebody; a fault happens again on return
}

/// An exception left a thread, or a function that throws none.
[[noreturn]] void end_by_exception() {
  wait_for_lines();
  try {
    if (const auto failure = std::current_exception()) std::rethrow_exception(failure);
    say("an exception where there may be none");
  } catch (const std::bad_alloc&) {
    say("out of memory");
    ::_exit(1);
  } catch (const std::exception& failure) {
    say(failure.what());
  } catch (...) {
    say("an exception of unknown type");
  }
  std::abort();
}

}  // namespace

void flush_on_fatal_signals(const LineWriter& writer, Format format) {
  watched = &writer;
  format_of_last_line = format;
  has_said_it = false;
  struct sigaction action{};
  action.sa_sigaction = end_by_signal;
  action.sa_flags = SA_SIGINFO;
  sigfillset(&action.sa_mask);
  for (std::size_t i = 0; i < faults.size(); ++i) ::sigaction(faults[i].signal, &action, &former[i]);
  former_terminate = std::set_terminate(end_by_exception);
}

void forget_fatal_signals(const LineWriter& writer) {
  const LineWriter* expected = &writer;
  if (!watched.compare_exchange_strong(expected, nullptr)) return;
  for (std::size_t i = 0; i < faults.size(); ++i) ::sigaction(faults[i].signal, &former[i], nullptr);
  std::set_terminate(former_terminate);
}

}  // namespace cardea::observe
