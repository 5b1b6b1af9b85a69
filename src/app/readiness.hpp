#pragma once
// Whether this process can serve: what its parts said lately. Whoever asks is answered from memory; a thread for each
// part asks the part, so that one that hangs holds up neither a request nor the others.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::app {

class Readiness {
 public:
  /// What does not work.
  struct Trouble {
    std::string what = {};  // one sentence; empty: all is well
    std::string_view code = "part_not_ready";  // of a kind in the catalogue, where there is one
    [[nodiscard]] bool empty() const { return what.empty(); }
  };
  struct Part {
    std::string name;                  // "database": a word, for answers, log and metrics
    std::function<Trouble()> trouble;  // may block and throw
  };
  struct Problem {
    std::string part;
    Trouble trouble;
  };
  struct Pace {
    Duration every = std::chrono::seconds{1};     // between an answer of a part and the next question
    Duration patience = std::chrono::milliseconds{900};  // a part that takes longer to answer does not work
  };

  Readiness(std::vector<Part> parts, observe::Log& log, observe::Metrics& metrics);
  /// Waits for the parts that are being asked.
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  /// Begins to ask, and tells log and metrics what changes.
  void start(Pace pace);
  void start() { start(Pace{}); }

  /// The parts that do not work, in the order of the list. From memory once started; before, each part is asked here.
  [[nodiscard]] std::vector<Problem> problems() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // with the gauges, which the registry keeps for good
};

}  // namespace cardea::app
