#include "app/limits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

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

}  // namespace
}  // namespace cardea::app
