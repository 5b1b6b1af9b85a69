#include "edge/unix_listener.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "edge/endpoint.hpp"
#include "edge/server.hpp"

namespace cardea::edge {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(Descriptor&& other) noexcept : value_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  [[nodiscard]] int get() const { return value_; }
  [[nodiscard]] int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

Error cannot(const std::string& path, const std::string& what) {
  return Error{cannot_listen, std::string{unix_scheme} + path + ": " + what};
}
Error failed(const std::string& path) { return cannot(path, std::generic_category().message(errno)); }

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
  return address;
}

Descriptor unix_socket() { return Descriptor{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)}; }

bool is_same_file(const struct stat& a, const struct stat& b) { return a.st_dev == b.st_dev && a.st_ino == b.st_ino; }

/// Of two programs that find one file left behind, the second must not take the first one's fresh socket for it: they
/// look and replace under this lock. Its file goes again, so whoever got the lock of a file that is gone tries anew.
class ReplacementLock {
 public:
  explicit ReplacementLock(const std::string& path) : path_(path + ".lock") {
    while (!try_lock()) {
    }
  }
  ~ReplacementLock() {
    if (descriptor_ < 0) return;
    ::unlink(path_.c_str());
    ::close(descriptor_);
  }
  ReplacementLock(const ReplacementLock&) = delete;
  ReplacementLock& operator=(const ReplacementLock&) = delete;
  /// False when the file cannot be made; errno tells why.
  [[nodiscard]] bool is_held() const { return descriptor_ >= 0; }

 private:
  bool try_lock() {
    Descriptor file{::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (file.get() < 0) return true;
    while (::flock(file.get(), LOCK_EX) != 0 && errno == EINTR) {
    }
    struct stat mine{};
    struct stat there{};
    const bool is_there = ::fstat(file.get(), &mine) == 0 && ::stat(path_.c_str(), &there) == 0;
    if (is_there && is_same_file(mine, there)) descriptor_ = file.release();
    return descriptor_ >= 0;
  }

  std::string path_;
  int descriptor_ = -1;
};

/// Removes a socket's file that nobody listens at.
Result<Done> make_room(const std::string& path, const sockaddr_un& address) {
  struct stat there{};
  if (::lstat(path.c_str(), &there) != 0) return errno == ENOENT ? Result<Done>{done} : failed(path);
  if (!S_ISSOCK(there.st_mode)) return cannot(path, "there is a file already that is no socket");
  const Descriptor probe = unix_socket();
  if (probe.get() < 0) return failed(path);
  // Anything but a refusal means that somebody is there: with a full queue, or not for us to talk to.
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno != ECONNREFUSED) {
    return cannot(path, "another program listens there");
  }
  return ::unlink(path.c_str()) == 0 || errno == ENOENT ? Result<Done>{done} : failed(path);
}

}  // namespace

Result<std::unique_ptr<UnixListener>> UnixListener::open(const std::string& path, mode_t mode) {
  const sockaddr_un address = address_of(path);
  const ReplacementLock lock{path};
  if (!lock.is_held()) return failed(path);
  TRY(make_room(path, address));
  Descriptor socket = unix_socket();
  // Linux gives the file the mode that the socket has, less the umask, so at no time more; chmod then gives back what
  // the umask took.
  struct stat file{};
  const bool is_listening = socket.get() >= 0 && ::fchmod(socket.get(), mode) == 0 &&
                            ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                            ::chmod(path.c_str(), mode) == 0 && ::listen(socket.get(), SOMAXCONN) == 0 &&
                            ::stat(path.c_str(), &file) == 0;
  if (!is_listening) return failed(path);
  return std::unique_ptr<UnixListener>{new UnixListener{path, socket.release(), file}};
}

UnixListener::~UnixListener() {
  struct stat there{};
  if (::lstat(path_.c_str(), &there) == 0 && is_same_file(there, file_)) ::unlink(path_.c_str());
  ::close(descriptor_);
}

}  // namespace cardea::edge
