#include "edge/passed_sockets.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

namespace cardea::edge {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

auto reading(const Variables& variables) {
  return [&variables](std::string_view name) -> std::optional<std::string> {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional{at->second};
  };
}

std::string names(const std::vector<PassedSocket>& sockets) {
  std::string all;
  for (const auto& socket : sockets) all += socket.name + " ";
  return all;
}

// Descriptors from 3 on are the test's own here; that real ones arrive is tested with the program (tests/crash).
TEST(PassedSockets, are_for_one_process_and_counted) {
  EXPECT_TRUE(passed_sockets(reading({}))->empty());
  EXPECT_TRUE(passed_sockets(reading({{"LISTEN_PID", "1"}, {"LISTEN_FDS", "1"}}))->empty());
  const std::string me = std::to_string(getpid());
  EXPECT_TRUE(passed_sockets(reading({{"LISTEN_PID", me}}))->empty());
  EXPECT_TRUE(passed_sockets(reading({{"LISTEN_PID", me}, {"LISTEN_FDS", "0"}}))->empty());
  for (const char* count : {"", "-1", "65", "one"}) {
    EXPECT_FALSE(passed_sockets(reading({{"LISTEN_PID", me}, {"LISTEN_FDS", count}})).ok()) << count;
  }
}

TEST(PassedSockets, are_taken_by_name_and_the_rest_by_none) {
  std::vector<PassedSocket> sockets{{"web", 3}, {"metrics", 4}, {"web", 5}, {"other", 6}};
  EXPECT_TRUE(take_named(sockets, "127.0.0.1:80").empty());
  EXPECT_TRUE(take_named(sockets, "unix:/run/web").empty());
  EXPECT_TRUE(take_named(sockets, "systemd:none").empty());
  EXPECT_EQ(names(take_named(sockets, "systemd:web")), "web web ");
  EXPECT_EQ(names(sockets), "metrics other ");
  EXPECT_EQ(names(take_named(sockets, "systemd:metrics")), "metrics ");
  EXPECT_EQ(names(take_named(sockets, "systemd:")), "other ");
  EXPECT_TRUE(sockets.empty());
}

}  // namespace
}  // namespace cardea::edge
