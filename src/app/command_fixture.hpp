#pragma once
// For this module's tests: the command line in process.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "app/commands.hpp"

namespace cardea::app {

struct CommandRun {
  int code = 0;
  std::string printed;     // to standard output
  std::string complained;  // to standard error
};

/// `cardea <words>`.
inline CommandRun run_command(std::vector<std::string> words) {
  words.insert(words.begin(), "cardea");
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  CommandRun run;
  run.code = app::main(static_cast<int>(arguments.size()), arguments.data());
  run.printed = testing::internal::GetCapturedStdout();
  run.complained = testing::internal::GetCapturedStderr();
  return run;
}

}  // namespace cardea::app
