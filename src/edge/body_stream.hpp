#pragma once
// The body that a producer makes, pulled on a lane: one job for each piece, so that other requests have their turns,
// and one buffer, which is sent before it is filled again.

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "edge/asio.hpp"
#include "edge/lanes.hpp"
#include "http/response_body.hpp"

namespace cardea::edge {

/// Used by the coroutines of one I/O thread.
class BodyStream {
 public:
  /// The producer outlives the stream. `pool` is null for the instant lane, which is the I/O thread itself.
  /// Pieces are made in the turns of `share`.
  BodyStream(http::Producer& producer, Pool* pool, Share share, Executor home);

  /// Replaces the piece by the next one. While the lane's queue is full it waits for a place, up to `patience`. An
  /// error means that the body will never be complete: the producer's own, `internal` for one that broke its contract,
  /// or `overloaded`. Not to be called again after an error or when the body is complete.
  [[nodiscard]] Task<std::optional<Error>> pull(Duration patience);

  [[nodiscard]] const std::string& piece() const { return piece_; }
  /// True when the piece is the last.
  [[nodiscard]] bool is_complete() const { return is_complete_; }

 private:
  [[nodiscard]] std::optional<Error> make_piece();
  [[nodiscard]] std::optional<Error> check_piece() const;

  http::Producer& producer_;
  Pool* pool_;
  Share share_;
  Executor home_;
  std::optional<std::uint64_t> length_;
  std::uint64_t made_ = 0;
  std::string piece_;
  bool is_complete_ = false;
};

}  // namespace cardea::edge
