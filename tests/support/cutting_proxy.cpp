#include "tests/support/cutting_proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace cardea::testing_support {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {
    if (number < 0) throw std::system_error(errno, std::generic_category(), "proxy");
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

template <class Address>
const sockaddr* as_address(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Descriptor listen_on_loopback() {
  Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener.get(), as_address(address), sizeof address) != 0 || ::listen(listener.get(), 64) != 0) {
    throw std::system_error(errno, std::generic_category(), "proxy");
  }
  return listener;
}

int port_of(const Descriptor& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

Descriptor connect_to(const std::string& path) {
  Descriptor server(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the socket's path is too long");
  path.copy(address.sun_path, path.size());
  if (::connect(server.get(), as_address(address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return server;
}

/// What travels one way, and is not due yet.
struct Lane {
  struct Piece {
    Clock::time_point due;
    std::string bytes;
  };
  std::deque<Piece> pieces = {};

  /// Sends what is due; false when the receiver is gone.
  bool send_due(int descriptor, Clock::time_point now) {
    while (!pieces.empty() && pieces.front().due <= now) {
      std::string& bytes = pieces.front().bytes;
      const auto sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0) return errno == EAGAIN;
      bytes.erase(0, static_cast<std::size_t>(sent));
      if (bytes.empty()) pieces.pop_front();
    }
    return true;
  }
};

/// One client and its connection to the server.
struct Pair {
  Descriptor client;
  Descriptor server;
  Lane to_server = {};
  Lane to_client = {};
  std::string tail = {};  // the last bytes of the client, in case a COMMIT is split
  bool cuts_at_answer = false;
  bool is_waiting = false;  // the client, for an answer
};

/// What has arrived; empty when nothing has, absent when the other side closed.
std::optional<std::string> receive(int descriptor) {
  std::string bytes(65536, '\0');
  const auto size = ::recv(descriptor, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (size == 0 || (size < 0 && errno != EAGAIN)) return std::nullopt;
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return bytes;
}

}  // namespace

class CuttingProxy::Forwarder {
 public:
  explicit Forwarder(std::string server)
      : server_(std::move(server)), thread_([this](const std::stop_token& stop) { run(stop); }) {}
  ~Forwarder() {
    thread_.request_stop();
    wake();
  }
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  [[nodiscard]] int port() const { return port_of(listener_); }
  template <class Change>
  void change(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change(orders_);
    }
    wake();
  }
  [[nodiscard]] int cuts() {
    const std::lock_guard lock(mutex_);
    return cuts_;
  }
  [[nodiscard]] int round_trips() {
    const std::lock_guard lock(mutex_);
    return round_trips_;
  }

  struct Orders {
    microseconds delay{0};
    bool is_frozen = false;
    std::optional<Cut> cut = {};
  };

 private:
  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      wait();
      const std::lock_guard lock(mutex_);
      if (orders_.is_frozen) continue;
      accept_all();
      std::erase_if(pairs_, [this](Pair& pair) { return !forward(pair); });
    }
  }

  /// Until something arrives, becomes due, or is ordered.
  void wait() {
    std::vector<pollfd> set{{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
    auto until = Clock::now() + std::chrono::milliseconds{20};  // also the patience with a full socket buffer
    {
      const std::lock_guard lock(mutex_);
      if (!orders_.is_frozen) {
        set.push_back({.fd = listener_.get(), .events = POLLIN, .revents = 0});
        for (const Pair& pair : pairs_) {
          set.push_back({.fd = pair.client.get(), .events = POLLIN, .revents = 0});
          set.push_back({.fd = pair.server.get(), .events = POLLIN, .revents = 0});
          for (const Lane* lane : {&pair.to_server, &pair.to_client}) {
            if (!lane->pieces.empty()) until = std::min(until, lane->pieces.front().due);
          }
        }
      }
    }
    const auto rest = std::max<Clock::duration>(until - Clock::now(), Clock::duration::zero());
    const timespec patience{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(rest).count()};
    ::ppoll(set.data(), set.size(), &patience, nullptr);
    std::uint64_t ignored = 0;
    [[maybe_unused]] const auto read = ::read(wake_.get(), &ignored, sizeof ignored);
  }

  void accept_all() {
    for (;;) {
      const int client = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      const int on = 1;
      ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      Descriptor owned(client);
      try {
        pairs_.push_back({.client = std::move(owned), .server = connect_to(server_)});
      } catch (const std::system_error&) {
        // The server is down: the client sees its connection closed.
      }
    }
  }

  /// Moves what there is both ways; false when the pair is to be closed.
  bool forward(Pair& pair) {
    const auto now = Clock::now();
    const auto from_client = receive(pair.client.get());
    if (!from_client || !take_from_client(pair, *from_client, now)) return false;
    if (!pair.to_server.send_due(pair.server.get(), now)) return false;
    const auto from_server = receive(pair.server.get());
    if (from_server && !from_server->empty()) {
      if (pair.cuts_at_answer) return count_cut();
      if (std::exchange(pair.is_waiting, false)) ++round_trips_;
      pair.to_client.pieces.push_back({.due = now + orders_.delay, .bytes = *from_server});
    }
    const bool is_client_there = pair.to_client.send_due(pair.client.get(), now);
    return is_client_there && from_server.has_value();
  }

  /// False when the client is to be cut off here and now.
  bool take_from_client(Pair& pair, const std::string& bytes, Clock::time_point now) {
    using namespace std::string_view_literals;
    if (bytes.empty()) return true;
    constexpr auto commit = "COMMIT\0"sv;
    pair.is_waiting = true;
    pair.tail += bytes;
    const bool commits = pair.tail.find(commit) != std::string::npos;
    pair.tail.erase(0, commits ? pair.tail.size() : pair.tail.size() - std::min(pair.tail.size(), commit.size() - 1));
    if (orders_.cut && (commits || orders_.cut == Cut::any_answer)) {
      if (std::exchange(orders_.cut, std::nullopt) == Cut::before_commit) return count_cut();
      pair.cuts_at_answer = true;
    }
    pair.to_server.pieces.push_back({.due = now + orders_.delay, .bytes = bytes});
    return true;
  }

  bool count_cut() {
    ++cuts_;
    return false;
  }

  const std::string server_;
  const Descriptor listener_ = listen_on_loopback();
  const Descriptor wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::mutex mutex_;
  Orders orders_;
  int cuts_ = 0;
  int round_trips_ = 0;
  std::list<Pair> pairs_;
  std::jthread thread_;
};

CuttingProxy::CuttingProxy(const std::string& url) {
  // postgres:///DATABASE?user=cardea&host=DIRECTORY
  constexpr std::string_view scheme = "postgres:///";
  constexpr std::string_view host = "&host=";
  const auto query = url.find('?');
  const auto at = url.find(host);
  if (!url.starts_with(scheme) || query == std::string::npos || at == std::string::npos) {
    throw std::invalid_argument("not the url of a test server");
  }
  forwarder_ = std::make_unique<Forwarder>(url.substr(at + host.size()) + "/.s.PGSQL.5432");
  url_ = "postgres://cardea@127.0.0.1:" + std::to_string(forwarder_->port()) + "/" +
         url.substr(scheme.size(), query - scheme.size()) + "?sslmode=disable&gssencmode=disable";
}

CuttingProxy::~CuttingProxy() = default;

std::string CuttingProxy::url() const { return url_; }
void CuttingProxy::delay(microseconds each_way) {
  forwarder_->change([&](auto& orders) { orders.delay = each_way; });
}
void CuttingProxy::freeze() {
  forwarder_->change([](auto& orders) { orders.is_frozen = true; });
}
void CuttingProxy::thaw() {
  forwarder_->change([](auto& orders) { orders.is_frozen = false; });
}
void CuttingProxy::cut_next(Cut cut) {
  forwarder_->change([&](auto& orders) { orders.cut = cut; });
}
int CuttingProxy::cuts() const { return forwarder_->cuts(); }
int CuttingProxy::round_trips() const { return forwarder_->round_trips(); }

}  // namespace cardea::testing_support
