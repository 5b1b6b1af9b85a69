// Compiles as it is. With one of the macros defined it has a mistake that the compiler must refuse; ctest tries each.
#include <string>

#include "db/select.hpp"

void use(const std::string& name) {
  cardea::db::Select select{"SELECT id FROM thing"};
  select.where("name = $? AND size > $?", name, 3).order_by("size, id", cardea::db::Direction::ascending).limit(3);
#ifdef run_time_fragment
  const std::string condition = "name = '" + name + "'";
  select.where(condition.c_str());
#endif
#ifdef run_time_text
  const std::string text = "SELECT id FROM " + name;
  cardea::db::Select{text.c_str()};
#endif
#ifdef run_time_columns
  select.order_by(name.c_str(), cardea::db::Direction::ascending);
#endif
#ifdef too_few_arguments
  select.where("name = $? AND size > $?", name);
#endif
#ifdef too_many_arguments
  select.where("name = $?", name, 3);
#endif
#ifdef open_quote
  select.where("name = 'x");
#endif
#ifdef broken_out_of_parentheses
  select.where("size = 1) OR (size = 2");
#endif
#ifdef second_statement
  select.where("size = 1; DELETE FROM thing");
#endif
#ifdef comment
  select.where("size = 1 -- and so on");
#endif
#ifdef text_with_a_condition
  cardea::db::Select{"SELECT id FROM thing WHERE size = 1"};
#endif
#ifdef text_that_deletes
  cardea::db::Select{"DELETE FROM thing"};
#endif
#ifdef columns_with_a_direction
  select.order_by("size DESC, id", cardea::db::Direction::ascending);
#endif
}
