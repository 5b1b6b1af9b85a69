#include "tests/support/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace cardea::testing_support {
namespace {

namespace fs = std::filesystem;

/// Budgets that a load test lifts, and the cheapest hash.
std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    if (!text.starts_with("CARDEA_") || text.starts_with("CARDEA_SERVER__DRAIN=")) all.emplace_back(text);
  }
  for (const auto* budget : {"SIGNIN_ACCOUNT", "SIGNIN_DEVICE", "SIGNIN_ADDRESS", "SIGNIN_WHOLE", "SIGNIN_RIGHT",
                             "SIGNIN_ACCOUNT_WHOLE", "SIGNIN_RIGHT_ADDRESS", "SIGNUP_ADDRESS", "SIGNUP_WHOLE"}) {
    all.push_back("CARDEA_THROTTLE__" + std::string{budget} + "__FREE=1000000000");
  }
  all.emplace_back("CARDEA_PASSWORD__MEMORY_KIB=8");
  all.emplace_back("CARDEA_PASSWORD__PASSES=1");
  return all;
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  out.reserve(words.size() + 1);
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

/// It is told to die with this thread, so that a crashed test leaves no server behind.
pid_t spawn(const std::vector<std::string>& words, const fs::path& log, const fs::path& errors = {}) {
  const auto variables = environment();
  const auto arguments = pointers(words);
  const auto setting = pointers(variables);
  const pid_t child = ::fork();
  if (child != 0) return child;
  // From here to exec only async-signal-safe calls.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0 || ::dup2(file, 1) < 0 || ::dup2(file, 2) < 0) ::_exit(126);
  const int other = errors.empty() ? file : ::open(errors.c_str(), O_WRONLY);
  if (other < 0 || ::dup2(other, 2) < 0) ::_exit(126);
  ::execve(arguments[0], arguments.data(), setting.data());
  ::_exit(127);
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

std::vector<std::string> words_of_dev(const Folder& folder, const std::string& database) {
  std::vector<std::string> words{"dev", "--data", folder.path() / "data", "--listen", "127.0.0.1:0"};
  if (!database.empty()) words.insert(words.end(), {"--database", database});
  return words;
}

/// The port in the banner; 0 while there is none.
std::uint16_t announced_port(const std::string& log) {
  constexpr std::string_view before = "/v1/session   ";
  const auto line = log.find(before);
  const auto colon = line == std::string::npos ? line : log.rfind(':', line);
  if (colon == std::string::npos) return 0;
  return static_cast<std::uint16_t>(std::atoi(log.c_str() + colon + 1));
}

}  // namespace

Folder::Folder() {
  std::string path = (fs::temp_directory_path() / "cardea-crash-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make " + path);
  path_ = path;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Program::Program(const Folder& folder, const std::vector<std::string>& words, const fs::path& errors) {
  static int number = 0;
  log_ = folder.path() / ("log-" + std::to_string(++number));
  std::vector<std::string> all{CARDEA_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  child_ = spawn(all, log_, errors);
}

Program::Program(const Folder& folder, const std::string& database, const fs::path& errors)
    : Program(folder, words_of_dev(folder, database), Announced::port, errors) {}

Program::Program(const Folder& folder, const std::vector<std::string>& words, Announced, const fs::path& errors)
    : Program(folder, words, errors) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (port_ == 0 && std::chrono::steady_clock::now() < give_up && ::waitpid(child_, nullptr, WNOHANG) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{5});  // a file has no better way to say that it grew
    port_ = announced_port(log());
  }
  if (port_ == 0) throw std::runtime_error("the program did not start: " + log());
}

Program::~Program() {
  if (child_ > 0) kill();
}

void Program::send(int signal) const { ::kill(child_, signal); }

void Program::kill() {
  send(SIGKILL);
  (void)wait();
}

std::optional<int> Program::wait() {
  int status = 0;
  if (::waitpid(child_, &status, 0) != child_) throw std::runtime_error("there is no child to wait for");
  child_ = -1;
  return WIFEXITED(status) ? std::optional{WEXITSTATUS(status)} : std::nullopt;
}

std::string Program::log() const { return read(log_); }

bool Program::is_running() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0;
}

bool Program::says(std::string_view text, std::chrono::seconds within) const {
  const auto give_up = std::chrono::steady_clock::now() + within;
  for (bool is_last = false; log().find(text) == std::string::npos;) {
    if (is_last || std::chrono::steady_clock::now() >= give_up) return false;
    is_last = !is_running();
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

int run(const Folder& folder, const std::vector<std::string>& words) {
  std::vector<std::string> all{CARDEA_PROGRAM};
  all.insert(all.end(), words.begin(), words.end());
  const fs::path log = folder.path() / "log-command";
  fs::remove(log);
  const pid_t child = spawn(all, log);
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace cardea::testing_support
