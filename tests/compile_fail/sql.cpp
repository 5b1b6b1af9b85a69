// Compiles as it is. With one of the macros defined it has a mistake that the compiler must refuse; ctest tries each.
#include <string>

#include "db/database.hpp"

void use(cardea::db::Tx& tx, [[maybe_unused]] cardea::db::Bus& bus, const std::string& name) {
  tx.run("DELETE FROM thing WHERE name = $1 AND size > $2", name, 3);
#ifdef run_time_text
  const std::string sql = "DELETE FROM thing WHERE name = '" + name + "'";
  tx.run(sql.c_str());
#endif
#ifdef too_few_arguments
  tx.run("DELETE FROM thing WHERE name = $1 AND size > $2", name);
#endif
#ifdef too_many_arguments
  tx.run("DELETE FROM thing WHERE name = $1", name, 3);
#endif
#ifdef gap_in_numbers
  tx.run("DELETE FROM thing WHERE name = $1 AND size > $3", name, 3, 4);
#endif
#ifdef read_that_writes
  tx.each(
      "DELETE FROM thing WHERE name = $1 RETURNING size", [](const auto&) { return cardea::db::Next::go_on; }, name);
#endif
#ifdef topic_at_run_time
  tx.announce(name.c_str());
#endif
#ifdef topic_of_other_characters
  tx.announce("Session 1");
#endif
#ifdef handler_that_throws
  static_cast<void>(bus.subscribe("thing", [](cardea::BytesView) {}));
#endif
#ifdef tx_execute
  static_cast<void>(tx.execute(name, {}));
  tx.execute_text(name);
#endif
}
