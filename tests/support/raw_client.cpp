#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "base/text.hpp"

namespace cardea::testing_support {
namespace {

constexpr timeval patience{.tv_sec = 20, .tv_usec = 0};

[[noreturn]] void fail(const char* what) { throw std::system_error{errno, std::generic_category(), what}; }

}  // namespace

std::string RawAnswer::field(std::string_view name) const {
  for (std::string_view line : text::split(head, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !text::equals_ignoring_case(line.substr(0, colon), name)) continue;
    line.remove_prefix(colon + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::string{text::trim(line)};
  }
  return {};
}

RawClient::RawClient(std::uint16_t port, const char* source)
    : descriptor_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail("socket");
  const int on = 1;
  setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = inet_addr(source);
  const int bound = bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bound != 0 || connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    close(descriptor_);
    errno = reason;
    fail("connect");
  }
}

RawClient::RawClient(const std::string& path) : descriptor_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (descriptor_ < 0) fail("socket");
  setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  if (connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int reason = errno;
    close(descriptor_);
    errno = reason;
    fail("connect");
  }
}

RawClient::~RawClient() { close(descriptor_); }

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!write_some(bytes)) return false;
  }
  return true;
}

bool RawClient::write_some(std::string_view& bytes) {
  const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent <= 0) return false;
  bytes.remove_prefix(static_cast<std::size_t>(sent));
  return true;
}

long RawClient::read_some(char* data, std::size_t size) { return recv(descriptor_, data, size, 0); }

bool RawClient::fill() {
  std::array<char, 4096> some{};
  const long size = read_some(some.data(), some.size());
  if (size <= 0) return false;
  input_.append(some.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<RawAnswer> RawClient::receive_head() {
  while (input_.find("\r\n\r\n") == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  RawAnswer answer;
  answer.head = input_.substr(0, input_.find("\r\n\r\n") + 4);
  input_.erase(0, answer.head.size());
  if (!answer.head.starts_with("HTTP/1.1 ") || answer.head.size() < 12) return std::nullopt;
  answer.status = static_cast<int>(text::parse_integer(answer.head.substr(9, 3)).value_or(0));
  return answer;
}

std::optional<RawAnswer> RawClient::receive() {
  auto answer = receive_head();
  if (!answer) return std::nullopt;
  const auto length = static_cast<std::size_t>(text::parse_integer(answer->field("Content-Length")).value_or(0));
  while (input_.size() < length) {
    if (!fill()) return std::nullopt;
  }
  answer->body = input_.substr(0, length);
  input_.erase(0, length);
  return answer;
}

bool RawClient::is_closed_by_peer() {
  if (!input_.empty()) return false;
  std::array<char, 1> byte{};
  const long size = read_some(byte.data(), byte.size());
  return size == 0 || (size < 0 && errno == ECONNRESET);
}

bool RawClient::has_input_within(std::chrono::milliseconds span) const {
  pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
  return !input_.empty() || poll(&waiting, 1, static_cast<int>(span.count())) > 0;
}

std::optional<RawAnswer> RawClient::ask(std::string_view bytes) {
  if (!send(bytes)) return std::nullopt;
  return receive();
}

}  // namespace cardea::testing_support
