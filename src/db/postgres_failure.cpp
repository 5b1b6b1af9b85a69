#include "db/postgres_failure.hpp"

#include <initializer_list>

namespace cardea::db::postgres {

bool is_conflict(std::string_view sqlstate) {
  return sqlstate == "40001"      // serialization_failure
         || sqlstate == "40P01"   // deadlock_detected
         // unique_violation: what was asked before the insert is no longer so, and is to be asked again.
         || sqlstate == "23505"
         // out_of_memory of the shared kind: the table of predicate locks is full. It empties as others end.
         || sqlstate == "53200";
}

bool may_have_committed(std::string_view sqlstate, std::string_view severity) {
  // An error ends the transaction. A server or pooler that ends the connection may do so after it was committed, for
  // one while it waits for a standby.
  return sqlstate.empty() || severity != "ERROR" || sqlstate.starts_with("08") || sqlstate == "40003";
}

std::string describe(std::string_view sqlstate, std::string_view message, std::string_view sql) {
  std::string text = "postgres: ";
  if (sqlstate.empty()) return text + "the connection was lost";
  text += sqlstate;
  // Only these classes name tables and constraints but never quote a value (class 22 does, for one).
  for (const std::string_view quotable : {"08", "0A", "23", "25", "40", "42", "53", "54", "55", "57", "58"}) {
    if (sqlstate.starts_with(quotable)) text.append(" ").append(message);
  }
  if (!sql.empty()) text.append(" in: ").append(sql);
  return text;
}

std::string describe_refusal(std::string_view message) {
  std::string text = "postgres: cannot connect";
  constexpr std::string_view fatal = "FATAL:  ";
  if (const auto at = message.find(fatal); at != std::string_view::npos) {
    const auto words = message.substr(at + fatal.size());
    return text.append(": ").append(words.substr(0, words.find('\n')));
  }
  for (const std::string_view reason :
       {"Connection refused", "timeout expired", "No such file or directory", "could not translate host name",
        "Permission denied", "certificate", "does not support SSL", "no password supplied"}) {
    if (message.find(reason) != std::string_view::npos) return text.append(": ").append(reason);
  }
  return text;
}

}  // namespace cardea::db::postgres
