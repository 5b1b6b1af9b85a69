#pragma once
// A database that hands everything on to another one: the base of those that count, forget or interfere in tests.

#include <functional>

#include "db/database.hpp"

namespace cardea::testing_support {

class PassingDatabase : public db::Database {
 public:
  explicit PassingDatabase(db::Database& inner) : inner_(inner) {}

  [[nodiscard]] std::optional<db::Failure> failure() noexcept override { return inner_.failure(); }
  [[nodiscard]] std::string_view engine() const override { return inner_.engine(); }
  [[nodiscard]] std::optional<std::int64_t> free_bytes() const noexcept override { return inner_.free_bytes(); }
  [[nodiscard]] db::Bus& bus() override { return inner_.bus(); }

 protected:
  using Work = std::function<db::Verdict(db::Tx&)>;

  void run_transaction(db::Access access, const Work& work) override { pass_on(access, work); }
  /// A statement alone, in a transaction of the same level.
  void run_alone(db::Access access, const std::function<void(db::Tx&)>& statement) override {
    run_transaction(access == db::Access::read ? access : db::Access::locking_write, [&](db::Tx& tx) {
      statement(tx);
      return db::Verdict::commit;
    });
  }

  /// Runs `work` in a transaction of that kind on the inner database.
  void pass_on(db::Access access, const Work& work) {
    const auto same = [&](db::Tx& tx) -> Result<Done> {
      if (work(tx) == db::Verdict::roll_back) return not_found;
      return done;
    };
    switch (access) {
      case db::Access::read: (void)inner_.read(same); break;
      case db::Access::write: (void)inner_.write(same); break;
      case db::Access::locking_write: (void)inner_.write_locking(same); break;
    }
  }

 private:
  db::Database& inner_;
};

}  // namespace cardea::testing_support
