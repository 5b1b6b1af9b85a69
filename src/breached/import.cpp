#include "breached/import.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include "breached/filter.hpp"
#include "breached/filter_writer.hpp"
#include "breached/list_line.hpp"

namespace cardea::breached {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t block_size = std::size_t{1} << 20U;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr int files_between_looks = 64;

/// Lines of a descriptor, one after the other.
class LineSource {
 public:
  /// `buffer` is shared by all files of a folder, one after the other.
  LineSource(int descriptor, std::vector<char>& buffer) : descriptor_(descriptor), buffer_(buffer) {}

  /// The next line without its end, valid until the next call; absent at the end of the file. A line that is too long
  /// for any list comes in pieces.
  std::optional<std::string_view> next() {
    for (;;) {
      const auto rest = std::string_view{buffer_.data() + begin_, end_ - begin_};
      const auto newline = rest.find('\n');
      const bool is_last = newline == std::string_view::npos && (is_at_end_ || rest.size() > longest_line);
      if (newline != std::string_view::npos || (is_last && !rest.empty())) {
        begin_ += std::min(newline == std::string_view::npos ? rest.size() : newline + 1, rest.size());
        auto line = rest.substr(0, newline);
        if (lines_++ == 0 && line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
        return line;
      }
      if (is_at_end_) return std::nullopt;
      refill();
    }
  }
  [[nodiscard]] std::int64_t lines() const { return lines_; }
  [[nodiscard]] std::int64_t bytes_read() const { return bytes_read_; }

 private:
  void refill() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    ssize_t count = -1;
    do count = ::read(descriptor_, buffer_.data() + end_, buffer_.size() - end_);
    while (count < 0 && errno == EINTR);
    if (count < 0) throw std::system_error(errno, std::generic_category(), "the list cannot be read");
    is_at_end_ = count == 0;
    end_ += static_cast<std::size_t>(count);
    bytes_read_ += count;
  }

  const int descriptor_;
  std::vector<char>& buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool is_at_end_ = false;
  std::int64_t lines_ = 0;
  std::int64_t bytes_read_ = 0;
};

struct Job {
  FilterWriter& writer;
  const ImportProgress& progress;
  std::vector<char>& buffer;
};

/// All lines of one descriptor. `tell` is called after each block.
Result<Done> read_lines(const Job& job, ListLines& lines, int descriptor, const std::string& name,
                        const std::function<void(std::int64_t bytes)>& tell) {
  LineSource source{descriptor, job.buffer};
  std::int64_t told = -1;
  while (const auto line = source.next()) {
    if (source.bytes_read() != told) tell(told = source.bytes_read());
    auto key = lines.read(*line);
    auto added = key && *key ? job.writer.add(**key) : Result<Done>{done};
    if (key && added) continue;
    const auto& error = key ? added.error() : key.error();
    return Error{unusable, fmt::format("{}:{}: {}", name, source.lines(), error.detail)};
  }
  return done;
}

Descriptor open_list(const std::string& path) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number() < 0) throw std::system_error(errno, std::generic_category(), path + " cannot be read");
  (void)::posix_fadvise(file.number(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return file;
}

Result<Done> read_stream(const Job& job, int descriptor, const std::string& name) {
  struct stat facts{};
  const bool is_file = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
  const std::int64_t all = is_file ? facts.st_size : 0;
  ListLines lines;
  if (const auto prefix = prefix_of(fs::path{name}.stem().string())) lines.set_prefix(*prefix);
  return read_lines(job, lines, descriptor, name, [&](std::int64_t bytes) { job.progress(bytes, all); });
}

/// The files of ranges, in the order of these.
Result<std::vector<fs::path>> range_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{folder}) {
    if (!prefix_of(entry.path().stem().string())) {
      return Error{unusable, entry.path().string() + ": it is not named after a range, such as 0A3F2 or 0A3F2.txt"};
    }
    files.push_back(entry.path());
  }
  std::ranges::sort(files, {}, [](const fs::path& file) { return *prefix_of(file.stem().string()); });
  return files;
}

Result<Done> read_folder(const Job& job, const fs::path& folder) {
  const auto files = TRY(range_files(folder));
  const auto all = std::ssize(files);
  for (std::int64_t i = 0; i < all; ++i) {
    if (i % files_between_looks == 0) job.progress(i, all);
    const auto& file = files[static_cast<std::size_t>(i)];
    ListLines lines;
    lines.set_prefix(*prefix_of(file.stem().string()));
    TRY(read_lines(job, lines, open_list(file).number(), file.string(), [](std::int64_t) {}));
  }
  return done;
}

}  // namespace

Result<Facts> import_list(const std::string& place, const std::string& filter, Time now,
                          const ImportProgress& progress) {
  const Descriptor out{::open(filter.c_str(), O_WRONLY | O_CLOEXEC)};
  if (out.number() < 0) throw std::system_error(errno, std::generic_category(), filter);
  FilterWriter writer{out.number()};
  std::vector<char> buffer(block_size);
  const Job job{.writer = writer, .progress = progress, .buffer = buffer};
  if (place == "-") {
    TRY(read_stream(job, STDIN_FILENO, "standard input"));
  } else if (fs::is_directory(place)) {
    TRY(read_folder(job, place));
  } else {
    TRY(read_stream(job, open_list(place).number(), place));
  }
  return writer.finish(now);
}

}  // namespace cardea::breached
