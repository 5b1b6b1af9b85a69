#pragma once
// Tells whoever writes a front end on another origin why its browser says no more than "Failed to fetch".

#include <mutex>
#include <set>
#include <string>

#include "http/message.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::http {

class OriginNotice {
 public:
  inline static constexpr std::size_t most = 64;  // origins that are told of

  /// `level` is that of the line: in development somebody is looking, elsewhere anybody may cause it.
  OriginNotice(observe::Log& log, observe::Metrics& metrics, observe::Level level);

  /// A page on an origin that is not listed has called: counted, and told once for each origin, of the first `most`.
  /// Any thread.
  void look(const Request& request) const;

 private:
  [[nodiscard]] bool is_new(const std::string& origin) const;

  observe::Log& log_;
  observe::Counter& refused_;
  observe::Level level_;
  mutable std::mutex mutex_;
  mutable std::set<std::string, std::less<>> told_;  // under mutex_
};

}  // namespace cardea::http
