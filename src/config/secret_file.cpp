#include "config/secret_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/bytes.hpp"
#include "config/file_rights.hpp"
#include "config/load.hpp"

namespace cardea::config {
namespace {

constexpr std::size_t most = 64 * 1024;

class File {
 public:
  // Non-blocking, so that a pipe cannot hold up the start.
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

Error cannot_read() {
  return Error{wrong_settings, "the file cannot be read: " + std::generic_category().message(errno)};
}

Result<std::string> path_of(std::string_view value, const std::optional<std::string>& credentials_directory) {
  constexpr std::string_view scheme = "credential:";
  if (!value.starts_with(scheme)) return std::string{value};
  const std::string name{value.substr(scheme.size())};
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos) {
    return Error{wrong_settings, "a credential's name is a file name without directories"};
  }
  if (!credentials_directory || credentials_directory->empty()) {
    return Error{wrong_settings,
                 "there is no $CREDENTIALS_DIRECTORY; start the server by systemd with LoadCredential="};
  }
  return *credentials_directory + "/" + name;
}

Result<Secret> read_all(int descriptor) {
  Bytes buffer(most + 1);
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t count = ::read(descriptor, buffer.data() + size, buffer.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_read();
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  std::string_view text = as_text(BytesView{buffer}.first(size));
  if (text.ends_with('\n')) text.remove_suffix(1);
  Secret secret{text};
  wipe(buffer.data(), buffer.size());
  if (size > most) return Error{wrong_settings, "the file is above 64 KiB"};
  if (secret.empty()) return Error{wrong_settings, "the file is empty"};
  return secret;
}

}  // namespace

Result<Secret> read_secret(std::string_view value, const std::optional<std::string>& credentials_directory) {
  if (value.find('\0') != std::string_view::npos) return Error{wrong_settings, "a path has no NUL"};
  const std::string path = TRY(path_of(value, credentials_directory));
  const File file{path};
  struct stat facts{};
  if (file.descriptor() < 0 || ::fstat(file.descriptor(), &facts) != 0) return cannot_read();
  if (!S_ISREG(facts.st_mode)) return Error{wrong_settings, "it is not a regular file"};
  if (auto problem = problem_with(rights_of(file.descriptor(), path)); !problem.empty()) {
    return Error{wrong_settings, std::move(problem)};
  }
  return read_all(file.descriptor());
}

}  // namespace cardea::config
