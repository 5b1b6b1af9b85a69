#pragma once
// How the body of a request arrived, and the step from chunks to the body.

#include <optional>

#include "edge/chunked.hpp"
#include "edge/exchange.hpp"
#include "edge/input_buffer.hpp"

namespace cardea::edge {

enum class BodyArrival {
  whole,
  late,
  no_memory,
  malformed,
  too_large,
  gone,  // nobody is there to be answered
};

/// What a request is refused with whose body did not arrive. Not for `whole` and `gone`.
[[nodiscard]] Error reason_of(BodyArrival arrival);

/// Moves what was received of the chunks to the body, which pays for its memory as it grows. Absent: there is more to
/// come. `decoder` has the exchange's limit.
[[nodiscard]] std::optional<BodyArrival> take_chunks(Exchange& exchange, InputBuffer& input, ChunkDecoder& decoder);

}  // namespace cardea::edge
