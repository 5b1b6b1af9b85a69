#include "edge/passed_sockets.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "edge/endpoint.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

constexpr int first_descriptor = 3;  // SD_LISTEN_FDS_START
constexpr std::int64_t most = 64;

int option_of(int descriptor, int option) {
  int value = 0;
  socklen_t size = sizeof value;
  return getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0 ? value : -1;
}

std::string problem_with(const PassedSocket& socket) {
  const int family = option_of(socket.descriptor, SO_DOMAIN);
  const bool is_known = family == AF_INET || family == AF_INET6 || family == AF_UNIX;
  if (!is_known || option_of(socket.descriptor, SO_TYPE) != SOCK_STREAM) {
    return "\"" + socket.name + "\" is no stream socket; use ListenStream=";
  }
  if (option_of(socket.descriptor, SO_ACCEPTCONN) != 1) {
    return "\"" + socket.name + "\" does not listen; leave out Accept=yes";
  }
  return {};
}

}  // namespace

Result<std::vector<PassedSocket>> passed_sockets(
    const std::function<std::optional<std::string>(std::string_view)>& variable) {
  std::vector<PassedSocket> sockets;
  const auto pid = text::parse_integer(variable("LISTEN_PID").value_or(""));
  const auto passed = variable("LISTEN_FDS");
  if (!passed || !pid || *pid != getpid()) return sockets;
  const auto count = text::parse_integer(*passed);
  if (!count || *count < 0 || *count > most) return Error{cannot_listen, "LISTEN_FDS is not a number from 0 to 64"};
  const std::string all_names = variable("LISTEN_FDNAMES").value_or("");
  const auto names = text::split(all_names, ':');
  for (std::size_t i = 0; i < static_cast<std::size_t>(*count); ++i) {
    const std::string_view name = i < names.size() ? names[i] : std::string_view{};
    PassedSocket socket{.name = std::string{name.empty() ? "unknown" : name},
                        .descriptor = first_descriptor + static_cast<int>(i)};
    if (auto problem = problem_with(socket); !problem.empty()) {
      return Error{cannot_listen, "of the sockets that systemd passed, " + problem};
    }
    (void)fcntl(socket.descriptor, F_SETFD, FD_CLOEXEC);
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

std::vector<PassedSocket> take_named(std::vector<PassedSocket>& sockets, std::string_view listen) {
  std::vector<PassedSocket> taken;
  if (!listen.starts_with(passed_scheme)) return taken;
  const auto name = listen.substr(passed_scheme.size());
  const auto is_asked_for = [&name](const PassedSocket& socket) { return name.empty() || socket.name == name; };
  std::copy_if(sockets.begin(), sockets.end(), std::back_inserter(taken), is_asked_for);
  std::erase_if(sockets, is_asked_for);
  return taken;
}

}  // namespace cardea::edge
