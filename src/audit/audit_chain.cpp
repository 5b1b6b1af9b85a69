#include "audit/audit_chain.hpp"

#include <algorithm>

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

jobs::Periodic seal_job(db::Database& database) {
  return {.name = "audit.seal", .every = std::chrono::seconds{10}, .work = [&database](Time) -> Result<Done> {
            // In short transactions: a long one would hold up every writer of SQLite. An idle server takes no lock.
            for (std::int64_t total = 0; total < most_per_run && !database.read(oldest_unsealed).empty();) {
              const auto sealed = database.write([](db::Tx& tx) { return seal_up_to(tx, batch); });
              total += sealed;
              if (sealed < batch) break;
            }
            return done;
          }};
}

std::optional<Break> verify(db::Database& database) {
  Link last;
  while (true) {
    const auto events = database.read([&](db::Tx& tx) { return sealed_after(tx, last.number, page); });
    if (events.empty()) break;
    if (auto broken = check(events, last)) return broken;
  }
  if (database.read(has_loose_hash)) return Break{last.number + 1, "an event was taken out of the chain"};
  return std::nullopt;
}

}  // namespace cardea::audit
