#pragma once
// A listening unix socket and its file.

#include <sys/stat.h>

#include <memory>
#include <string>

#include "base/result.hpp"

namespace cardea::edge {

/// Owns both. The file goes with it, unless another socket has taken its place.
class UnixListener {
 public:
  /// Listens at `path`, in a folder that is there, with a file of exactly this mode at no time wider. A file that a
  /// socket left behind is replaced; one that somebody listens at, and one that is no socket, is not.
  /// Errors: edge.cannot_listen.
  [[nodiscard]] static Result<std::unique_ptr<UnixListener>> open(const std::string& path, mode_t mode);
  ~UnixListener();
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  UnixListener(std::string path, int descriptor, const struct stat& file)
      : path_(std::move(path)), descriptor_(descriptor), file_(file) {}

  std::string path_;
  int descriptor_;
  struct stat file_;
};

}  // namespace cardea::edge
