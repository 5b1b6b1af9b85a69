#include "edge/body_arrival.hpp"
#include "http/problem.hpp"

namespace cardea::edge {

Error reason_of(BodyArrival arrival) {
  switch (arrival) {
    case BodyArrival::late: return http::request_timeout;
    case BodyArrival::no_memory: return overload();
    case BodyArrival::too_large: return http::too_large;
    case BodyArrival::malformed:
    case BodyArrival::whole:
    case BodyArrival::gone: break;
  }
  return http::malformed_request;
}

std::optional<BodyArrival> take_chunks(Exchange& exchange, InputBuffer& input, ChunkDecoder& decoder) {
  std::string& body = exchange.request().body;
  while (!input.empty() && decoder.progress() == ChunkDecoder::Progress::unfinished) {
    const ChunkDecoder::Taken taken = decoder.take(input.view());
    // Within the capacity: of a string that grows by itself, unwiped copies would stay.
    while (body.capacity() - body.size() < taken.content.size()) {
      if (!exchange.make_room(exchange.body_limit())) return BodyArrival::no_memory;
    }
    body.append(taken.content);
    input.consume(taken.used);
  }
  switch (decoder.progress()) {
    case ChunkDecoder::Progress::unfinished: return std::nullopt;
    case ChunkDecoder::Progress::complete: return BodyArrival::whole;
    case ChunkDecoder::Progress::malformed: return BodyArrival::malformed;
    case ChunkDecoder::Progress::too_large: return BodyArrival::too_large;
  }
  return BodyArrival::malformed;
}

}  // namespace cardea::edge
