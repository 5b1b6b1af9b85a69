// `cardea user invite`.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/command_fixture.hpp"
#include "encoding/value.hpp"

namespace cardea::app {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

class Invite : public ::testing::Test {
 protected:
  Invite() {
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error{"no folder"};
    EXPECT_EQ(run_command({"migrate", "up", "--data", folder_}).code, 0);
  }
  ~Invite() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[nodiscard]] CommandRun invite(std::vector<std::string> more) const {
    std::vector<std::string> words{"user", "invite", "--data", folder_};
    words.insert(words.end(), more.begin(), more.end());
    return run_command(words);
  }
  std::string folder_ = std::filesystem::temp_directory_path() / "cardea-invite-XXXXXX";
};

TEST_F(Invite, prints_a_link_and_says_what_it_does) {
  const auto run =
      invite({"--url", "https://auth.example.com", "--email", "Ann@Example.com", "--role", "support", "--days", "3"});
  EXPECT_EQ(run.code, 0) << run.complained;
  constexpr std::string_view before = "https://auth.example.com/invite?link=";
  EXPECT_TRUE(run.printed.starts_with(before)) << run.printed;
  EXPECT_EQ(run.printed.size(), before.size() + 43 + 1);
  EXPECT_TRUE(has(run.complained, "can make an account, for Ann@Example.com. It has the role support."))
      << run.complained;
  const auto trail = run_command({"audit", "list", "--kind", "signup.invited", "--json", "--data", folder_});
  EXPECT_TRUE(has(trail.printed, "\"support\"")) << trail.printed;
  EXPECT_FALSE(has(trail.printed, run.printed.substr(before.size(), 43)));
}

TEST_F(Invite, gives_a_program_one_object) {
  const auto run = invite({"--json"});
  EXPECT_EQ(run.code, 0);
  const auto object = wire::parse(run.printed);
  ASSERT_TRUE(object) << run.printed;
  EXPECT_NE(object->find("url"), nullptr);
  EXPECT_NE(object->find("expires_at"), nullptr);
}

TEST_F(Invite, refuses_what_cannot_be_meant) {
  EXPECT_EQ(invite({"--email", "nowhere"}).code, 1);
  EXPECT_EQ(invite({"--role", "king"}).code, 2);
  EXPECT_EQ(invite({"--days", "0"}).code, 2);
  EXPECT_EQ(invite({"--days", "91"}).code, 2);
}

}  // namespace
}  // namespace cardea::app
