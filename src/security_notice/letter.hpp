#pragma once
// What is told, as it waits and as a letter. Internal to security_notice.

#include <string>
#include <string_view>

#include "audit/audit.hpp"
#include "encoding/wire.hpp"
#include "identity/identity.hpp"
#include "mail/mail.hpp"
#include "page/words.hpp"

namespace cardea::security_notice {

inline constexpr std::size_t longest_user_agent = 256;

struct Told {
  AccountId account;
  std::string event;  // its kind
  audit::Concern concern = audit::Concern::none;
  Time at = {};
  bool by_other = false;  // an administrator or the operator did it
  std::string user_agent;
  std::string network;
  std::string left;  // recovery codes
  std::string address_before;
};
template <class D>
void describe(D& d, wire::Of<D, Told>& told) {
  d.required("account", told.account);
  d.required("event", told.event, {.max = 100});
  d.required("concern", told.concern);
  d.required("at", told.at);
  d.required("by_other", told.by_other);
  d.required("user_agent", told.user_agent, {.max = longest_user_agent});
  d.required("network", told.network, {.max = 100});
  d.required("left", told.left, {.max = 100});
  d.required("address_before", told.address_before, {.max = 400});
}

[[nodiscard]] mail::Letter letter_of(const page::Words& words, std::string_view url, const identity::Account& account,
                                     const Told& told);

}  // namespace cardea::security_notice
