#pragma once
// What a session with a client goes by, whatever the protocol on the connection.

#include <chrono>
#include <cstddef>
#include <span>

#include "edge/body_memory.hpp"
#include "edge/input_buffer.hpp"

namespace cardea::edge {

inline constexpr std::size_t kept_output = 4 * 1024;  // bytes an idle connection keeps for its next response
inline constexpr std::size_t body_step = 16 * 1024;  // bytes per read of a body
inline constexpr std::size_t most_discarded = 16 * 1024 * 1024;  // bytes read after a refusal, so that it arrives
inline constexpr auto lingering_silence = std::chrono::seconds{2};  // without a byte, a refused client has read enough

/// What a session does with requests.
enum class Answers {
  requests,
  redirect,  // tells each to come by TLS
};

/// Room for more input, which is paid for like a body beyond what every connection may have. Empty: there is no memory
/// left for it, or the input is full.
[[nodiscard]] inline std::span<char> paid_room(InputBuffer& input, BodyShare& share) {
  const std::size_t wanted = input.capacity_for_more();
  if (wanted > InputBuffer::unpaid && !share.grow_to(wanted)) return {};
  return input.room();
}

}  // namespace cardea::edge
