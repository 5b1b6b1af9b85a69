#include "app/limits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

namespace cardea::app {
namespace {

class OpenFiles : public testing::Test {
 protected:
  OpenFiles() {
    getrlimit(RLIMIT_NOFILE, &before_);
    log_.redirect([this](std::string_view line) { lines_ += line; });
  }
  ~OpenFiles() override { setrlimit(RLIMIT_NOFILE, &before_); }

  static rlimit now() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    return limit;
  }

  rlimit before_{};
  std::string lines_;
  observe::Log log_{observe::Format::json, observe::Level::warn};
};

TEST_F(OpenFiles, are_raised_as_far_as_the_system_lets_them) {
  const rlimit low{.rlim_cur = 256, .rlim_max = before_.rlim_max};
  ASSERT_LT(low.rlim_cur, low.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  raise_open_files(200, log_);
  EXPECT_EQ(now().rlim_cur, before_.rlim_max);
  EXPECT_EQ(lines_, "") << "two hundred connections fit";
}

TEST_F(OpenFiles, that_do_not_suffice_for_the_connections_are_warned_of) {
  if (before_.rlim_max == RLIM_INFINITY) GTEST_SKIP() << "no limit here";
  const auto most = static_cast<std::int64_t>(before_.rlim_max);
  raise_open_files(most - 100, log_);
  EXPECT_EQ(lines_, "");
  raise_open_files(most - 99, log_);
  EXPECT_NE(lines_.find("server.too_few_open_files"), std::string::npos);
  EXPECT_NE(lines_.find(std::to_string(most + 1)), std::string::npos);
}

class MemoryLimit : public testing::Test {
 protected:
  MemoryLimit() {
    std::string path = (std::filesystem::temp_directory_path() / "cardea-limits-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
    root_ = path;
  }
  ~MemoryLimit() override { std::filesystem::remove_all(root_); }
  void write(const std::string& file, const std::string& text) {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream{root_ / file} << text;
  }

  std::filesystem::path root_;
};

TEST_F(MemoryLimit, of_version_2_is_the_least_on_the_way_to_the_group) {
  const std::string group = "0::/system.slice/cardea.service\n";
  EXPECT_EQ(memory_limit(group, root_), std::nullopt);
  write("system.slice/memory.max", "100000000\n");
  write("system.slice/cardea.service/memory.max", "max\n");
  EXPECT_EQ(memory_limit(group, root_), 100'000'000U);
  write("system.slice/cardea.service/memory.max", "67108864\n");
  EXPECT_EQ(memory_limit(group, root_), 67'108'864U);
}

TEST_F(MemoryLimit, of_a_container_that_sees_its_own_group_as_the_top_is_found) {
  write("memory.max", "67108864\n");
  EXPECT_EQ(memory_limit("0::/\n", root_), 67'108'864U);
  EXPECT_EQ(memory_limit("0::/../../outside\n", root_), 67'108'864U);
}

TEST_F(MemoryLimit, of_version_1_is_in_its_own_hierarchy) {
  const std::string groups = "5:devices:/\n4:cpu,memory:/docker/2c32\n1:name=systemd:/\n0::/\n";
  write("memory/docker/2c32/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(memory_limit(groups, root_), std::nullopt) << "its way to say that there is none";
  write("memory/docker/2c32/memory.limit_in_bytes", "67108864\n");
  EXPECT_EQ(memory_limit(groups, root_), 67'108'864U);
}

TEST_F(MemoryLimit, that_cannot_be_read_is_none) {
  write("memory.max", "\n");
  for (const auto* text : {"", "\n", "0", "0:", "0::", "0::/\n", "nonsense\n\n"}) {
    EXPECT_EQ(memory_limit(text, root_), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace cardea::app
