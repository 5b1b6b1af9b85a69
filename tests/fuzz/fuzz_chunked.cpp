// libraries: edge
// Whatever bytes arrive as chunks: where reads cut them makes no difference, the content stays within its limit, and
// what was accepted as a body is the same body when it is sent in one chunk.

#include <algorithm>
#include <string>

#include "base/bytes.hpp"
#include "edge/chunked.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

namespace {

namespace edge = cardea::edge;
using Progress = edge::ChunkDecoder::Progress;

constexpr std::size_t most = 4096;

struct Read {
  Progress progress = Progress::unfinished;
  std::string content;
  std::size_t used = 0;
  friend bool operator==(const Read&, const Read&) = default;
};

/// Reads `text` in pieces of at most `step` bytes.
Read read(std::string_view text, std::size_t step) {
  edge::ChunkDecoder decoder{most};
  Read read;
  while (!text.empty() && decoder.progress() == Progress::unfinished) {
    const std::string_view piece = text.substr(0, step);
    const auto taken = decoder.take(piece);
    require(taken.used > 0 && taken.used <= piece.size(), "it goes on, and within what there is");
    require(taken.content.size() <= taken.used, "content is part of what was used");
    read.content += taken.content;
    read.used += taken.used;
    text.remove_prefix(taken.used);
  }
  read.progress = decoder.progress();
  require(read.content.size() <= most, "the content stays within its limit");
  return read;
}

std::string in_one_chunk(const std::string& content) {
  std::string digits;
  for (std::size_t size = content.size(); size > 0; size /= 16) digits.insert(0, 1, "0123456789ABCDEF"[size % 16]);
  return (content.empty() ? std::string{} : digits + "\r\n" + content + "\r\n") + "0\r\n\r\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = cardea::as_text({data, size});
  const Read whole = read(text, std::max<std::size_t>(size, 1));
  require(read(text, 1) == whole, "byte by byte it is the same");
  require(read(text, 7) == whole, "in pieces it is the same");
  if (whole.progress != Progress::complete) return 0;
  require(text.substr(0, whole.used).ends_with("\r\n\r\n"), "a body ends with an empty line");
  require(read(in_one_chunk(whole.content), most).content == whole.content, "in one chunk it is the same");
  return 0;
}
