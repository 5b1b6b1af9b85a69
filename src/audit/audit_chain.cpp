#include "audit/audit_chain.hpp"

#include <algorithm>

#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

/// Collects fields in an encoding that can be read in one way only.
class Encoder {
 public:
  void integer(std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> static_cast<unsigned>(shift)));
    }
  }
  void bytes(BytesView data) {
    integer(static_cast<std::int64_t>(data.size()));
    out_.insert(out_.end(), data.begin(), data.end());
  }
  void text(std::string_view data) { bytes(as_bytes(data)); }
  template <class Tag>
  void maybe(const std::optional<Id<Tag>>& id) {
    if (id)
      bytes(id->bytes());
    else
      integer(-1);  // no length is negative
  }
  [[nodiscard]] crypto::Digest digest() const { return crypto::sha256(BytesView{out_}); }

 private:
  Bytes out_;
};

constexpr std::int64_t most_per_run = 10'000;
constexpr std::int64_t batch = 500;  // events per transaction of the job: milliseconds on either engine
constexpr std::int64_t page = 1000;  // events per transaction when verifying

std::vector<Entry> oldest_unsealed(db::Tx& tx) { return unsealed(tx, 1); }

std::int64_t seal_up_to(db::Tx& tx, std::int64_t limit) {
  const auto entries = unsealed(tx, limit);
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

/// Checks one page; moves `last` forward. Absent when the page is whole.
std::optional<Break> check(const std::vector<Sealed>& events, Link& last) {
  for (const auto& [entry, number, hash] : events) {
    if (number != last.number + 1) return Break{last.number + 1, "the event is missing"};
    const Link expected = next_link(last, entry);
    if (!hash || !std::equal(hash->begin(), hash->end(), expected.hash.begin(), expected.hash.end())) {
      return Break{number, "the event does not match its hash"};
    }
    last = expected;
  }
  return std::nullopt;
}

}  // namespace

Link next_link(const Link& previous, const Entry& entry) {
  Encoder encoder;
  encoder.text("cardea.audit.1");  // another encoding would have another number here
  encoder.bytes(previous.hash);
  encoder.integer(previous.number + 1);
  encoder.bytes(entry.id.bytes());
  encoder.integer(to_micros(entry.at));
  encoder.text(entry.kind);
  encoder.maybe(entry.account);
  encoder.maybe(entry.actor);
  encoder.maybe(entry.session);
  encoder.text(entry.reason);
  encoder.text(entry.subject);
  encoder.text(entry.address);
  encoder.text(entry.request_id);
  return {.number = previous.number + 1, .hash = encoder.digest()};
}

std::int64_t seal(db::Tx& tx) { return seal_up_to(tx, most_per_run); }

std::int64_t count_unsealed(db::Database& database) {
  return database.read_one("SELECT count(*) FROM audit_event WHERE number IS NULL")->integer(0);
}

jobs::Periodic seal_job(db::Database& database, observe::Log* witness) {
  return {.name = "audit.seal", .every = std::chrono::seconds{10}, .work = [&database, witness](Time) -> Result<Done> {
            std::int64_t total = 0;
            // In short transactions: a long one would hold up every writer of SQLite. An idle server takes no lock.
            while (total < most_per_run && !database.read(oldest_unsealed).empty()) {
              const auto sealed = database.write([](db::Tx& tx) { return seal_up_to(tx, batch); });
              total += sealed;
              if (sealed < batch) break;
            }
            if (total > 0 && witness != nullptr) testify(*witness, total, database.read(head));
            return done;
          }};
}

namespace {

std::optional<Break> walk(db::Database& database, Link& last) {
  while (true) {
    const auto events = database.read([&](db::Tx& tx) { return sealed_after(tx, last.number, page); });
    if (events.empty()) break;
    if (auto broken = check(events, last)) return broken;
  }
  if (database.read(has_loose_hash)) return Break{last.number + 1, "an event was taken out of the chain"};
  return std::nullopt;
}

}  // namespace

std::optional<Break> verify(db::Database& database) {
  Link last;
  return walk(database, last);
}

Survey survey(db::Database& database, Time now) {
  Survey found;
  Link last;
  found.broken = walk(database, last);
  found.sealed = found.last_number = last.number;
  found.last_hash = to_bytes(last.hash);
  const Tail tail = database.read(read_tail);
  found.unsealed = tail.unsealed;
  found.oldest_unsealed = tail.oldest_unsealed;
  const Time latest = std::min(now, std::max(tail.newest, tail.last_job));
  found.is_overdue = tail.oldest_unsealed && latest - *tail.oldest_unsealed > sealed_within;
  return found;
}

}  // namespace cardea::audit
