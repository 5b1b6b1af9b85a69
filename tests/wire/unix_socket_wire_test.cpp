// Connections by a unix socket, and sockets that systemd passes: who the client is, and that every thread serves them.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <thread>

#include "tests/support/raw_client.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using testing_support::RawClient;
namespace fs = std::filesystem;

/// A folder for a socket, which goes with this.
class Place {
 public:
  Place() {
    std::string pattern = (fs::temp_directory_path() / "cardea-wire-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~Place() { fs::remove_all(folder_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] std::string path() const { return (folder_ / "it.sock").string(); }

 private:
  fs::path folder_;
};

edge::Settings at(const Place& place, std::vector<std::string> trusted = {}) {
  edge::Settings settings = House::small();
  settings.listen = "unix:" + place.path();
  settings.trusted_proxies = std::move(trusted);
  return settings;
}

/// A listening socket on a free port, as systemd makes it.
int listening_socket() {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  return made >= 0 && listen(made, 16) == 0 ? made : -1;  // the kernel chooses address and port
}

TEST(UnixSocket, serves_requests_of_one_peer_without_an_address) {
  const Place place;
  edge::Settings settings = at(place);
  settings.io_threads = 2;
  House house{settings};
  EXPECT_EQ(house.server->url(), "unix:" + place.path());
  EXPECT_EQ(house.port(), 0);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<RawClient>(place.path()));
  for (const auto& client : clients) {
    EXPECT_EQ(client->ask(post("/seen", ""))->body, "unix: open /seen");
    EXPECT_EQ(client->ask(get("/instant"))->body, "hello") << "the next request of the connection";
  }
}

TEST(UnixSocket, connections_of_strangers_by_it_are_those_of_one_client) {
  const Place place;
  for (const bool is_trusted : {false, true}) {
    edge::Settings settings = at(place, is_trusted ? std::vector<std::string>{"unix:"} : std::vector<std::string>{});
    settings.max_connections = 20;
    settings.max_connections_per_address = 1;
    House house{settings};
    RawClient first{place.path()};
    EXPECT_EQ(first.ask(get("/instant"))->status, 200);
    RawClient second{place.path()};
    EXPECT_EQ(second.ask(get("/instant")).has_value(), is_trusted) << "a proxy speaks for many";
  }
}

TEST(UnixSocket, trusted_one_may_begin_with_a_proxy_header) {
  const Place place;
  edge::Settings settings = at(place, {"unix:"});
  settings.proxy_protocol = true;
  House house{settings};
  RawClient client{place.path()};
  EXPECT_EQ(client.ask("PROXY TCP4 203.0.113.7 127.0.0.1 51234 443\r\n" + post("/seen", ""))->body,
            "203.0.113.7 open /seen");
  RawClient without{place.path()};
  ASSERT_TRUE(without.send(get("/instant")));
  EXPECT_TRUE(without.is_closed_by_peer());
}

TEST(UnixSocket, is_gone_as_soon_as_the_server_stops_and_may_be_taken_again) {
  const Place place;
  {
    House house{at(place)};
    EXPECT_THROW(House{at(place)}, std::runtime_error) << "somebody listens there";
    house.server->stop(1s);
    EXPECT_FALSE(fs::exists(place.path()));
    EXPECT_THROW(RawClient{place.path()}, std::system_error);
  }
  House again{at(place)};
  EXPECT_EQ(RawClient{place.path()}.ask(get("/instant"))->status, 200);
}

TEST(PassedSockets, are_served_each_by_every_thread) {
  const int one = listening_socket();
  const int other = listening_socket();
  ASSERT_TRUE(one >= 0 && other >= 0);
  edge::Settings settings = House::small();
  settings.listen = "systemd:";
  settings.io_threads = 2;
  settings.passed_sockets = {{"web", one}, {"also", other}};
  {
    House house{settings};
    for (const int descriptor : {one, other}) {
      sockaddr_in address{};
      socklen_t size = sizeof address;
      ASSERT_EQ(getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size), 0);
      for (int i = 0; i < 4; ++i) {
        RawClient client{ntohs(address.sin_port)};
        EXPECT_EQ(client.ask(post("/seen", ""))->body, "127.0.0.1 open /seen");
      }
      EXPECT_NE(house.server->url().find(":" + std::to_string(ntohs(address.sin_port))), std::string::npos);
    }
  }
  close(one);
  close(other);
}

TEST(PassedSockets, that_nothing_asks_for_stop_the_start_and_so_do_missing_ones) {
  const int one = listening_socket();
  edge::Settings unasked = House::small();
  unasked.passed_sockets = {{"web", one}};
  EXPECT_THROW(House{unasked}, std::runtime_error) << "its clients would wait for ever";
  edge::Settings missing = House::small();
  missing.listen = "systemd:web";
  EXPECT_THROW(House{missing}, std::runtime_error);
  close(one);
}

TEST(Pulse, silent_threads_are_named_until_they_answer) {
  for (const auto& [lane, name] : {std::pair{http::Lane::instant, "I/O thread 1"}, {http::Lane::quick, "lane quick"}}) {
    Gate gate;
    const auto hold = [&gate](const http::Call&) -> Result<http::Response> {
      gate.pass();
      return http::Response{.status = 200};
    };
    edge::Settings settings = House::small();
    settings.quick_threads = 1;
    settings.quick_queue = 1;
    House house{settings,
                {{.method = http::Method::get,
                  .path = "/hold",
                  .lane = lane,
                  .requirement = anyone,
                  .surface = &http::api_surface(),
                  .handler = hold}}};
    const auto says_within_20s = [&house](const std::vector<std::string>& who) {
      const auto give_up = std::chrono::steady_clock::now() + 20s;
      while (std::chrono::steady_clock::now() < give_up) {
        if (house.server->silent() == who) return true;
        std::this_thread::yield();
      }
      return false;
    };
    RawClient client{house.port()};
    ASSERT_TRUE(client.send(get("/hold")));
    gate.wait_for(1);
    EXPECT_TRUE(says_within_20s({name}));
    EXPECT_EQ(house.server->silent(), std::vector<std::string>{name}) << "and goes on being so";
    gate.open();
    EXPECT_TRUE(says_within_20s({}));
  }
}

}  // namespace
}  // namespace cardea::wire_tests
