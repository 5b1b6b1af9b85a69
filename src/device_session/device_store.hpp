#pragma once
// The table device_session. Internal to device_session.

#include <optional>
#include <string>

#include "jobs/periodic.hpp"
#include "session/session.hpp"

namespace cardea::device_session {

struct Device {
  AccountId account;
  std::string public_key;  // the text of a DeviceKey
  Time created_at;
  Time proved_at;  // the challenge that it answered last
};

void insert(db::Tx& tx, const session::BindingId& id, const Device& device, Time expires_at);
[[nodiscard]] std::optional<Device> find(db::Tx& tx, const session::BindingId& id);
/// Notes that the challenge of `issued_at` was answered; false: that one was, or a later one. An instant to come, which
/// a clock that was ahead has left, does not count.
bool prove(db::Tx& tx, const session::BindingId& id, Time issued_at, Time expires_at, Time now);
/// The instants at which the keys of an account were made.
[[nodiscard]] std::vector<Time> made_by(db::Tx& tx, const AccountId& account);

[[nodiscard]] jobs::Periodic sweep_job(db::Database& database);

}  // namespace cardea::device_session
