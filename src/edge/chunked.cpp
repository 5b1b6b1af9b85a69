#include "edge/chunked.hpp"

#include <algorithm>
#include <optional>

#include "http/field.hpp"

namespace cardea::edge {
namespace {

std::optional<std::size_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::size_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::size_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::size_t>(c - 'A' + 10);
  return std::nullopt;
}

/// What an extension is made of: visible ASCII and blanks.
bool is_visible(char c) { return (c >= ' ' && c < '\x7f') || c == '\t'; }

}  // namespace

ChunkDecoder::Taken ChunkDecoder::take(std::string_view input) {
  std::size_t used = 0;
  while (used < input.size() && progress_ == Progress::unfinished) {
    if (at_ == At::content) {
      const std::string_view content = input.substr(used, size_);
      size_ -= content.size();
      if (size_ == 0) at_ = At::content_cr;
      return {used + content.size(), content};
    }
    read(input[used]);
    ++used;
  }
  return {used, {}};
}

void ChunkDecoder::read(char c) {
  switch (at_) {
    case At::size_begin:
    case At::size: return read_size(c);
    case At::extension: return read_extension(c);
    case At::size_end: return c == '\n' ? begin_content() : end(Progress::malformed);
    case At::content: return;  // not read one by one
    case At::content_cr: return go_on_if(c == '\r', At::content_lf);
    case At::content_lf: return go_on_if(c == '\n', At::size_begin);
    case At::trailer_begin:
    case At::trailer_name:
    case At::trailer_value: return read_trailer(c);
    case At::trailer_lf: return go_on_if(c == '\n', At::trailer_begin);
    case At::last_lf: return end(c == '\n' ? Progress::complete : Progress::malformed);
  }
}

void ChunkDecoder::go_on_if(bool is_right, At next) {
  if (!is_right) return end(Progress::malformed);
  at_ = next;
}

void ChunkDecoder::read_size(char c) {
  if (const auto digit = hex_digit(c)) {
    if (at_ == At::size_begin) size_ = digits_ = 0;
    at_ = At::size;
    if (++digits_ > max_chunk_digits) return end(Progress::malformed);
    // Each digit only makes it larger, so this is before any overflow.
    size_ = size_ * 16 + *digit;
    if (size_ > left_) end(Progress::too_large);
    return;
  }
  if (at_ == At::size_begin) return end(Progress::malformed);
  if (c == ';') {
    at_ = At::extension;
    return;
  }
  go_on_if(c == '\r', At::size_end);
}

void ChunkDecoder::read_extension(char c) {
  if (c == '\r') {
    at_ = At::size_end;
    return;
  }
  if (!is_visible(c) || ++extensions_ > max_chunk_extensions) end(Progress::malformed);
}

void ChunkDecoder::begin_content() {
  left_ -= size_;
  at_ = size_ == 0 ? At::trailer_begin : At::content;
}

void ChunkDecoder::read_trailer(char c) {
  if (++trailers_ > max_trailers) return end(Progress::malformed);
  if (at_ == At::trailer_value) {
    if (c == '\r') {
      at_ = At::trailer_lf;
    } else if (!http::is_field_value({&c, 1})) {
      end(Progress::malformed);
    }
    return;
  }
  if (at_ == At::trailer_begin && c == '\r') {
    at_ = At::last_lf;
  } else if (at_ == At::trailer_name && c == ':') {
    at_ = At::trailer_value;
  } else {
    go_on_if(http::is_token({&c, 1}), At::trailer_name);
  }
}

}  // namespace cardea::edge
