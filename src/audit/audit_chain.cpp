#include "audit/audit_chain.hpp"

#include <algorithm>

#include "audit/checkpoint.hpp"
#include "audit/encoder.hpp"
#include "db/migrate.hpp"

namespace cardea::audit {
namespace {

constexpr std::int64_t page_size = 1000;  // events per transaction when reading

Columns columns_in(db::Database& database) {
  const auto states = db::migration_states(database, db::embedded_migrations());
  const auto has = [&states](std::string_view name) {
    return std::any_of(states.begin(), states.end(),
                       [name](const db::MigrationState& state) { return state.name == name && state.applied_at; });
  };
  if (has("0052_audit_key.sql")) return Columns::all;
  return has("0023_audit_checkpoint.sql") ? Columns::without_pseudonyms : Columns::without_counts;
}

/// Of an event that names people by their pseudonyms: over what is stored, so that no key is needed.
Link next_sealed_link(const Link& previous, const Entry& entry) {
  Encoder encoder;
  encoder.text("cardea.audit.3");
  encoder.bytes(previous.hash);
  encoder.integer(previous.number + 1);
  encoder.bytes(entry.id.bytes());
  encoder.time(entry.at);
  encoder.text(entry.kind);
  encoder.text(entry.reason);
  encoder.text(is_of_nobody(entry) ? std::string_view{entry.subject} : std::string_view{});  // else it is sealed
  encoder.maybe(entry.account_pseudonym);
  encoder.maybe(entry.actor_pseudonym);
  encoder.bytes(*entry.account_sealed);
  encoder.bytes(entry.actor_sealed);
  encoder.integer(entry.count);
  encoder.integer(entry.last_at ? 1 : 0);
  encoder.time(entry.last_at.value_or(Time{}));
  return {.number = previous.number + 1, .hash = crypto::sha256(BytesView{encoder.encoded()})};
}

}  // namespace

Link next_link(const Link& previous, const Entry& entry) {
  if (entry.account_sealed) return next_sealed_link(previous, entry);
  const bool is_repeated = entry.count != 1 || entry.last_at;
  Encoder encoder;
  encoder.text(is_repeated ? "cardea.audit.2" : "cardea.audit.1");  // each encoding has its number here
  encoder.bytes(previous.hash);
  encoder.integer(previous.number + 1);
  encoder.bytes(entry.id.bytes());
  encoder.time(entry.at);
  encoder.text(entry.kind);
  encoder.maybe(entry.account);
  encoder.maybe(entry.actor);
  encoder.maybe(entry.session);
  encoder.text(entry.reason);
  encoder.text(entry.subject);
  encoder.text(entry.address);
  encoder.text(entry.request_id);
  if (is_repeated) {
    encoder.integer(entry.count);
    encoder.integer(entry.last_at ? 1 : 0);
    encoder.time(entry.last_at.value_or(Time{}));
  }
  return {.number = previous.number + 1, .hash = crypto::sha256(BytesView{encoder.encoded()})};
}

std::optional<Break> check_links(const std::vector<Sealed>& events, Link& last) {
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

ChainReader::ChainReader(db::Database& database, const CheckpointKey& key)
    : database_(&database), key_(key), columns_(columns_in(database)) {}

struct ChainReader::Page {
  std::optional<Checkpoint> checkpoint;
  bool has_removed = false;  // an event that the checkpoint says is gone
  bool has_loose_hash = false;
  std::vector<Sealed> events;
};

ChainReader::Page ChainReader::read() const {
  return database_->read([this](db::Tx& tx) {
    if (columns_ == Columns::without_counts) {
      Page page{.events = sealed_after(tx, last_.number, page_size, columns_)};
      page.has_loose_hash = page.events.empty() && has_loose_hash(tx);
      return page;
    }
    Page page{.checkpoint = find_checkpoint(tx)};
    const auto removed = page.checkpoint ? page.checkpoint->link.number : 0;
    page.has_removed = page.checkpoint && has_event_up_to(tx, removed);
    page.events = sealed_after(tx, std::max(last_.number, removed), page_size, columns_);
    page.has_loose_hash = page.events.empty() && has_loose_hash(tx);
    return page;
  });
}

std::optional<Break> ChainReader::begin_at(const Page& page) {
  const Checkpoint& begin = *page.checkpoint;
  if (key_ && !is_signed(begin, *key_)) {
    return Break{begin.link.number,
                 "the checkpoint that the events up to it were removed was not signed by this server, or with another "
                 "secret"};
  }
  if (page.has_removed) {
    return Break{begin.link.number, "the checkpoint does not belong here: events that it says were removed are there"};
  }
  // The server leaves the newest event, whatever its age.
  if (page.events.empty()) return Break{begin.link.number + 1, "the event is missing"};
  last_ = begin.link;
  checkpoint_ = begin;
  return std::nullopt;
}

std::vector<Sealed> ChainReader::next() {
  if (broken_) return {};
  Page page = read();
  const bool begins = page.checkpoint && (!has_begun_ || page.checkpoint->link.number > last_.number);
  has_begun_ = true;
  if (begins) broken_ = begin_at(page);
  if (!broken_) broken_ = check_links(page.events, last_);
  if (!broken_ && page.has_loose_hash) broken_ = Break{last_.number + 1, "an event was taken out of the chain"};
  if (broken_) {  // what comes before the break is good
    std::erase_if(page.events, [this](const Sealed& each) { return each.number > last_.number; });
  }
  return std::move(page.events);
}

}  // namespace cardea::audit
