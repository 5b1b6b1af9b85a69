#include "edge/http2_watch.hpp"

#include <algorithm>

namespace cardea::edge {
namespace {

// Types and flags of frames, RFC 9113 §6.
constexpr std::uint8_t data = 0;
constexpr std::uint8_t headers = 1;
constexpr std::uint8_t rst_stream = 3;
constexpr std::uint8_t settings = 4;
constexpr std::uint8_t ping = 6;
constexpr std::uint8_t continuation = 9;
constexpr std::uint8_t end_stream = 0x1;
constexpr std::uint8_t ack = 0x1;
constexpr std::uint8_t end_headers = 0x4;
constexpr std::uint8_t padded = 0x8;

constexpr std::size_t most_padding = 256;  // bytes, with its length

}  // namespace

bool Http2Watch::read(std::string_view bytes, Instant now) {
  refill(now);
  while (!bytes.empty() && !is_exhausted()) {
    if (payload_ > 0) {
      const std::size_t size = std::min(payload_, bytes.size());
      payload_ -= size;
      bytes.remove_prefix(size);
      if (payload_ == 0) end_frame();
      continue;
    }
    header_[have_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (have_ == header) begin_frame();
  }
  return !is_exhausted();
}

void Http2Watch::sent(std::size_t size) {
  constexpr std::size_t bytes_per_point = 1024;
  unrewarded_ += size;
  refund(static_cast<std::int64_t>(unrewarded_ / bytes_per_point));
  unrewarded_ %= bytes_per_point;
}

void Http2Watch::refill(Instant now) {
  constexpr auto span_per_point = std::chrono::microseconds{1'000'000 / frame_budget_per_second};
  if (now <= filled_) return;
  const auto points = (now - filled_) / span_per_point;
  filled_ += points * span_per_point;
  refund(points);
}

void Http2Watch::refund(std::int64_t points) {
  if (left_ >= 0) left_ = std::min(frame_budget, left_ + std::min(points, frame_budget));
}

void Http2Watch::begin_frame() {
  have_ = 0;
  is_in_frame_ = true;
  payload_ = static_cast<std::size_t>(header_[0]) << 16 | static_cast<std::size_t>(header_[1]) << 8 | header_[2];
  const std::uint8_t type = header_[3];
  if (type == headers) {
    ++heads_;
    is_in_head_ = true;
    continuations_ = 0;
    block_ = payload_;
  } else if (type == continuation) {
    ++continuations_;
    block_ += payload_;
  }
  is_hostile_ = continuations_ > max_continuations || block_ > max_field_block;
  charge(price());
  if (payload_ == 0) end_frame();
}

void Http2Watch::end_frame() {
  if (!is_in_frame_) return;  // the preface
  is_in_frame_ = false;
  const std::uint8_t type = header_[3];
  if (type == headers || type == continuation) is_in_head_ = !has(end_headers);
}

std::int64_t Http2Watch::price() const {
  switch (header_[3]) {
    case data: {
      const bool is_empty = payload_ == 0 || (has(padded) && payload_ <= most_padding);
      return is_empty && !has(end_stream) ? 1 : 0;
    }
    case headers:
    case continuation: return 0;
    case rst_stream: return price_of_reset;
    case settings: return has(ack) ? 1 : price_of_settings;
    case ping: return has(ack) ? 1 : 2;
    default: return 1 + static_cast<std::int64_t>(payload_ / 1024);
  }
}

}  // namespace cardea::edge
