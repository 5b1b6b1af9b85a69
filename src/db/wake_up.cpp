#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>

#include "db/listener.hpp"

namespace cardea::db {

WakeUp::WakeUp() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeUp::~WakeUp() { ::close(descriptor_); }

void WakeUp::raise() const noexcept {
  const std::uint64_t one = 1;
  // Fails only when it is raised already.
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
}

bool WakeUp::wait(Duration time) const noexcept { return wait(time, -1, Direction::read); }

bool WakeUp::wait(Duration time, int descriptor, Direction direction) const noexcept {
  const short events = direction == Direction::read ? POLLIN : POLLOUT;
  std::array<pollfd, 2> set{pollfd{.fd = descriptor_, .events = POLLIN, .revents = 0},
                            pollfd{.fd = descriptor, .events = events, .revents = 0}};  // poll skips a negative one
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  ::poll(set.data(), set.size(), static_cast<int>(milliseconds < 0 ? 0 : milliseconds));
  return set[0].revents != 0;
}

}  // namespace cardea::db
