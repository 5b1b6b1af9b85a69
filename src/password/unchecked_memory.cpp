#include "password/unchecked_memory.hpp"

#include <setjmp.h>
#include <signal.h>

#include <cstdint>
#include <mutex>

namespace cardea::password {
namespace {

/// The kernel lets nobody have anything below this (vm.mmap_min_addr).
constexpr std::uintptr_t near_null = 65'536;

// A signal handler can be handed nothing.
thread_local sigjmp_buf* way_out = nullptr;  // of the work of this thread
struct sigaction former{};

void leave(int signal, siginfo_t* facts, void*) {
  const bool is_fault = facts->si_code > 0;
  // Only where nothing is mapped: an address that cannot be one at all has no place, which reads as zero.
  const bool is_unmapped = facts->si_code == SEGV_MAPERR;
  if (is_unmapped && way_out != nullptr && reinterpret_cast<std::uintptr_t>(facts->si_addr) < near_null) {
    siglongjmp(*way_out, 1);  // NOLINT(cert-err52-cpp)
  }
  ::sigaction(signal, &former, nullptr);
  if (!is_fault) (void)::raise(signal);  // sent by somebody; a fault happens again on return
}

void watch_faults() {
  struct sigaction action{};
  action.sa_sigaction = leave;
  action.sa_flags = SA_SIGINFO;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGSEGV, &action, &former);
}

}  // namespace

bool finds_memory(const std::function<void()>& work) {
  static std::once_flag watched;
  std::call_once(watched, watch_faults);
  sigjmp_buf place;
  if (sigsetjmp(place, 1) != 0) {  // NOLINT(cert-err52-cpp): nothing in between needs a destructor
    way_out = nullptr;
    return false;
  }
  way_out = &place;
  work();
  way_out = nullptr;
  return true;
}

}  // namespace cardea::password
