#include "edge/unix_listener.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

namespace cardea::edge {
namespace {

namespace fs = std::filesystem;

class UnixSocket : public testing::Test {
 protected:
  UnixSocket() {
    std::string pattern = (fs::temp_directory_path() / "cardea-unix-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~UnixSocket() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path() const { return (folder_ / "it.sock").string(); }

  /// A socket's file with nobody behind it, as a killed program leaves it.
  void leave_one_behind() const {
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
  }

  fs::path folder_;
};

TEST_F(UnixSocket, file_has_the_mode_asked_for_and_goes_with_the_socket) {
  for (const mode_t mode : {0600U, 0660U, 0666U, 0777U}) {
    const mode_t before = umask(077);
    auto listener = UnixListener::open(path(), mode);
    umask(before);
    ASSERT_TRUE(listener.ok()) << listener.error().detail;
    struct stat facts{};
    ASSERT_EQ(::stat(path().c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, mode);
    EXPECT_TRUE(S_ISSOCK(facts.st_mode));
    listener->reset();
    EXPECT_TRUE(fs::is_empty(folder_)) << "no lock either";
  }
}

TEST_F(UnixSocket, one_left_behind_is_replaced) {
  leave_one_behind();
  EXPECT_TRUE(UnixListener::open(path(), 0660).ok());
}

TEST_F(UnixSocket, one_that_somebody_listens_at_is_not) {
  auto first = UnixListener::open(path(), 0660);
  ASSERT_TRUE(first.ok());
  const auto second = UnixListener::open(path(), 0660);
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().detail.find("another program listens there"), std::string::npos);
  EXPECT_TRUE(fs::exists(path()));
}

TEST_F(UnixSocket, what_is_no_socket_is_left_alone) {
  std::ofstream{path()} << "a letter";
  EXPECT_FALSE(UnixListener::open(path(), 0660).ok());
  EXPECT_EQ(fs::file_size(path()), 8U);
  fs::remove(path());
  fs::create_symlink("/dev/null", path());
  EXPECT_FALSE(UnixListener::open(path(), 0660).ok());
  EXPECT_TRUE(fs::is_symlink(path()));
}

TEST_F(UnixSocket, in_a_folder_that_is_not_there_is_an_error) {
  const auto listener = UnixListener::open((folder_ / "no" / "it.sock").string(), 0660);
  ASSERT_FALSE(listener.ok());
  EXPECT_NE(listener.error().detail.find("No such file"), std::string::npos) << listener.error().detail;
}

TEST_F(UnixSocket, file_of_a_successor_is_left_to_it) {
  auto first = UnixListener::open(path(), 0660);
  ASSERT_TRUE(first.ok());
  fs::remove(path());
  auto second = UnixListener::open(path(), 0660);
  ASSERT_TRUE(second.ok());
  first->reset();
  EXPECT_TRUE(fs::exists(path()));
}

TEST_F(UnixSocket, of_many_that_start_at_once_over_one_left_behind_one_gets_it) {
  for (int round = 0; round < 20; ++round) {
    leave_one_behind();
    std::atomic<int> won{0};
    std::atomic<int> decided{0};
    constexpr int many = 4;
    std::vector<std::jthread> threads;
    for (int i = 0; i < many; ++i) {
      threads.emplace_back([&] {
        const auto listener = UnixListener::open(path(), 0660);
        if (listener.ok()) ++won;
        ++decided;
        while (decided < many) std::this_thread::yield();
      });
    }
    threads.clear();
    EXPECT_EQ(won, 1);
    EXPECT_TRUE(fs::is_empty(folder_));
  }
}

}  // namespace
}  // namespace cardea::edge
