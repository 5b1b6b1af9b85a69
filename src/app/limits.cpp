#include "app/limits.hpp"

#include <sys/resource.h>

namespace cardea::app {
namespace {

constexpr std::int64_t besides = 100;  // database, listeners, epoll, logs

}  // namespace

void raise_open_files(std::int64_t connections, observe::Log& log) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= static_cast<rlim_t>(connections + besides)) return;
  log.warn("server.too_few_open_files", {{"limit", static_cast<std::int64_t>(limit.rlim_cur)},
                                         {"needed", connections + besides},
                                         {"hint", "raise LimitNOFILE (ulimit -n), or lower server.max_connections"}});
}

}  // namespace cardea::app
