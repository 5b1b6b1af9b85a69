#pragma once
// A name server on this machine that answers as it is told. Header only, so that tests of the module alone have it too.

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace cardea::testing_support {

class FakeNameServer {
 public:
  enum class Says { records, nothing_of_the_kind, no_such_name, failure, silence, garbage };
  struct Record {
    std::uint16_t type = 0;
    std::string data;
  };
  struct Zone {
    Says says = Says::records;
    std::vector<Record> records = {};
  };
  static constexpr std::uint16_t type_a = 1;
  static constexpr std::uint16_t type_mx = 15;
  static constexpr std::uint16_t type_aaaa = 28;

  /// MX records: two bytes of preference, and the name in labels.
  static Record mx(const std::string& labels) {
    return {type_mx, std::string{"\0\x0a", 2} + labels + std::string(1, '\0')};
  }
  static Record null_mx() { return {type_mx, std::string(3, '\0')}; }
  static Record a() { return {type_a, std::string{"\xc0\x00\x02\x01", 4}}; }
  static Record aaaa() { return {type_aaaa, std::string(16, '\1')}; }

  explicit FakeNameServer(std::map<std::string, Zone> zones) : zones_(std::move(zones)) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof own;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<sockaddr*>(&own), size) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&own), &size) != 0) {
      throw std::runtime_error("no socket for a name server");
    }
    address_ = "127.0.0.1:" + std::to_string(ntohs(own.sin_port));
    thread_ = std::jthread{[this](const std::stop_token& stop) { serve(stop); }};
  }
  ~FakeNameServer() {
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
  }
  FakeNameServer(const FakeNameServer&) = delete;
  FakeNameServer& operator=(const FakeNameServer&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  [[nodiscard]] int questions() const { return questions_; }

 private:
  static constexpr std::size_t head_size = 12;

  void serve(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd waits{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&waits, 1, 20) != 1) continue;
      std::string question(512, '\0');
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto read =
          ::recvfrom(socket_, question.data(), question.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (read < static_cast<ssize_t>(head_size)) continue;
      question.resize(static_cast<std::size_t>(read));
      ++questions_;
      const auto reply = answer(question);
      if (!reply.empty()) ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  std::string answer(const std::string& question) const {
    std::string name;
    std::size_t at = head_size;
    while (at < question.size() && question[at] != 0) {
      const auto length = static_cast<unsigned char>(question[at]);
      name += (name.empty() ? "" : ".") + question.substr(at + 1, length);
      at += length + 1U;
    }
    const std::string asked = question.substr(head_size, at + 5 - head_size);
    const auto type = static_cast<std::uint16_t>(static_cast<unsigned char>(question[at + 1]) << 8U |
                                                 static_cast<unsigned char>(question[at + 2]));
    const auto zone = zones_.find(name);
    const Zone found = zone == zones_.end() ? Zone{.says = Says::no_such_name} : zone->second;
    if (found.says == Says::silence) return {};
    if (found.says == Says::garbage) return question.substr(0, 2) + "\x81\x80 garbage";
    std::string records;
    unsigned count = 0;
    for (const Record& each : found.records) {
      if (each.type != type) continue;
      ++count;
      records += std::string{"\xc0\x0c", 2};  // the name that was asked for
      records += static_cast<char>(each.type >> 8U);
      records += static_cast<char>(each.type & 255U);
      records += std::string{"\0\1\0\0\0\x3c", 6};
      records += static_cast<char>(each.data.size() >> 8U);
      records += static_cast<char>(each.data.size() & 255U);
      records += each.data;
    }
    const char code = found.says == Says::no_such_name ? '\3' : found.says == Says::failure ? '\2' : '\0';
    std::string head = question.substr(0, 2);
    head += '\x81';
    head += static_cast<char>(0x80 | code);
    head += std::string{"\0\1\0", 3};
    head += static_cast<char>(count);
    head += std::string(4, '\0');
    return head + asked + records;
  }

  std::map<std::string, Zone> zones_;
  std::atomic<int> questions_ = 0;
  int socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  std::string address_;
  std::jthread thread_;
};

}  // namespace cardea::testing_support
