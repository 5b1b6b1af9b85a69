// A network with a round trip, for one machine: forwards TCP connections and holds back what is sent each way.
//   bench_delaying_proxy PORT SOCKET MILLISECONDS
// Listens on 127.0.0.1:PORT, connects to the Unix socket SOCKET, and adds half the milliseconds in each direction. One
// thread; runs until it is ended.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using Clock = std::chrono::steady_clock;

/// One end of a connection; what it sends goes to `other`.
struct End {
  explicit End(int number) : descriptor(number) {}
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  ~End() { ::close(descriptor); }

  int descriptor;
  std::shared_ptr<End> other = {};
  bool is_closed = false;
};

/// What is to be handed on, in the order in which it becomes due: the delay is the same for all.
struct Piece {
  Clock::time_point due;
  std::shared_ptr<End> to;
  std::string bytes;  // empty: the sender has closed
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

template <class Address>
const sockaddr* as_address(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

class Proxy {
 public:
  Proxy(std::uint16_t port, std::string_view server, Clock::duration delay) : delay_(delay) {
    if (server.size() >= sizeof server_.sun_path) fail("the socket's path is too long");
    server_.sun_family = AF_UNIX;
    server.copy(server_.sun_path, server.size());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(listener_, as_address(address), sizeof address) != 0 || ::listen(listener_, 128) != 0) fail("listen");
    watch(listener_, nullptr);
  }

  [[noreturn]] void run() {
    for (;;) {
      std::array<epoll_event, 64> events{};
      timespec rest{};
      const bool is_waiting = !pieces_.empty();
      if (is_waiting) {
        const auto left = std::max<Clock::duration>(pieces_.front().due - Clock::now(), Clock::duration::zero());
        rest.tv_nsec = std::chrono::nanoseconds(left).count();
      }
      const int count = ::epoll_pwait2(epoll_, events.data(), events.size(), is_waiting ? &rest : nullptr, nullptr);
      for (int i = 0; i < count; ++i) {
        auto* end = static_cast<End*>(events[static_cast<std::size_t>(i)].data.ptr);
        if (end == nullptr) {
          accept_one();
        } else {
          receive(*end);
        }
      }
      hand_on();
    }
  }

 private:
  void watch(int descriptor, End* end) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = end;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll");
  }

  void accept_one() const {
    const int accepted = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (accepted < 0) return;
    const int on = 1;
    ::setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const auto client = std::make_shared<End>(accepted);
    const auto server = std::make_shared<End>(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (::connect(server->descriptor, as_address(server_), sizeof server_) != 0) return;
    client->other = server;  // each keeps the other alive until one of them closes
    server->other = client;
    watch(client->descriptor, client.get());
    watch(server->descriptor, server.get());
  }

  void receive(End& from) {
    const auto size = ::recv(from.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0) return;
    if (size == 0) ::epoll_ctl(epoll_, EPOLL_CTL_DEL, from.descriptor, nullptr);
    if (!from.other) return;
    pieces_.push_back({.due = Clock::now() + delay_,
                       .to = from.other,
                       .bytes = std::string(buffer_.data(), static_cast<std::size_t>(size))});
  }

  void hand_on() {
    const auto now = Clock::now();
    while (!pieces_.empty() && pieces_.front().due <= now) {
      const Piece piece = std::move(pieces_.front());
      pieces_.pop_front();
      if (piece.bytes.empty()) {
        close(*piece.to);
        continue;
      }
      // Blocks while the receiver's buffer is full; a database's messages are far smaller than one.
      if (!piece.to->is_closed &&
          ::send(piece.to->descriptor, piece.bytes.data(), piece.bytes.size(), MSG_NOSIGNAL) < 0) {
        close(*piece.to);
      }
    }
  }

  static void close(End& end) {
    if (std::exchange(end.is_closed, true)) return;
    ::shutdown(end.descriptor, SHUT_RDWR);  // the other side of it closes, and is then read to its end
    if (end.other && end.other->is_closed) {
      end.other->other.reset();
      end.other.reset();
    }
  }

  const Clock::duration delay_;
  sockaddr_un server_{};
  const int listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::array<char, 65536> buffer_{};
  std::deque<Piece> pieces_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const std::chrono::duration<double, std::milli> round_trip{std::atof(argv[3])};
  Proxy proxy(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2],
              std::chrono::duration_cast<Clock::duration>(round_trip / 2));
  proxy.run();
}
