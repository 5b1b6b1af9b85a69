#pragma once
// Whether the threads that do the work still turn: each is asked, and answers when it comes to that.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "edge/io_thread.hpp"
#include "edge/lanes.hpp"

namespace cardea::edge {

class Pulse {
 public:
  /// The names of those that have not answered since they were asked last. When all have, asks them again. A lane
  /// answers when one of its threads takes its next job, which waits for its turn as a request does: a lane that is
  /// merely busy answers late, one that hangs never.
  [[nodiscard]] std::vector<std::string> silent(const std::vector<std::unique_ptr<IoThread>>& threads, Lanes& lanes);

 private:
  struct Question {
    std::string name;
    std::atomic<bool> is_answered{false};
    std::atomic<bool> is_lost{false};  // it had no place in the queue
  };
  void ask(const std::shared_ptr<Question>& question, Pool& lane);

  /// Shared with the threads that are to answer. Threads first, then lanes.
  std::vector<std::shared_ptr<Question>> questions_;
};

}  // namespace cardea::edge
