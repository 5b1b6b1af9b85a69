#pragma once
// What every connection of a server shares. Outlives them all.

#include "edge/body_memory.hpp"
#include "edge/census.hpp"
#include "edge/lanes.hpp"
#include "edge/server.hpp"
#include "edge/tls.hpp"

namespace cardea::edge {

struct Door {
  const Settings& settings;
  const http::Pipeline& desk;
  const Clock& clock;
  observe::Log& log;
  observe::Counter& turned_away;  // connections over a limit
  Lanes& lanes;
  Census& census;
  BodyMemory& body_memory;
  TlsSlot tls = {};
};

}  // namespace cardea::edge
