#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/print.hpp"

namespace cardea::app {
namespace {

TEST(DataCommands, make_no_database_where_none_is) {
  std::string folder = std::filesystem::temp_directory_path() / "cardea-none-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/none.db";
  const Options options{.database = "sqlite:" + path};
  testing::internal::CaptureStderr();
  EXPECT_EQ(migrate_status(options), 1);
  EXPECT_EQ(audit_verify(options), 1);
  EXPECT_EQ(user_block(options, "ann"), 1);
  EXPECT_EQ(user_unblock(options, "ann"), 1);
  EXPECT_EQ(set_role(options, "ann", Role::owner), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("there is no database at sqlite:" + path), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace cardea::app
