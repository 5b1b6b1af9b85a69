#include "audit/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "audit/export_line.hpp"
#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

/// The numbers of the first event that is wanted and of the last.
struct Numbers {
  std::int64_t first = 1;
  std::int64_t last = std::numeric_limits<std::int64_t>::max();
};

Numbers numbers_of(db::Tx& tx, const Selection& selection) {
  Numbers numbers;
  // When no event is so young or so old, there is none to be written: the chain is stated as it stands there.
  if (selection.since) numbers.first = first_number_since(tx, *selection.since).value_or(head(tx).number + 1);
  if (selection.until) numbers.last = last_number_before(tx, *selection.until).value_or(0);
  if (selection.up_to) numbers.last = std::min(numbers.last, *selection.up_to);
  return numbers;
}

Error not_written() { return Error{export_interrupted, "what was written did not arrive"}; }

class Writer {
 public:
  Writer(db::Database& database, const LineSink& line, const CheckpointKey& key)
      : database_(database), line_(line), chain_(database, key) {}

  /// Reads the whole chain up to the last event that is wanted, so that what is signed rests on all of it.
  Result<Done> write_events(const Numbers& numbers) {
    Link before;  // the event before the next one
    while (end_.number < numbers.last) {
      before = chain_.last();
      const auto events = chain_.next();
      if (events.empty()) break;
      if (events.front().number != before.number + 1) before = chain_.checkpoint()->link;
      TRY(write_page(events, before, numbers));
    }
    if (const auto& broken = chain_.broken()) {
      return Error{chain_broken, fmt::format("it breaks at event {}: {}", broken->number, broken->what)};
    }
    if (!has_begun_) TRY(begin(chain_.last()));
    return done;
  }

  Result<Link> finish(const Secret* key, Time now) {
    EndBody body{.number = end_.number,
                 .hash = encoding::hex(end_.hash),
                 .events = end_.number - begin_.number,
                 .unsealed = database_.read(read_tail).unsealed,
                 .at = instant_text(now),
                 .signature = {}};
    if (key != nullptr) {
      const Extent extent{.begin = begin_, .end = end_, .unsealed = body.unsealed, .at = now};
      body.signature = encoding::hex(sign_extent(*key, extent));
    }
    if (!line_(wire::write(Line{.end = std::move(body)}))) return not_written();
    return end_;
  }

 private:
  Result<Done> begin(const Link& link) {
    has_begun_ = true;
    begin_ = end_ = link;
    if (!line_(wire::write(Line{.chain = to_body(link, chain_.checkpoint())}))) return not_written();
    return done;
  }

  Result<Done> write_page(const std::vector<Sealed>& events, Link before, const Numbers& numbers) {
    for (const auto& event : events) {
      if (event.number > numbers.last) return done;
      if (event.number >= numbers.first) {
        if (!has_begun_) TRY(begin(before));
        if (event.number != end_.number + 1) {
          return Error{export_interrupted, "events were removed meanwhile, as they were too old to be kept; try again"};
        }
        if (!line_(wire::write(Line{.event = to_body(event)}))) return not_written();
        end_ = link_of(event);
      }
      before = link_of(event);
    }
    return done;
  }

  // It was checked.
  static Link link_of(const Sealed& event) {
    Link link{.number = event.number};
    std::copy(event.hash->begin(), event.hash->end(), link.hash.begin());
    return link;
  }

  db::Database& database_;
  const LineSink& line_;
  ChainReader chain_;
  bool has_begun_ = false;
  Link begin_;
  Link end_;
};

}  // namespace

Result<Link> write_export(db::Database& database, const Selection& selection, const Secret* key, Time now,
                          const LineSink& line) {
  const auto numbers = database.read([&](db::Tx& tx) { return numbers_of(tx, selection); });
  Writer writer{database, line, key != nullptr ? CheckpointKey{crypto::ed25519_public_key(*key)} : CheckpointKey{}};
  TRY(writer.write_events(numbers));
  return writer.finish(key, now);
}

}  // namespace cardea::audit
