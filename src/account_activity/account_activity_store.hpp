#pragma once
// The rows of activity_detail. Internal to account_activity.

#include <map>

#include "audit/audit.hpp"
#include "jobs/periodic.hpp"

namespace cardea::account_activity {

struct Detail {
  std::string user_agent;
  bool is_unusual = false;
};

/// Keeps it with an event, if its account is still there. One statement, which nobody waits for.
void insert(db::Tx& tx, const audit::Entry& entry, const Detail& detail);
/// Of the events of an account from `first` to `last`.
[[nodiscard]] std::map<EventId, Detail> details(db::Tx& tx, const AccountId& account, const EventId& first,
                                                const EventId& last);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::account_activity
