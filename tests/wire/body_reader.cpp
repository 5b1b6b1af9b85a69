#include "tests/wire/body_reader.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace cardea::wire_tests {

BodyReader::BodyReader(const testing_support::RawAnswer& head)
    : has_chunks_(head.field("Transfer-Encoding") == "chunked") {
  const std::string length = head.field("Content-Length");
  if (has_chunks_) {
    state_ = length.empty() ? State::chunk_size : State::wrong;
  } else if (!length.empty()) {
    left_ = static_cast<std::uint64_t>(text::parse_integer(length).value());
    if (left_ == 0) state_ = State::complete;
  } else {
    left_ = UINT64_MAX;
  }
}

void BodyReader::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ != State::wrong) {
    if (state_ == State::complete) {
      state_ = State::wrong;  // nothing was asked for that could come now
    } else if (state_ == State::content) {
      bytes = take_content(bytes);
    } else {
      bytes = take_line(bytes);
    }
  }
}

std::string_view BodyReader::take_content(std::string_view bytes) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>({left_, bytes.size(), Pattern::max_size}));
  if (bytes.substr(0, size) != pattern_.at(received_, size)) {
    state_ = State::wrong;
    return {};
  }
  received_ += size;
  left_ -= size;
  if (left_ == 0) state_ = has_chunks_ ? State::chunk_end : State::complete;
  return bytes.substr(size);
}

std::string_view BodyReader::take_line(std::string_view bytes) {
  line_ += bytes.front();
  if (line_.ends_with("\r\n")) use_line();
  if (line_.size() > 16) state_ = State::wrong;
  return bytes.substr(1);
}

void BodyReader::use_line() {
  const std::string line = line_.substr(0, line_.size() - 2);
  line_.clear();
  if (state_ == State::chunk_size) {
    const auto read = std::from_chars(line.data(), line.data() + line.size(), left_, 16);
    const bool is_number = !line.empty() && read.ec == std::errc{} && read.ptr == line.data() + line.size();
    state_ = !is_number ? State::wrong : left_ == 0 ? State::last_end : State::content;
  } else if (!line.empty()) {
    state_ = State::wrong;
  } else {
    state_ = state_ == State::last_end ? State::complete : State::chunk_size;
  }
}

}  // namespace cardea::wire_tests
