#pragma once
// Text messages on their way: put in the queue in the transaction that causes them, and sent afterwards.
//
// Never: sends one later than what it says is true; names a number or a text in a log. What is in the queue is sealed,
// since it holds a code.

#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"
#include "db/database.hpp"
#include "jobs/queue.hpp"
#include "mail/mail.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "sms/gateway.hpp"

namespace cardea::sms {

/// What is to be sent.
struct Letter {
  Number to;
  std::string text;
  std::string code;  // that is in it
};

class Outbox {
 public:
  struct Parts {
    jobs::Queue& queue;
    Random& random;
    observe::Metrics& metrics;
    observe::Log& log;
    mail::Transport* kept;  // takes them instead of the gateway; null: nobody does
  };
  /// `settings` outlive it.
  Outbox(const GatewaySettings& settings, Secret key, const Parts& parts);

  /// Not sent any more `lifetime` after `now`.
  void put(db::Tx& tx, const Letter& letter, Time now, Duration lifetime) const;
  /// Sends what was put.
  [[nodiscard]] jobs::Worker worker(const Clock& clock) const;

 private:
  [[nodiscard]] Result<Done> work(const Clock& clock, const jobs::Item& item) const;
  [[nodiscard]] Result<Done> send(const Letter& letter, const jobs::Item& item) const;
  observe::Counter& counter(const char* outcome) const;

  const GatewaySettings& settings_;
  Secret key_;
  Parts parts_;
};

}  // namespace cardea::sms
