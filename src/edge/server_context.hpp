#pragma once
// What every connection of a server shares. Outlives them all.

#include "edge/body_memory.hpp"
#include "edge/connection_limit.hpp"
#include "edge/lanes.hpp"
#include "edge/server.hpp"
#include "edge/tls.hpp"

namespace cardea::edge {

struct ServerContext {
  const Settings& settings;
  const http::Pipeline& pipeline;
  const Clock& clock;
  observe::Log& log;
  const Refusals& refusals;
  observe::Counter& misbehaved;  // connections of HTTP/2 that were ended for it
  Lanes& lanes;
  ConnectionLimit& connection_limit;
  BodyMemory& body_memory;
  http::Peers announcing = {};  // whose connections begin with a PROXY header
  TlsSlot tls = {};
};

}  // namespace cardea::edge
