#include "tests/fault/page.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <vector>

namespace cardea::fault {
namespace {

constexpr const char* place = "docs/faults.md";  // ctest runs tests in the source folder

constexpr std::string_view introduction =
    "# Faults\n\n"
    "What happens to a running server when something around it fails, as `./dev test fault` sees it: the program of "
    "a release build, on SQLite and on a\nPostgreSQL of its own, with four clients that sign up, write notes, sign in "
    "and revoke sessions, and one that looks at its session all the while.\nPrinted by `./dev test fault --write`; a "
    "row that differs from what is seen fails the test.\n\n"
    "Where nothing else is said each change that was acknowledged before, during and after the fault is there at "
    "the end, nothing that was refused is there\nin part, and the audit trail is whole. Checks are `GET /v1/session`, "
    "which memory answers. Waits are bounds that the test insists on.\n\n"
    "| fault | database | what clients saw | what was kept | `/readyz`, log, metrics | how it ended |\n"
    "|---|---|---|---|---|---|\n";

std::string line_of(const Row& row) {
  return "| " + row.fault + " | " + row.engine + " | " + row.clients + " | " + row.kept + " | " + row.told + " | " +
         row.healed + " |";
}

bool is_written() {
  const char* wish = std::getenv("FAULTS_PAGE");
  return wish != nullptr && std::string_view{wish} == "write";
}

/// The rows of this run.
class Page {
 public:
  /// Writes what there is each time, so that a run that is broken off is not lost.
  void add(std::string line) {
    lines_.push_back(std::move(line));
    if (is_written()) write();
  }

 private:
  void write() const {
    std::ofstream page{place};
    page << introduction;
    for (const auto& line : lines_) page << line << "\n";
    if (!page.flush()) ADD_FAILURE() << "cannot write " << place;
  }

  std::vector<std::string> lines_;
};

}  // namespace

void enter(const Row& row) {
  const std::string line = line_of(row);
  static Page rows;
  rows.add(line);
  if (is_written()) return;
  std::ostringstream page;
  page << std::ifstream{place}.rdbuf();
  EXPECT_NE(page.str().find(line + "\n"), std::string::npos)
      << "is not on " << place << ", which `./dev test fault --write` writes:\n"
      << line;
}

}  // namespace cardea::fault
