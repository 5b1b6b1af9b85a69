#pragma once
// What a domain function may know about the occasion, whoever caused it: a request, a command, a job.

#include <string>
#include <string_view>

#include "principal/allowance.hpp"
#include "principal/principal.hpp"

namespace cardea {

/// Where something comes from. Views are valid during the call.
struct Origin {
  std::optional<RequestId> request = {};
  std::string address = {};          // the client's, after trusted proxies; empty for commands and jobs
  std::string_view user_agent = {};
  std::string_view surface = {};     // "api", "page", "cli", "job:session.sweep"
};

struct Context {
  Time now;  // the one instant of the occasion
  Origin origin = {};
  std::optional<Principal> principal = {};  // who is acting; absent: nobody signed in
  Allowances* allowances = nullptr;         // where what is left of budgets is told; null: nobody asks

  /// For occasions that need one: throws std::bad_optional_access without.
  [[nodiscard]] const AccountId& account() const { return principal.value().account.value(); }
  [[nodiscard]] const SessionId& session() const { return principal.value().session.value(); }
  [[nodiscard]] bool may(const Permission& permission) const {
    return principal && principal->permissions.has(permission);
  }
  [[nodiscard]] bool is(const AccountId& id) const { return principal && principal->account == id; }
};

}  // namespace cardea
