#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>

#include "app/print.hpp"
#include "app/serve.hpp"

namespace cardea::app {
namespace {

// A variable of the environment, as long as this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

std::string problem_of(const Options& options = {}) {
  Settings settings;
  auto root = describe(settings);
  const auto loaded = load_settings(settings, root, options);
  return loaded ? "" : loaded.error().detail;
}

std::string shown(const Options& options) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(config_show(options, false), 0);
  return testing::internal::GetCapturedStdout();
}

TEST(Environment, variable_that_names_no_setting_is_refused_with_the_nearest) {
  for (const auto& [name, meant] :
       {std::pair{"CARDEA_DATABSE", "CARDEA_DATABASE"}, std::pair{"CARDEA_SERVER_LISTEN", "CARDEA_SERVER__LISTEN"}}) {
    const Variable misspelt{name, "x"};
    EXPECT_EQ(problem_of(), std::string{name} + ": unknown variable, did you mean " + meant + "?");
  }
  const Variable other{"CARDEA_NOTHING_LIKE_THIS", "x"};
  EXPECT_EQ(problem_of(), "CARDEA_NOTHING_LIKE_THIS: unknown variable");
}

TEST(Environment, variables_of_the_tools_are_none_of_the_programs_business) {
  const Variable jobs{"CARDEA_JOBS", "1"};
  const Variable program{"CARDEA_BIN", "x"};
  EXPECT_EQ(problem_of(), "");
}

TEST(CommandLine, what_it_says_is_shown_and_checked) {
  EXPECT_EQ(shown({}), "");
  EXPECT_EQ(shown({.database = "sqlite:x.db"}), "database = \"sqlite:x.db\"\n");
  EXPECT_EQ(shown({.data = "folder"}), "database = \"sqlite:folder/cardea.db\"\n");
  EXPECT_EQ(shown({.listen = "[::1]:80"}), "[server]\nlisten = \"[::1]:80\"\n");
  EXPECT_NE(problem_of({.database = "postgres://ann:hunter2@db.example/x"}).find("database_file"), std::string::npos);
  const Variable database{"CARDEA_DATABASE", "sqlite:other.db"};
  EXPECT_EQ(shown({.database = "sqlite:x.db"}), "database = \"sqlite:x.db\"\n") << "it wins over the environment";
}

}  // namespace
}  // namespace cardea::app
