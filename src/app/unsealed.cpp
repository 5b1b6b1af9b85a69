#include "app/unsealed.hpp"

#include <chrono>
#include <cmath>
#include <memory>
#include <mutex>

#include "audit/audit.hpp"

namespace cardea::app {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::chrono::minutes trusted_for{1};

/// What was counted last. Any thread.
class Count {
 public:
  void set(std::int64_t events) {
    const std::lock_guard lock{mutex_};
    events_ = static_cast<double>(events);
    counted_at_ = Steady::now();
  }
  [[nodiscard]] double get() const {
    const std::lock_guard lock{mutex_};
    return Steady::now() - counted_at_ > trusted_for ? std::nan("") : events_;
  }

 private:
  mutable std::mutex mutex_;
  double events_ = std::nan("");
  Steady::time_point counted_at_;
};

}  // namespace

jobs::Periodic counting_unsealed(jobs::Periodic seal, db::Database& database, observe::Metrics& metrics) {
  const auto count = std::make_shared<Count>();  // with the gauge, which the registry keeps for good
  metrics.gauge("cardea_audit_unsealed_events", "Events of the audit trail that are not in its chain yet.",
                [count] { return count->get(); });
  seal.work = [count, &database, work = std::move(seal.work)](Time now) -> Result<Done> {
    count->set(audit::count_unsealed(database));
    TRY(work(now));
    count->set(audit::count_unsealed(database));
    return done;
  };
  return seal;
}

}  // namespace cardea::app
