#pragma once
// A disk that fails.

#include <signal.h>
#include <sys/resource.h>

namespace cardea::testing_support {

/// Makes every write to a file fail beyond this size, as a failing disk would, for as long as it lives.
class NoWritesBeyond {
 public:
  explicit NoWritesBeyond(rlim_t size) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_limit_);
    const rlimit limit{.rlim_cur = size, .rlim_max = old_limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~NoWritesBeyond() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit_);
    (void)::signal(SIGXFSZ, old_handler_);
  }
  NoWritesBeyond(const NoWritesBeyond&) = delete;
  NoWritesBeyond& operator=(const NoWritesBeyond&) = delete;

 private:
  rlimit old_limit_{};
  sighandler_t old_handler_;
};

}  // namespace cardea::testing_support
