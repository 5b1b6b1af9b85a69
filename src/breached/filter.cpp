#include "breached/filter.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace cardea::breached {
namespace {

/// False when there is less, or the disk fails.
bool read_at(int descriptor, std::span<std::uint8_t> out, std::uint64_t offset) {
  std::size_t size = 0;
  while (size < out.size()) {
    const ssize_t count = ::pread(descriptor, out.data() + size, out.size() - size, static_cast<off_t>(offset + size));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    size += static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Result<Filter> Filter::open(const std::string& path) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe does not hold up the start
  struct stat facts{};
  if (file.number() < 0 || ::fstat(file.number(), &facts) != 0) {
    return Error{unusable, "it cannot be read: " + std::generic_category().message(errno)};
  }
  if (!S_ISREG(facts.st_mode)) return Error{unusable, "it is no regular file"};
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  Bytes head(std::min<std::uint64_t>(size, head_size));
  Bytes index(size < head_size + index_size ? 0 : index_size);
  if (!read_at(file.number(), head, 0) || !read_at(file.number(), index, head_size)) {
    return Error{unusable, "it cannot be read"};
  }
  const Head read = TRY(read_head(head, index, size));
  return Filter{std::move(file), read};
}

std::optional<bool> Filter::holds(const Key& key) const {
  std::array<std::uint8_t, 16> place{};
  if (!read_at(file_.number(), place, head_size + std::uint64_t{key.range} * 8)) return std::nullopt;
  const auto begin = load(place, 0, 8);
  const auto end = load(place, 8, 8);
  // Checked when it was opened; whoever writes over the file meanwhile is not believed.
  if (begin > end || end - begin > most_range_size) return std::nullopt;
  Bytes range(end - begin);
  if (!read_at(file_.number(), range, begin)) return std::nullopt;
  return range_holds(range, key);
}

Facts Filter::facts() const { return {.entries = head_.entries, .made_at = from_micros(head_.made_at)}; }

}  // namespace cardea::breached
