#pragma once
// A database that counts the write transactions through it, for tests of work that must not be one long one.

#include "tests/support/passing_database.hpp"

namespace cardea::testing_support {

class CountedDatabase : public PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;

  [[nodiscard]] int writes() const { return writes_; }
  /// The transaction of this number, from 1, throws instead of committing, as if the process ended in it.
  void die_in(int write) { dies_in_ = write; }

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    const bool is_write = access != db::Access::read;
    if (is_write) ++writes_;
    pass_on(access, [&](db::Tx& tx) {
      const auto verdict = work(tx);
      if (verdict == db::Verdict::commit && is_write && writes_ == dies_in_) {
        throw std::runtime_error{"the process ended"};
      }
      return verdict;
    });
  }

 private:
  int writes_ = 0;
  int dies_in_ = 0;
};

}  // namespace cardea::testing_support
