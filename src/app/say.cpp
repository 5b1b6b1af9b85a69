#include "app/say.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string>
#include <system_error>

namespace cardea::app {
namespace {

void put(std::string_view text) noexcept { (void)std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

void complain(std::string_view line) noexcept {
  put("cardea: ");
  put(line);
  if (!line.ends_with('\n')) put("\n");
}

void complain(const std::exception& problem) noexcept {
  if (dynamic_cast<const std::bad_alloc*>(&problem) != nullptr) return complain("out of memory");
  const auto* system = dynamic_cast<const std::system_error*>(&problem);
  if (system != nullptr && system->code() == std::errc::resource_unavailable_try_again) {
    return complain(
        "no thread can be started: out of memory, or of the processes that are permitted (ulimit -v, ulimit -u)");
  }
  complain(problem.what());
}

int fail(const Error& error) noexcept {
  complain(error.kind->title);
  put(error.detail);
  if (!error.detail.ends_with('\n')) put("\n");
  return 1;
}

void occupy_standard_descriptors() noexcept {
  int descriptor = 0;
  do {
    descriptor = ::open("/dev/null", O_RDONLY);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor > STDERR_FILENO) ::close(descriptor);
}

int end_printing(int code) noexcept {
  errno = 0;
  const bool is_flushed = std::fflush(stdout) == 0;
  const int reason = errno;  // 0 when it had failed before
  if (!is_flushed || std::ferror(stdout) != 0) {
    complain(std::string{"what it printed did not arrive"} + (reason != 0 ? ": " : "") +
             (reason != 0 ? std::strerror(reason) : ""));
    return code == 0 ? 1 : code;
  }
  return code == 0 && std::ferror(stderr) != 0 ? 1 : code;
}

}  // namespace cardea::app
