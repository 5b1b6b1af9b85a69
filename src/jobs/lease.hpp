#pragma once
// The lease of this process: what it has claimed is its own while it renews the lease.
//
// Owns: job_holder. Never: compares two machines' clocks. Every process counts, by a clock of its own that nobody sets,
// how often it found another's beat unmoved.

#include <atomic>
#include <map>
#include <string>
#include <utility>

#include "jobs/deps.hpp"

namespace cardea::jobs {

/// A process that missed this many beats is taken for dead.
inline constexpr int most_missed_beats = 3;

class Lease {
 public:
  explicit Lease(const Deps& deps);
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  /// This process, in `holder` and `claimed_by`.
  [[nodiscard]] const std::string& id() const { return id_; }

  /// Keeps the lease renewed while it exists. Take one before claiming; keep it until the claim has been settled.
  class Hold {
   public:
    explicit Hold(std::atomic<int>& count) : count_(&count) { ++*count_; }
    Hold(Hold&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
    Hold& operator=(Hold&&) = delete;
    Hold(const Hold&) = delete;
    ~Hold() {
      if (count_ != nullptr) --*count_;
    }

   private:
    std::atomic<int>* count_;
  };
  [[nodiscard]] Hold hold() { return Hold{holds_}; }

  /// To be called first in a transaction that claims: the lease exists and was renewed lately.
  void join(db::Tx& tx);
  /// Renews the lease if anything is held. What another process has taken over meanwhile stays lost. Throws
  /// DatabaseError.
  void beat();
  /// Looks at the other processes' beats, and frees what those that are dead had claimed; how many claims that were.
  /// One thread. Throws DatabaseError.
  std::int64_t free_the_dead();
  /// Gives up the lease and every claim at once; for the end of the process.
  void leave() noexcept;

 private:
  struct Seen {
    std::int64_t beat;
    Duration counted_at;
    int missed;
  };
  void renew(db::Tx& tx) const;
  bool has_missed_its_beats(const std::string& id, std::int64_t beat);

  const Deps& deps_;
  const std::string id_;
  const std::int64_t first_beat_;  // random, so that a lease made anew does not look like the one that was taken
  std::atomic<int> holds_ = 0;
  std::atomic<bool> has_joined_ = false;
  std::atomic<std::int64_t> renewed_at_;  // micros of the monotonic clock
  std::map<std::string, Seen> seen_;
};

}  // namespace cardea::jobs
