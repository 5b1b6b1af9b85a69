#pragma once
// A database in which something happens meanwhile.

#include <functional>
#include <utility>

#include "tests/support/passing_database.hpp"

namespace cardea::testing_support {

/// Lets something happen once in a write, when it has seen the database and changed nothing yet.
class Interrupted : public PassingDatabase {
 public:
  Interrupted(db::Database& inner, std::function<void()> interruption)
      : PassingDatabase(inner), interruption_(std::move(interruption)) {}
  int attempts = 0;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    if (access != db::Access::write) return pass_on(access, work);
    pass_on(access, [&](db::Tx& tx) {
      static_cast<void>(tx.one("SELECT COUNT(*) FROM session"));
      if (++attempts == 1) interruption_();
      return work(tx);
    });
  }

 private:
  std::function<void()> interruption_;
};

}  // namespace cardea::testing_support
