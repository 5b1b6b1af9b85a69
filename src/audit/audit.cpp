#include "audit/audit.hpp"

#include <algorithm>

#include "audit/audit_store.hpp"
#include "audit/encoder.hpp"
#include "audit/protect.hpp"
#include "base/client_network.hpp"
#include "encoding/unicode.hpp"

namespace cardea::audit {
namespace {

// Bytes. Our own texts are far shorter; the bounds hold whatever a caller lets through.
constexpr std::size_t max_code = 64;
constexpr std::size_t max_subject = 256;
constexpr std::size_t max_address = 64;

/// At most `max` bytes of well-formed text without NUL: what both engines store and give back unchanged.
std::string bounded(std::string_view text, std::size_t max) {
  std::string out{text.substr(0, max)};
  if (text.size() > max) {  // do not end inside a character
    while (!out.empty() && (static_cast<unsigned char>(text[out.size()]) & 0xC0U) == 0x80U) out.pop_back();
  }
  const bool storable = unicode::is_utf8(out) && out.find('\0') == std::string::npos;
  if (!storable) {
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '\0' || (static_cast<unsigned char>(c) & 0x80U) != 0; }, '?');
  }
  return out;
}

template <class IdType>
std::string text_or_empty(const std::optional<IdType>& id) {
  return id ? id->text() : std::string{};
}

Entry to_entry(const Context& context, const Event& event, Random& random) {
  const Principal nobody;
  const Principal& principal = context.principal ? *context.principal : nobody;
  return {.id = EventId::make(context.now, random),
          .at = context.now,
          .kind = bounded(event.kind.name, max_code),
          .account = event.account,
          .actor = event.actor ? event.actor : principal.account,
          .session = event.session ? event.session : principal.session,
          .reason = bounded(event.reason, max_code),
          .subject = bounded(event.subject, max_subject),
          .address = bounded(context.origin.address, max_address),
          .request_id = text_or_empty(context.origin.request)};
}

/// The same for events that say the same of the same network. Of nothing but what their row holds, so that counting
/// keeps nothing more of anybody: names that nobody has are not told apart.
Flood flood_of(const Keys& keys, const Entry& entry) {
  Encoder encoder;
  encoder.text(entry.kind);
  encoder.text(entry.reason);
  encoder.text(entry.subject);
  encoder.maybe(entry.account);
  encoder.maybe(entry.actor);
  encoder.maybe(entry.session);
  encoder.text(ClientNetwork{entry.address}.text(0));
  const auto digest = keys.mac(encoder.encoded());
  Flood flood{};
  std::copy_n(digest.begin(), flood.size(), flood.begin());
  return flood;
}

}  // namespace

void Trail::record(db::Tx& tx, const Context& context, const Event& event) const {
  record(tx, context, std::span{&event, 1});
}

void Trail::record(db::Tx& tx, const Context& context, std::span<const Event> events) const {
  std::vector<Entry> entries;  // as they are told
  std::vector<NewEntry> stored;
  for (const Event& event : events) {
    const Entry& entry = entries.emplace_back(to_entry(context, event, *random_));
    auto& added = stored.emplace_back(NewEntry{.entry = protect(tx, keys_, entry)});
    if (event.kind.repeats == Repeats::counted) added.flood = flood_of(keys_, entry);
  }
  insert(tx, stored);
  for (const Listener& tell : listeners_) {
    for (std::size_t i = 0; i < events.size(); ++i) tell(tx, context, events[i], entries[i]);
  }
  for (Entry& each : entries) {  // also of one that is only counted: whoever reads the log sees each
    tx.after_commit([log = log_, entry = std::move(each)] {
      log->info(entry.kind, {{"account", text_or_empty(entry.account)},
                             {"session", text_or_empty(entry.session)},
                             {"reason", entry.reason},
                             {"address", entry.address},
                             {"request", entry.request_id}});
    });
  }
}

}  // namespace cardea::audit
