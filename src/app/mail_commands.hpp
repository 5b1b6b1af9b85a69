#pragma once
// `cardea mail`: whether letters can be sent, and what came to the mailbox of `cardea dev`.

#include <optional>
#include <string>

#include "app/serve.hpp"

namespace cardea::app {

struct MailOrder {
  std::string address;
  std::optional<int> seconds = {};  // to wait at most
  bool code_only = false;
  bool link_only = false;
};

/// Sends a letter to the address, now and past the queue; 1 with the reason when the server does not take it.
int mail_test(const Options& options, const MailOrder& order);
/// Prints the next letter to the address, its code or its link, each letter once; waits for it. 3 when none came.
int mail_wait(const Options& options, const MailOrder& order);

}  // namespace cardea::app
