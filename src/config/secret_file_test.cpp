#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "config/file_rights.hpp"
#include "config/test_settings.hpp"
#include "tests/support/own_mount.hpp"

namespace cardea::config {
namespace {

namespace fs = std::filesystem;

class SecretFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "cardea-config-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    const fs::path path = folder_ / name;
    std::ofstream{path, std::ios::binary} << content;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path.string();
  }
  static std::string toml(const std::string& path) { return "[signin]\npepper_file = '" + path + "'\n"; }

  fs::path folder_;
};

TEST_F(SecretFile, content_without_one_trailing_newline_is_the_secret) {
  const std::pair<std::string, std::string> cases[] = {{"hunter2\n", "hunter2"},
                                                       {"hunter2", "hunter2"},
                                                       {"hunter2\n\n", "hunter2\n"},
                                                       {" a b \n", " a b "},
                                                       {std::string{"a\0b\n", 4}, std::string{"a\0b", 3}}};
  for (const auto& [content, secret] : cases) {
    Settings settings;
    EXPECT_EQ(load_into(settings, toml(write("pepper", content))), "");
    EXPECT_EQ(settings.pepper.reveal(), secret);
  }
}

TEST_F(SecretFile, its_path_may_come_from_the_environment) {
  Settings settings;
  EXPECT_EQ(load_into(settings, "", {{"CARDEA_SIGNIN__PEPPER_FILE", write("pepper", "hunter2\n")}}), "");
  EXPECT_EQ(settings.pepper.reveal(), "hunter2");
}

TEST_F(SecretFile, a_credential_is_found_in_the_directory_systemd_made) {
  write("pepper", "hunter2\n", 0440);
  Settings settings;
  EXPECT_EQ(load_into(settings, toml("credential:pepper"), {{"CREDENTIALS_DIRECTORY", folder_.string()}}), "");
  EXPECT_EQ(settings.pepper.reveal(), "hunter2");
  EXPECT_EQ(problems(toml("credential:pepper")),
            "cardea.toml:2: signin.pepper_file: there is no $CREDENTIALS_DIRECTORY; start the server by systemd with "
            "LoadCredential=");
  for (const auto* name : {"", ".", "..", "../pepper", "a/b"}) {
    EXPECT_EQ(problems(toml(std::string{"credential:"} + name), {{"CREDENTIALS_DIRECTORY", folder_.string()}}),
              "cardea.toml:2: signin.pepper_file: a credential's name is a file name without directories")
        << name;
  }
}

TEST_F(SecretFile, what_cannot_be_a_secret_is_refused) {
  fs::create_directory(folder_ / "directory");
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  const std::pair<std::string, std::string> cases[] = {
      {(folder_ / "absent").string(), "the file cannot be read: No such file or directory"},
      {write("open", "hunter2", 0604),
       "every user of this machine may read the file; run chmod o-rw on it, or mount it read-only"},
      {write("writable", "hunter2", 0602), "every user of this machine may write to the file; run chmod o-rw on it"},
      {write("empty", ""), "the file is empty"},
      {write("blank", "\n"), "the file is empty"},
      {write("long", std::string(64 * 1024 + 1, 'x')), "the file is above 64 KiB"},
      {(folder_ / "directory").string(), "it is not a regular file"},
      {(folder_ / "pipe").string(), "it is not a regular file"},
  };
  for (const auto& [path, problem] : cases) {
    EXPECT_EQ(problems(toml(path)), "cardea.toml:2: signin.pepper_file: " + problem) << path;
  }
}

TEST_F(SecretFile, a_link_counts_as_the_file_it_names) {
  write("pepper", "hunter2\n", 0644);
  fs::create_symlink(folder_ / "pepper", folder_ / "link");
  EXPECT_NE(problems(toml((folder_ / "link").string())), "");
}

TEST_F(SecretFile, a_folder_where_everybody_writes_is_refused_also_behind_a_link) {
  const std::string problem =
      "cardea.toml:2: signin.pepper_file: every user of this machine may put another file in its place; run chmod o-w "
      "on the folder that it is in";
  fs::create_directory(folder_ / "open");
  write("open/pepper", "hunter2\n");
  fs::create_symlink(folder_ / "open/pepper", folder_ / "link");
  ASSERT_EQ(::chmod((folder_ / "open").c_str(), 0777), 0);
  EXPECT_EQ(problems(toml((folder_ / "open/pepper").string())), problem);
  EXPECT_EQ(problems(toml((folder_ / "link").string())), problem);
  ASSERT_EQ(::chmod((folder_ / "open").c_str(), 01777), 0) << "like /tmp: nobody replaces a file of somebody else's";
  EXPECT_EQ(problems(toml((folder_ / "open/pepper").string())), "");
}

TEST(FileRights, are_judged_by_who_can_use_them) {
  const auto problem = [](mode_t file, bool is_read_only, mode_t folder) {
    return problem_with({.file = file,
                         .is_read_only = is_read_only,
                         .folders = {{.path = "/run/secrets", .mode = folder, .is_read_only = is_read_only}}});
  };
  for (const mode_t mode : {0600U, 0400U, 0640U, 0440U, 0660U}) {
    EXPECT_EQ(problem(mode, false, 0755), "") << std::oct << mode;
  }
  for (const mode_t mode : {0444U, 0644U, 0604U, 0602U, 0666U}) {
    EXPECT_NE(problem(mode, false, 0755), "") << std::oct << mode;
    EXPECT_EQ(problem(mode, true, 0755), "") << std::oct << mode << " where nobody can change it, nor write";
  }
  EXPECT_NE(problem(0600, false, 0777), "");
  EXPECT_EQ(problem(0444, true, 0777), "");
  EXPECT_EQ(problem(0444, true, 01777), "") << "as Kubernetes makes it";
}

TEST_F(SecretFile, mounted_read_only_it_may_be_for_everybody_to_read_as_platforms_mount_it) {
  const fs::path mount = folder_ / "mount";
  fs::create_directory(mount);
  const bool is_permitted = testing_support::with_own_mount(mount, [&] {
    // As Kubernetes lays it out: pepper → ..data/pepper, ..data → ..2026
    fs::create_directory(mount / "..2026");
    write("mount/..2026/pepper", "hunter2\n", 0644);
    fs::create_symlink("..2026", mount / "..data");
    fs::create_symlink("..data/pepper", mount / "pepper");
    write("mount/swarm", "hunter2\n", 0444);
    ASSERT_EQ(::chmod(mount.c_str(), 0777), 0);
    EXPECT_NE(problems(toml((mount / "pepper").string())), "");
    ASSERT_TRUE(testing_support::make_read_only(mount));
    EXPECT_EQ(problems(toml((mount / "pepper").string())), "");
    EXPECT_EQ(problems(toml((mount / "swarm").string())), "");
  });
  if (!is_permitted) GTEST_SKIP() << "mounting is not permitted here";
}

TEST_F(SecretFile, neither_messages_nor_show_repeat_a_secret) {
  // A frequent slip: the secret itself where its path belongs.
  EXPECT_EQ(problems("[signin]\npepper_file = \"hunter2\"\n").find("hunter2"), std::string::npos);
  const std::string path = write("pepper", "hunter2\n");
  Settings settings;
  Section root{""};
  describe(root, settings);
  ASSERT_TRUE(load(root, toml(path), "f", [](std::string_view) { return std::nullopt; }, {}).ok());
  for (const auto& page : {show(root, true), show(root, false), reference(root), json_schema(root)}) {
    EXPECT_EQ(page.find("hunter2"), std::string::npos);
  }
  EXPECT_NE(show(root, false).find(path), std::string::npos);
}

}  // namespace
}  // namespace cardea::config
