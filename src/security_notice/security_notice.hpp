#pragma once
// security_notice: a letter to the owner of an account when something happened to how one gets into it.
//
// Owns: no table; what is to be said waits in the queue. Never: writes to an address that nobody has confirmed; holds
// up or stops what it tells of; says a secret, or where exactly somebody was.
//
// A feature names what concerns the owner where it declares its event (audit::Kind::concern), and has the words of it
// among its strings, `event.<kind>`. All letters are made here.

#include "feature/feature.hpp"
#include "mail/mail.hpp"

namespace cardea::security_notice {

struct Settings {
  bool new_browser = true;
  bool credential = true;
  bool address = true;
  bool recovery_code = true;
  /// Letters about new browsers, of one account. A program that keeps no cookies is one at every sign-in, and what it
  /// causes must leave room for the letters that matter more.
  throttle::Budget browsers{.free = 3,
                            .regain = std::chrono::hours{1},
                            .delay = std::chrono::minutes{10},
                            .max_delay = std::chrono::hours{6}};
};

struct Deps {
  db::Database& database;
  const page::Pages& pages;
  const mail::Outbox& outbox;
  jobs::Queue& queue;
  const Settings& settings;
};

inline constexpr std::string_view letter_kind = "security_notice.write";

/// Puts what is to be told into the queue, in the transaction of the event.
void hear(db::Tx& tx, const Deps& deps, const Context& context, const audit::Event& event, const audit::Entry& entry);

/// Writes it: to the confirmed address of the account, and to one that it has just lost.
Result<Done> write_to(const Deps& deps, std::string_view payload, Time now);

[[nodiscard]] FeatureEntry entry();

}  // namespace cardea::security_notice
