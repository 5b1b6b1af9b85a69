#include "app/dev_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <stdexcept>

#include "crypto/system_random.hpp"
#include "encoding/base64.hpp"

namespace cardea::app {
namespace {

std::string read_all(int file) {
  std::array<char, 256> buffer{};
  const auto size = read(file, buffer.data(), buffer.size());
  close(file);
  std::string text{buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
  while (text.ends_with('\n')) text.pop_back();
  wipe(buffer.data(), buffer.size());
  return text;
}

bool write_new(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && fsync(file) == 0;
  close(file);
  return written;
}

}  // namespace

Secret generate_secret(Random& random) {
  auto bytes = random.bytes<32>();
  std::string text = encoding::base64url(bytes);
  Secret secret{text};
  wipe(text);
  wipe(bytes.data(), bytes.size());
  return secret;
}

Secret secret_in(const std::string& folder, const std::string& name) {
  if (std::filesystem::create_directories(folder)) chmod(folder.c_str(), 0700);
  const std::string path = folder + "/" + name;
  if (const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC); file >= 0) {
    std::string text = read_all(file);
    Secret secret{text};
    wipe(text);
    if (secret.size() < 32) throw std::runtime_error(path + " holds no usable secret");
    return secret;
  }
  crypto::SystemRandom random;
  const Secret made = generate_secret(random);
  // Written whole under another name first: a process killed meanwhile leaves no half secret, and of two that start at
  // once the second reads what the first has put in place.
  const std::string draft = path + "." + std::to_string(getpid());
  const bool in_place = write_new(draft, made.reveal()) && (link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  unlink(draft.c_str());
  if (!in_place) throw std::runtime_error(path + " cannot be written");
  return secret_in(folder, name);
}

}  // namespace cardea::app
