// What a command prints arrives, or the command fails.
#include "app/say.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "app/command_fixture.hpp"

namespace cardea::app {
namespace {

/// The exit code of `cardea <words>` whose standard output is `descriptor`, or closed when that is negative.
int printed_into(int descriptor, std::vector<std::string> words) {
  words.insert(words.begin(), "cardea");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  testing::internal::CaptureStderr();  // first, or it would take the closed descriptor
  (void)std::fflush(stdout);
  const int kept = ::dup(STDOUT_FILENO);
  if (descriptor < 0) {
    ::close(STDOUT_FILENO);
  } else {
    ::dup2(descriptor, STDOUT_FILENO);
  }
  const int code = app::main(static_cast<int>(arguments.size()), arguments.data());
  ::dup2(kept, STDOUT_FILENO);
  ::close(kept);
  std::clearerr(stdout);
  std::cout.clear();
  const auto complained = testing::internal::GetCapturedStderr();
  EXPECT_EQ(code == 0, complained.empty()) << complained;
  return code;
}

class Printing : public testing::Test {
 protected:
  Printing() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    const std::string url = "sqlite:" + folder_ + "/cardea.db";
    EXPECT_EQ(run_command({"migrate", "up", "--database", url}).code, 0);
    commands_ = {{"version"},
                 {"--help"},
                 {"openapi"},
                 {"routes"},
                 {"errors"},
                 {"secret", "generate"},
                 {"config", "schema"},
                 {"config", "reference"},
                 {"config", "show", "--defaults"},
                 {"migrate", "up", "--database", url},
                 {"migrate", "status", "--database", url},
                 {"audit", "verify", "--database", url}};
  }
  ~Printing() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-say-XXXXXX";
  std::vector<std::vector<std::string>> commands_;
};

TEST_F(Printing, to_where_there_is_no_room_fails) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  const int room = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  for (const auto& words : commands_) {
    EXPECT_EQ(printed_into(full, words), 1) << words[0] << " " << words.back();
    EXPECT_EQ(printed_into(room, words), 0) << words[0] << " " << words.back();
  }
  ::close(full);
  ::close(room);
}

TEST_F(Printing, to_a_pipe_that_nobody_reads_any_more_fails) {
  const auto before = std::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  ::close(ends[0]);
  for (const auto& words : commands_) EXPECT_EQ(printed_into(ends[1], words), 1) << words[0] << " " << words.back();
  ::close(ends[1]);
  (void)std::signal(SIGPIPE, before);
}

TEST_F(Printing, to_a_closed_descriptor_fails_and_goes_into_no_file_that_is_opened_later) {
  for (const auto& words : commands_) EXPECT_EQ(printed_into(-1, words), 1) << words[0] << " " << words.back();
}

}  // namespace
}  // namespace cardea::app
