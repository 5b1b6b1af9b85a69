// The command line as somebody meets it who does not know it yet: help, version, suggestions, completion, manual pages.
#include "app/command_tree.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "app/command_fixture.hpp"
#include "app/command_list.hpp"

namespace cardea::app {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Every command of the program, as words.
std::vector<std::vector<std::string>> all_commands() {
  CommandList list;
  std::vector<std::vector<std::string>> commands;
  walk(list.tree(), [&](const CommandPath& path) {
    std::vector<std::string> words;
    for (std::size_t i = 1; i < path.size(); ++i) words.push_back(path[i]->name);
    commands.push_back(std::move(words));
  });
  return commands;
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text = "cardea";
  for (const auto& word : words) text += " " + word;
  return text;
}

TEST(CommandLine, alone_prints_help_with_examples) {
  const auto run = run_command({});
  EXPECT_EQ(run.code, 0);
  EXPECT_TRUE(has(run.printed, "Usage: cardea <command>")) << run.printed;
  EXPECT_TRUE(has(run.printed, "cardea audit list --kind signin.failed --since 24h")) << run.printed;
  EXPECT_EQ(run.complained, "");
  EXPECT_EQ(run_command({"user"}).code, 0) << "a noun alone likewise";
}

TEST(CommandLine, tells_the_version_in_every_way_that_is_tried) {
  const auto expected = run_command({"version"}).printed;
  EXPECT_TRUE(expected.starts_with("cardea ")) << expected;
  for (const char* word : {"--version", "-V"}) {
    const auto run = run_command({word});
    EXPECT_EQ(run.code, 0) << word;
    EXPECT_EQ(run.printed, expected) << word;
  }
}

TEST(CommandLine, helps_with_every_command_by_option_and_by_word) {
  for (auto words : all_commands()) {
    const auto name = joined_words(words);
    auto asked = words;
    asked.emplace_back("--help");
    const auto by_option = run_command(asked);
    EXPECT_EQ(by_option.code, 0) << name;
    EXPECT_TRUE(has(by_option.printed, "Usage: " + name)) << by_option.printed;
    words.insert(words.begin(), "help");
    EXPECT_EQ(run_command(words).printed, by_option.printed) << name;
    EXPECT_EQ(by_option.complained, "") << name;
  }
}

TEST(CommandLine, suggests_what_was_meant) {
  struct Slip {
    std::vector<std::string> words;
    std::string meant;
  };
  for (const auto& [words, meant] : std::vector<Slip>{{{"user", "blok", "ann"}, "did you mean `cardea user block`?"},
                                                      {{"usr", "list"}, "did you mean `cardea user`?"},
                                                      {{"help", "user", "blok"}, "did you mean `cardea user block`?"},
                                                      {{"block", "ann"}, "did you mean `cardea user block`?"},
                                                      {{"--json", "audit", "lst"}, "did you mean `cardea audit list`?"},
                                                      {{"user", "list", "--jsn"}, "did you mean `--json`?"},
                                                      {{"audit", "list", "--sinc=3h"}, "did you mean `--since`?"}}) {
    const auto run = run_command(words);
    EXPECT_EQ(run.code, 2) << joined_words(words);
    EXPECT_TRUE(has(run.complained, meant)) << run.complained;
    EXPECT_EQ(run.printed, "") << joined_words(words);
  }
  EXPECT_FALSE(has(run_command({"xyzzy"}).complained, "did you mean"));
}

TEST(CommandLine, takes_options_before_the_command_too) {
  const auto before = run_command({"--database", "sqlite:/nowhere/cardea.db", "user", "list"});
  const auto behind = run_command({"user", "list", "--database", "sqlite:/nowhere/cardea.db"});
  EXPECT_EQ(before.code, 1);
  EXPECT_TRUE(has(before.complained, "there is no database at sqlite:/nowhere/cardea.db")) << before.complained;
  EXPECT_EQ(before.complained, behind.complained);
}

TEST(CommandLine, refuses_an_empty_word_anywhere_as_a_variable_that_is_not_set) {
  for (const auto& words : std::vector<std::vector<std::string>>{{"backup", ""},
                                                                 {"backup", "--database", ""},
                                                                 {"backup", "--database="},
                                                                 {"user", "block", ""},
                                                                 {"audit", "export", ""},
                                                                 {"audit", "list", "--kind", ""},
                                                                 {"restore", ""},
                                                                 {"serve", "--config", ""},
                                                                 {"migrate", "up", "--data", ""},
                                                                 {"move", "--to", ""},
                                                                 {""}}) {
    const auto run = run_command(words);
    EXPECT_EQ(run.code, 2) << joined_words(words);
    EXPECT_TRUE(has(run.complained, "is a variable not set?")) << run.complained;
  }
}

TEST(CommandLine, has_a_line_for_each_command_and_option_and_one_name_for_each) {
  CommandList list;
  walk(list.tree(), [](const CommandPath& path) {
    const auto& command = *path.back();
    EXPECT_FALSE(command.what.empty()) << words_of(path);
    EXPECT_FALSE(command.what.ends_with('.')) << words_of(path);
    EXPECT_NE(command.below.empty(), !command.run) << words_of(path);
    for (const auto& parameter : command.parameters) {
      EXPECT_FALSE(parameter.what.empty()) << words_of(path) << " " << parameter.name;
      EXPECT_EQ(parameter.is_flag() || !parameter.is_option(), parameter.value.empty()) << parameter.name;
    }
    for (const auto& example : command.examples)
      EXPECT_TRUE(example.line.starts_with("cardea ") || has(example.line, "cardea")) << example.line;
  });
}

TEST(Completion, offers_every_command_and_option_in_each_shell) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const auto run = run_command({"completion", shell});
    EXPECT_EQ(run.code, 0) << shell;
    for (const char* word : {"signout", "audit", "follow", "no-input", "auditor"})
      EXPECT_TRUE(has(run.printed, word)) << shell;
  }
  EXPECT_EQ(run_command({"completion", "tcsh"}).code, 2);
}

TEST(Completion, of_bash_completes_what_stands_before_the_cursor) {
  const auto script = run_command({"completion", "bash"}).printed;
  const auto complete = [&](const std::string& words) {
    const std::string line = script + "\nCOMP_WORDS=(" + words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _cardea; " +
                             "echo \"${COMPREPLY[*]}\"\n";
    FILE* pipe = ::popen(("bash <<'END'\n" + line + "END\n").c_str(), "r");
    std::string printed;
    std::array<char, 4096> piece{};
    while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) printed += piece.data();
    ::pclose(pipe);
    return printed;
  };
  EXPECT_EQ(complete("cardea us"), "user\n");
  EXPECT_EQ(complete("cardea user bl"), "block\n");
  EXPECT_EQ(complete("cardea admin grant ann --role su"), "support\n");
  EXPECT_EQ(complete("cardea audit list --si"), "--since\n");
}

TEST(ManualPage, tells_every_command) {
  CommandList list;
  const auto tree = list.tree();
  const auto page = manual_page({&tree, tree.find("audit")}, "1.2.3");
  EXPECT_TRUE(page.starts_with(".TH CARDEA\\-AUDIT 1 ")) << page;
  for (const char* part : {".SS \"cardea audit list\"", "\\fB\\-\\-since\\fR \\fITIME\\fR", "signin.failed"}) {
    EXPECT_TRUE(has(page, part)) << page;
  }
  for (const auto& line : {std::string{"\n.\n"}, std::string{"\n'"}}) EXPECT_FALSE(has(page, line)) << page;
}

TEST(ManualPage, that_cannot_be_written_is_named_and_the_others_are_there) {
  std::string folder = std::filesystem::temp_directory_path() / "cardea-man-XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  EXPECT_EQ(run_command({"man", "--to", folder}).code, 0);
  const std::string page = folder + "/cardea-audit.1";
  EXPECT_TRUE(std::filesystem::remove(page));
  std::filesystem::create_directory(page);
  const auto run = run_command({"man", "--to", folder});
  EXPECT_EQ(run.code, 6);
  EXPECT_TRUE(has(run.complained, page + " cannot be written")) << run.complained;
  std::filesystem::remove_all(folder);
  EXPECT_EQ(run_command({"man", "--to", folder}).code, 1) << "none of them";
}

}  // namespace
}  // namespace cardea::app
