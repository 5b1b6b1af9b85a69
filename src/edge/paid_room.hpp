#pragma once
// Input that is paid for.

#include <span>

#include "edge/body_memory.hpp"
#include "edge/input_buffer.hpp"

namespace cardea::edge {

/// Room for more input, which is paid for like a body beyond what every connection may have. Empty: there is no memory
/// left for it, or the input is full.
[[nodiscard]] inline std::span<char> paid_room(InputBuffer& input, BodyShare& share) {
  const std::size_t wanted = input.capacity_for_more();
  if (wanted > InputBuffer::unpaid && !share.grow_to(wanted)) return {};
  return input.room();
}

}  // namespace cardea::edge
