#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/dev_files.hpp"
#include "app/free_port.hpp"

namespace cardea::app {
namespace {

// A port of 127.0.0.1 that is taken as long as this lives.
class TakenPort {
 public:
  TakenPort() : file_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(file_, any, size), 0);
    EXPECT_EQ(listen(file_, 1), 0);
    EXPECT_EQ(getsockname(file_, any, &size), 0);
    number = ntohs(address.sin_port);
  }
  ~TakenPort() { close(file_); }
  TakenPort(const TakenPort&) = delete;
  TakenPort& operator=(const TakenPort&) = delete;
  std::uint16_t number = 0;

 private:
  int file_;
};

TEST(FreePort, a_taken_port_is_passed_over) {
  const TakenPort taken;
  const auto place = free_port("127.0.0.1:" + std::to_string(taken.number));
  ASSERT_TRUE(place);
  EXPECT_GT(place->port, taken.number);
  EXPECT_EQ(place->listen, "127.0.0.1:" + std::to_string(place->port));
}

TEST(FreePort, port_zero_takes_any) {
  const auto place = free_port("127.0.0.1:0");
  ASSERT_TRUE(place);
  EXPECT_NE(place->port, 0);
}

TEST(FreePort, what_is_no_address_of_this_machine_is_refused) {
  for (const char* wrong : {"", "127.0.0.1", "example.com:80", "127.0.0.1:x", "127.0.0.1:70000", "192.0.2.1:0"}) {
    EXPECT_FALSE(free_port(wrong)) << wrong;
  }
}

TEST(DevSecret, is_made_once_and_only_its_owner_may_read_it) {
  std::string folder = std::filesystem::temp_directory_path() / "cardea-dev-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string inside = folder + "/data";
  const Secret first = secret_in(inside, "secret");
  const Secret second = secret_in(inside, "secret");
  EXPECT_EQ(first.reveal(), second.reveal());
  EXPECT_GE(first.size(), 43U);
  struct stat status{};
  ASSERT_EQ(stat((inside + "/secret").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(stat(inside.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{inside}, {}), 1) << "no draft is left behind";
  EXPECT_NE(secret_in(inside, "other").reveal(), first.reveal());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cardea::app
