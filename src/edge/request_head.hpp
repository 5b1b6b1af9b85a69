#pragma once
// From a head, in whatever version of HTTP it came, to the request that handlers see.

#include "edge/framing.hpp"

namespace cardea::edge {

/// Judges `head`, whose fields are those of `request`, and fills method, target, path and query. Of a refused request,
/// too, `request` is what is known: its answer looks like others at that address.
[[nodiscard]] Verdict read_request_head(const Head& head, http::Request& request);

}  // namespace cardea::edge
