#include "observe/fatal.hpp"

#include <signal.h>
#include <time.h>

#include <array>
#include <atomic>
#include <cstddef>

namespace cardea::observe {
namespace {

constexpr std::array<int, 5> fatal{SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
constexpr int most_pauses = 100;
constexpr timespec pause_between{.tv_sec = 0, .tv_nsec = 10'000'000};

// A signal handler can be handed nothing, so these are the program's only variables of this kind.
std::atomic<const LineWriter*> watched = nullptr;
std::array<struct sigaction, fatal.size()> former{};

/// The writing thread goes on while the broken one waits here.
void wait_for_lines(int signal, siginfo_t* facts, void*) {
  for (int i = 0; i < most_pauses; ++i) {
    const LineWriter* writer = watched.load();
    if (writer == nullptr || !writer->is_waiting()) break;
    ::nanosleep(&pause_between, nullptr);
  }
  for (std::size_t i = 0; i < fatal.size(); ++i) {
    if (fatal[i] == signal) ::sigaction(signal, &former[i], nullptr);
  }
  if (facts->si_code <= 0) (void)::raise(signal);  // sent by somebody; a fault happens again on return
}

}  // namespace

void flush_on_fatal_signals(const LineWriter& writer) {
  watched = &writer;
  struct sigaction action{};
  action.sa_sigaction = wait_for_lines;
  action.sa_flags = SA_SIGINFO;
  sigfillset(&action.sa_mask);
  for (std::size_t i = 0; i < fatal.size(); ++i) ::sigaction(fatal[i], &action, &former[i]);
}

void forget_fatal_signals(const LineWriter& writer) {
  const LineWriter* expected = &writer;
  if (!watched.compare_exchange_strong(expected, nullptr)) return;
  for (std::size_t i = 0; i < fatal.size(); ++i) ::sigaction(fatal[i], &former[i], nullptr);
}

}  // namespace cardea::observe
