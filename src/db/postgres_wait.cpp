#include "db/postgres_wait.hpp"

#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>

namespace cardea::db::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// In steps, because poll counts in an int, and because the end may be moved meanwhile.
constexpr std::chrono::milliseconds step{100};

/// Until something can be done on the socket. False when it cannot in time.
bool wait_for(pg_conn* connection, bool has_more_to_send, const Wait& wait) {
  pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
  if (socket.fd < 0) return false;
  if (has_more_to_send) socket.events |= POLLOUT;
  for (;;) {
    const auto now = SteadyClock::now();
    const Deadline end = wait.end();
    if (now >= end) return false;
    const auto left = std::min<SteadyClock::duration>(end - now, step);
    const int events = ::poll(&socket, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
    if (events > 0) return true;
  }
}

}  // namespace

Reply next_result(pg_conn* connection, const Wait& wait) {
  for (;;) {
    const int unsent = PQflush(connection);
    if (unsent == 0 && PQisBusy(connection) == 0) break;
    if (unsent < 0) break;
    if (!wait_for(connection, unsent > 0, wait)) {
      // libpq then sees the end of the connection, and says so to everybody who asks.
      if (const int socket = PQsocket(connection); socket >= 0) ::shutdown(socket, SHUT_RDWR);
      break;
    }
    if (PQconsumeInput(connection) == 0) break;
  }
  return Reply(PQgetResult(connection));
}

Reply only_result(pg_conn* connection, int was_sent, const Wait& wait) {
  Reply only;
  if (was_sent == 0) return only;
  while (Reply next = next_result(connection, wait)) only = std::move(next);
  return only;
}

}  // namespace cardea::db::postgres
