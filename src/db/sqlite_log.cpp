#include "db/sqlite_log.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <random>
#include <vector>

namespace cardea::db::sqlite {
namespace {

// https://www.sqlite.org/fileformat2.html: sections 1.3 (the header of the file) and 4.1 (that of the log)
constexpr std::size_t header_size = 100;
constexpr std::size_t log_header_size = 32;
constexpr std::size_t frame_header_size = 24;
constexpr std::uint32_t log_magic = 0x377f0682;  // or that and one more
constexpr std::uint32_t log_version = 3'007'000;

using Header = std::array<unsigned char, header_size>;

std::uint32_t number(const unsigned char* bytes) {
  return (std::uint32_t{bytes[0]} << 24U) | (std::uint32_t{bytes[1]} << 16U) | (std::uint32_t{bytes[2]} << 8U) |
         std::uint32_t{bytes[3]};
}

template <class Bytes>
bool read_at(std::ifstream& in, std::uint64_t offset, Bytes& bytes) {
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return static_cast<bool>(in);
}

std::uint32_t stamp_of(const Header& header) { return number(&header[60]); }
bool is_first(std::uint32_t stamp) { return stamp != 0 && stamp % 0x1000 == 0; }

/// The headers of the first page that the log holds, in order; none when it holds no whole transaction, which SQLite
/// takes for an empty log. What stands behind a frame whose salts are not the log's is left over from an earlier one.
std::vector<Header> headers_in_log(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::array<unsigned char, log_header_size> head{};
  if (!in || !read_at(in, 0, head)) return {};
  const std::uint64_t page_size = number(&head[8]);
  if ((number(head.data()) & ~1U) != log_magic || number(&head[4]) != log_version || page_size < 512) return {};
  std::vector<Header> headers;
  bool has_commit = false;
  std::array<unsigned char, frame_header_size> frame{};
  for (std::uint64_t at = log_header_size; read_at(in, at, frame); at += frame_header_size + page_size) {
    if (!std::equal(&frame[8], &frame[16], &head[16])) break;
    Header page{};
    if (number(frame.data()) == 1) {
      if (!read_at(in, at + frame_header_size, page)) break;
      headers.push_back(page);
    }
    has_commit = has_commit || number(&frame[4]) != 0;
  }
  return has_commit ? headers : std::vector<Header>{};
}

/// Whether `next` may be the first header that was written after `header`, and nothing between them.
bool follows(const Header& next, const Header& header) {
  const auto stamp = stamp_of(header);
  const bool is_stamped_first = stamp == 0 && is_first(stamp_of(next));
  const bool is_in_turn =
      stamp_of(next) == stamp || stamp_of(next) == static_cast<std::uint32_t>(next_stamp(static_cast<int>(stamp)));
  if (!is_stamped_first && !is_in_turn) return false;
  // What may have changed besides: counters of changes and pages, free pages, the stamp, SQLite's own version.
  const auto is_same = [&](std::size_t from, std::size_t to) {
    return std::equal(header.begin() + static_cast<std::ptrdiff_t>(from),
                      header.begin() + static_cast<std::ptrdiff_t>(to),
                      next.begin() + static_cast<std::ptrdiff_t>(from));
  };
  return is_same(0, 24) && is_same(40, 60) && is_same(64, 68) && (is_stamped_first || is_same(68, 92));
}

}  // namespace

int first_stamp() {
  std::random_device random;
  return static_cast<int>(std::uniform_int_distribution<int>{1, 0x7fffe}(random)) * 0x1000;
}

int next_stamp(int stamp) { return stamp < 0x7fffffff ? stamp + 1 : 1; }

bool has_foreign_log(const std::filesystem::path& file) {
  const auto headers = headers_in_log(file.string() + "-wal");
  if (headers.empty() || stamp_of(headers.front()) == 0) return false;
  std::ifstream in{file, std::ios::binary};
  Header header{};
  if (!in || !read_at(in, 0, header)) return true;
  return std::ranges::find(headers, header) == headers.end() && !follows(headers.front(), header);
}

std::string advice_on_foreign_log(const std::filesystem::path& file) {
  const std::string name = file.string();
  return name + "-wal does not belong to " + name +
         ": it is the log of another file, or of this one at another time, and would spoil it. Nothing was changed. If "
         "you copied a backup here, move " +
         name + "-wal and " + name +
         "-shm elsewhere and put it in place with `cardea restore BACKUP`. If the file is the one you want as it is, "
         "move the two elsewhere and start again; what only the log holds is then not in it.";
}

}  // namespace cardea::db::sqlite
