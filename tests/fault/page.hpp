#pragma once
// docs/faults.md: what each fault came to, as the tests have just seen it.

#include <string>
#include <string_view>

namespace cardea::fault {

/// A row of the page. Of what varies from run to run, such as times, it has the bounds that were kept.
struct Row {
  std::string fault;
  std::string engine;   // "SQLite" or "PostgreSQL"
  std::string clients;  // what they saw
  std::string kept;
  std::string told;     // by /readyz, log and metrics
  std::string healed;
};

/// Enters a row that was seen. With FAULTS_PAGE=write in the environment the page is written, of the rows
/// that ran; otherwise a row that is not on the page fails the test.
void enter(const Row& row);

}  // namespace cardea::fault
