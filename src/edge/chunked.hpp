#pragma once
// A body that comes in chunks (RFC 9112 §7.1), taken apart as it arrives. Pure: no sockets, no memory of its own.
//
// Strict where two readers could differ: CR LF ends every line, a size is hexadecimal digits and nothing else, nothing
// stands between a size and the ";" of an extension. Extensions are passed over and trailers thrown away: neither
// means anything here, and a trailer must never become a header that was checked before.

#include <cstddef>
#include <string_view>

namespace cardea::edge {

inline constexpr std::size_t max_chunk_digits = 16;  // of one size, leading zeros included
inline constexpr std::size_t max_chunk_extensions = 4 * 1024;  // bytes of a whole body's, so that they cannot hide one
inline constexpr std::size_t max_trailers = 8 * 1024;  // bytes

class ChunkDecoder {
 public:
  enum class Progress {
    unfinished,
    complete,
    malformed,  // nothing behind this can be read
    too_large,  // a chunk is announced that makes more content than there may be
  };

  /// `most` is in bytes of content.
  explicit ChunkDecoder(std::size_t most) : left_(most) {}

  struct Taken {
    std::size_t used;  // bytes of the input that are done with
    std::string_view content;  // the bytes of the body among them; a view into the input
  };
  /// Takes the front of `input`, up to the end of one run of content or the end of the body. What it does not use is
  /// behind the body, or belongs to the next call.
  [[nodiscard]] Taken take(std::string_view input);
  [[nodiscard]] Progress progress() const { return progress_; }

 private:
  enum class At {
    size_begin,
    size,
    extension,
    size_end,  // LF
    content,
    content_cr,
    content_lf,
    trailer_begin,
    trailer_name,
    trailer_value,
    trailer_lf,
    last_lf,
  };

  void read(char c);
  void read_size(char c);
  void read_extension(char c);
  void read_trailer(char c);
  void go_on_if(bool is_right, At next);
  void begin_content();
  void end(Progress why) { progress_ = why; }

  Progress progress_ = Progress::unfinished;
  At at_ = At::size_begin;
  std::size_t left_;  // content that may still be announced
  std::size_t size_ = 0;  // of the chunk that is being read, then what is left of it
  std::size_t digits_ = 0;
  std::size_t extensions_ = 0;
  std::size_t trailers_ = 0;
};

}  // namespace cardea::edge
