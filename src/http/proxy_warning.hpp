#pragma once
// Tells the operator, now and then, of a trusted proxy that does not say who its clients are.

#include <atomic>

#include "base/time.hpp"
#include "http/message.hpp"
#include "http/proxy.hpp"
#include "observe/log.hpp"

namespace cardea::http {

class ProxyWarning {
 public:
  inline static constexpr Duration pause = std::chrono::minutes{10};  // between two lines of one event

  explicit ProxyWarning(observe::Log& log) : log_(log) {}

  /// Logs `proxy.client_unreadable`, `proxy.client_missing` or `proxy.not_trusted`, each once within `pause`, with the
  /// proxy and the header.
  /// A missing name is worth a line when the request changes something: a proxy asks for itself too, whether this
  /// server is well. Any thread.
  void look(const Request& request, const Proxies::Client& client, Time now) const;

 private:
  /// When an event may be logged again. A clock that was far ahead does not silence it.
  class Gate {
   public:
    [[nodiscard]] bool opens(Time now);

   private:
    std::atomic<Time> next_{Time{}};
  };

  observe::Log& log_;
  mutable Gate unreadable_;
  mutable Gate missing_;
  mutable Gate unheard_;
};

}  // namespace cardea::http
