#include "db/postgres_failure.hpp"

#include <array>
#include <initializer_list>
#include <utility>

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

Failure failure_of(std::string_view sqlstate, std::string_view message) {
  constexpr std::array<std::pair<std::string_view, Failure>, 16> kinds{{
      {"53100", Failure::full},            // disk_full
      {"53", Failure::busy},               // too many connections, no memory
      {"58", Failure::unreadable},         // io_error, undefined_file: the server cannot read its own files
      {"25006", Failure::read_only},       // read_only_sql_transaction: a standby, or a setting
      {"XX001", Failure::corrupt},         // data_corrupted
      {"XX002", Failure::corrupt},         // index_corrupted
      {"08", Failure::unreachable},        // the connection
      {"57P", Failure::unreachable},       // the server is shutting down, crashed or starting
      {"57", Failure::busy},               // a statement took too long
      {"55P03", Failure::busy},            // lock_not_available
      {"25P", Failure::busy},              // a transaction was idle for too long
      {"40", Failure::busy},               // others were in the way
      {"22P05", Failure::wrong_encoding},  // untranslatable_character
      {"42P01", Failure::missing},         // undefined_table: another database was put in the place of ours
      {"3D000", Failure::missing},         // invalid_catalog_name: it was dropped
      {"3F000", Failure::missing},         // invalid_schema_name
  }};
  if (sqlstate.empty()) return Failure::unreachable;
  // insufficient_privilege, which is also what the server calls EROFS.
  if (sqlstate == "42501" && message.find("Read-only file system") != std::string_view::npos) return Failure::read_only;
  for (const auto& [prefix, failure] : kinds) {
    if (sqlstate.starts_with(prefix)) return failure;
  }
  return Failure::refused;
}

namespace {

/// Where the words begin that the server said, behind what it calls their gravity in a language of its own ("FATAL:  ",
/// "ВАЖНО:  "); npos: the client library said it.
std::size_t server_words(std::string_view message) {
  constexpr std::string_view behind_gravity = ":  ";
  const auto at = message.find(behind_gravity);
  return at == std::string_view::npos ? at : at + behind_gravity.size();
}

}  // namespace

bool says_out_of_memory(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  return (says("out of memory") || says("cannot allocate memory")) && server_words(message) == std::string_view::npos;
}

bool is_crowded(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  // The last two of PgBouncer. That a password was wrong too often has the word "many" as well.
  return says("too many clients") || says("too many connections") || says("remaining connection slots") ||
         says("no more connections allowed") || says("max_client_conn");
}

Failure failure_of_refusal(std::string_view message) {
  const auto says = [&](std::string_view words) { return message.find(words) != std::string_view::npos; };
  if (is_crowded(message)) return Failure::unreachable;
  if (says_out_of_memory(message)) return Failure::busy;
  // What trying again does not mend. Anything else may be a plea for patience, also in a language that is not known
  // here, for a cluster of Debian's has that of the system: "das Datenbanksystem startet".
  for (const std::string_view lasting :
       {"does not exist", "authentication failed", "no pg_hba.conf entry", "permission denied for database",
        "not permitted to log in", "not currently accepting connections", "certificate", "does not support SSL",
        "no password supplied", "no such database", "no such user", "not allowed"}) {
    if (says(lasting)) return Failure::refused;
  }
  return Failure::unreachable;
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
  if (const auto at = server_words(message); at != std::string_view::npos) {
    const auto words = message.substr(at);
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
