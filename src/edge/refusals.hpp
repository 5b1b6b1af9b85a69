#pragma once
// Why connections are closed before they could ask for anything, counted by reason.

#include <array>

#include "base/enum_text.hpp"
#include "observe/metrics.hpp"

namespace cardea::edge {

enum class Refusal {
  all,           // server.max_connections are open
  network,       // the share of one client's network is taken
  accept,        // the system gave none, mostly because no file descriptor is left
  proxy_header,  // a trusted proxy did not say whose connection it is (server.proxy_protocol)
};
constexpr auto enum_texts(Refusal) {
  return std::to_array<EnumText<Refusal>>({{Refusal::all, "all"},
                                           {Refusal::network, "network"},
                                           {Refusal::accept, "accept"},
                                           {Refusal::proxy_header, "proxy_header"}});
}

/// Any thread.
class Refusals {
 public:
  Refusals(observe::Metrics& metrics, const observe::Labels& labels) {
    for (const auto& [refusal, text] : enum_texts(Refusal{})) {
      observe::Labels with_reason = labels;
      with_reason.emplace_back("reason", std::string{text});
      counters_.at(static_cast<std::size_t>(refusal)) =
          &metrics.counter("cardea_connections_turned_away_total",
                           "Connections closed before their first request, by reason.", with_reason);
    }
  }
  void add(Refusal refusal) const { counters_.at(static_cast<std::size_t>(refusal))->add(); }

 private:
  std::array<observe::Counter*, enum_texts(Refusal{}).size()> counters_{};  // in the order of the enum
};

}  // namespace cardea::edge
