#pragma once
// A database that counts the write transactions through it, for tests of work that must not be one long one.

#include "db/database.hpp"

namespace cardea::testing_support {

class CountedDatabase : public db::Database {
 public:
  explicit CountedDatabase(db::Database& inner) : inner_(inner) {}

  [[nodiscard]] int writes() const { return writes_; }
  /// The transaction of this number, from 1, throws instead of committing, as if the process ended in it.
  void die_in(int write) { dies_in_ = write; }

  [[nodiscard]] bool is_ready() noexcept override { return inner_.is_ready(); }
  [[nodiscard]] std::string_view engine() const override { return inner_.engine(); }
  [[nodiscard]] db::Bus& bus() override { return inner_.bus(); }

 protected:
  void run_transaction(Mode mode, const std::function<db::Verdict(db::Tx&)>& work) override {
    const auto inner_work = [&](db::Tx& tx) -> Result<Done> {
      if (work(tx) == db::Verdict::roll_back) return not_found;
      if (mode == Mode::write && writes_ == dies_in_) throw std::runtime_error{"the process ended"};
      return done;
    };
    if (mode == Mode::read) {
      (void)inner_.read(inner_work);
    } else {
      ++writes_;
      (void)inner_.write(inner_work);
    }
  }

 private:
  db::Database& inner_;
  int writes_ = 0;
  int dies_in_ = 0;
};

}  // namespace cardea::testing_support
