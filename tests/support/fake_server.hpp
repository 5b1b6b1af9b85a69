#pragma once
// A server on a free port of 127.0.0.1 that answers each connection with whatever a test wants, however wrong.
//
//   FakeServer server{[](const std::string& request) { return FakeServer::Reply{http_reply(200, "OK")}; }};
//   server.url("/send");  // "http://127.0.0.1:40123/send"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/text.hpp"

namespace cardea::testing_support {

/// A response as it stands on the wire.
inline std::string http_reply(int status, const std::string& body, const std::string& more_headers = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         more_headers + "Connection: close\r\n\r\n" + body;
}

class FakeServer {
 public:
  struct Reply {
    std::string bytes;
    std::chrono::milliseconds pause{0};  // before each byte
    bool hangs = false;  // stays open afterwards, until the client goes
    int repeats = 1;     // of the bytes
  };
  using Answer = std::function<Reply(const std::string& request)>;

  explicit FakeServer(Answer answer) : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const as_any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, as_any, size) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, as_any, &size) != 0) {
      throw std::runtime_error{"no port for a fake server"};
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread{[this] { accept_all(); }};
  }
  ~FakeServer() {
    ends_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    for (auto& each : talkers_) each.join();
    ::close(listener_);
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  /// What was asked so far, head and body.
  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock{mutex_};
    return requests_;
  }

 private:
  void accept_all() {
    while (!ends_) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) return;
      talkers_.emplace_back([this, client] { talk(client); });
    }
  }

  static bool is_whole(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const auto lower = text::lower(request.substr(0, end));
    const auto at = lower.find("\r\ncontent-length:");
    const auto length = at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 17, nullptr, 10);
    return request.size() >= end + 4 + length;
  }

  /// False when the client has gone or the server ends.
  [[nodiscard]] bool is_readable(int client) const {
    for (;;) {
      pollfd one{.fd = client, .events = POLLIN, .revents = 0};
      if (::poll(&one, 1, 20) > 0) return true;
      if (ends_) return false;
    }
  }

  void talk(int client) {
    std::string request;
    char buffer[4096];
    while (!is_whole(request) && is_readable(client)) {
      const auto count = ::recv(client, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    {
      const std::lock_guard lock{mutex_};
      requests_.push_back(request);
    }
    write_out(client, answer_(request));
    ::close(client);
  }

  void write_out(int client, const Reply& reply) const {
    const std::size_t step = reply.pause.count() > 0 ? 1 : reply.bytes.size();
    for (int round = 0; round < reply.repeats && !ends_; ++round) {
      for (std::size_t at = 0; at < reply.bytes.size() && !ends_; at += step) {
        if (reply.pause.count() > 0) std::this_thread::sleep_for(reply.pause);
        const auto piece = std::min(step, reply.bytes.size() - at);
        if (::send(client, reply.bytes.data() + at, piece, MSG_NOSIGNAL) < 0) return;
      }
    }
    if (reply.hangs) (void)is_readable(client);
  }

  Answer answer_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ends_ = false;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::vector<std::thread> talkers_;  // touched by the acceptor, and when it has ended
  std::thread acceptor_;
};

}  // namespace cardea::testing_support
