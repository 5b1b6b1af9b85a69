#pragma once
// What is left of a budget that an occasion paid from, for whoever caused it (draft-ietf-httpapi-ratelimit-headers).

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/time.hpp"

namespace cardea {

struct Allowance {
  std::string policy;         // "signin.account"
  std::int64_t quota = 0;     // attempts that are free; 0: it has no number
  Duration window = {};       // in which all of them come back
  std::int64_t left = 0;      // attempts before the first wait
  Duration reset = {};        // until all have come back; with none left, until the next may be made
};

/// Where it is told: whoever answers has one, and `Context` leads to it.
class Allowances {
 public:
  /// Of several the one with the least left stays, and of those with nothing left the longest wait.
  void tell(Allowance allowance) {
    if (!tightest_ || allowance.left < tightest_->left ||
        (allowance.left == tightest_->left && allowance.reset > tightest_->reset)) {
      tightest_ = std::move(allowance);
    }
  }
  [[nodiscard]] const std::optional<Allowance>& tightest() const { return tightest_; }

 private:
  std::optional<Allowance> tightest_;
};

}  // namespace cardea
