// Giving events their place in the chain.
#include "audit/audit_chain.hpp"
#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

constexpr std::int64_t most_per_run = 10'000;
constexpr std::int64_t batch = 500;  // events per transaction of the job: milliseconds on either engine

/// The oldest events that are to be sealed, at most so many.
using Choose = std::function<std::vector<Entry>(db::Tx&, std::int64_t)>;

std::vector<Entry> choose_all(db::Tx& tx, std::int64_t limit) { return unsealed(tx, limit); }

std::int64_t seal_up_to(db::Tx& tx, const Choose& choose, std::int64_t limit) {
  const auto entries = choose(tx, limit);
  if (entries.empty()) return 0;
  Link link = head(tx);
  for (const auto& entry : entries) {
    link = next_link(link, entry);
    write_link(tx, entry.id, link);
  }
  return static_cast<std::int64_t>(entries.size());
}

void testify(observe::Log& witness, std::int64_t events, const Link& last) {
  witness.info("audit.sealed", {{"events", events}, {"number", last.number}, {"hash", encoding::hex(last.hash)}});
}

void seal_in_batches(db::Database& database, const Choose& choose, observe::Log* witness) {
  std::int64_t total = 0;
  const auto has_some = [&](db::Tx& tx) { return !choose(tx, 1).empty(); };
  // In short transactions: a long one would hold up every writer of SQLite. An idle server takes no lock.
  while (total < most_per_run && database.read(has_some)) {
    const auto sealed = database.write([&](db::Tx& tx) { return seal_up_to(tx, choose, batch); });
    total += sealed;
    if (sealed < batch) break;
  }
  if (total > 0 && witness != nullptr) testify(*witness, total, database.read(head));
}

}  // namespace

std::int64_t count_unsealed(db::Database& database) {
  return database.read_one("SELECT count(*) FROM audit_event WHERE number IS NULL")->integer(0);
}

std::int64_t seal(db::Tx& tx) { return seal_up_to(tx, choose_all, most_per_run); }

jobs::Periodic seal_job(db::Database& database, observe::Log* witness) {
  return {
      .name = "audit.seal", .every = std::chrono::seconds{10}, .work = [&database, witness](Time now) -> Result<Done> {
        const auto choose_quiet = [now](db::Tx& tx, std::int64_t limit) { return unsealed(tx, limit, now); };
        seal_in_batches(database, choose_quiet, witness);
        return done;
      }};
}

void seal_all(db::Database& database, observe::Log* witness) { seal_in_batches(database, choose_all, witness); }

}  // namespace cardea::audit
