#include "audit/protect.hpp"

#include "crypto/seal.hpp"
#include "encoding/wire.hpp"

namespace cardea::audit {

/// What one key seals of an event.
struct Part {
  std::optional<SessionId> session = {};
  std::optional<std::string> subject = {};
  std::optional<std::string> address = {};
  std::optional<std::string> request = {};

  [[nodiscard]] bool is_empty() const { return !session && !subject && !address && !request; }
};
template <class D>
void describe(D& d, wire::Of<D, Part>& part) {
  d.if_present("session", part.session);
  d.if_present("subject", part.subject);
  d.if_present("address", part.address);
  d.if_present("request", part.request);
}

namespace {

constexpr std::size_t padded_to = 64;  // bytes: the length of an address must not tell whose it is

std::string where(std::string_view column, const EventId& id) {
  return "audit_event." + std::string{column} + ":" + id.text();
}
constexpr std::string_view account_column = "account_sealed";
constexpr std::string_view actor_column = "actor_sealed";

std::optional<std::string> text_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

/// Empty when there is nothing in it, or no key.
Bytes seal_part(const Keys& keys, const Secret& key, const Part& part, const std::string& place) {
  if (part.is_empty() || key.empty()) return {};
  std::string text = wire::write(part);
  text.append((padded_to - text.size() % padded_to) % padded_to, ' ');
  return crypto::seal(key, as_bytes(text), place, keys.random());
}

void open_part(Entry& entry, const Secret& key, BytesView sealed, const std::string& place) {
  if (sealed.empty()) return;
  const auto text = crypto::open(key, sealed, place);
  const auto part = text ? wire::read<Part>(text->reveal()) : Result<Part>{not_found};
  if (!part.ok()) return;
  if (part->session) entry.session = part->session;
  if (part->subject) entry.subject = *part->subject;
  if (part->address) entry.address = *part->address;
  if (part->request) entry.request_id = *part->request;
}

}  // namespace

Entry protect(db::Tx& tx, const Keys& keys, const Entry& event) {
  Entry stored{.id = event.id, .at = event.at, .kind = event.kind, .reason = event.reason, .account_sealed = Bytes{}};
  Part of_account{.subject = text_or_none(event.subject)};
  Part of_actor{
      .session = event.session, .address = text_or_none(event.address), .request = text_or_none(event.request_id)};
  const auto merge = [](Part& into, const Part& part) {
    into.session = part.session;
    into.address = part.address;
    into.request = part.request;
  };
  if (!event.account && !event.actor) {
    // Where nobody is in it, as in what an operator did, there is nothing to hide.
    if (of_actor.is_empty()) {
      stored.subject = event.subject;
      return stored;
    }
    merge(of_account, of_actor);
    stored.account_sealed = seal_part(keys, keys.of_month(tx, event.at), of_account, where(account_column, event.id));
    return stored;
  }
  const bool is_by_other = event.actor && event.actor != event.account;
  if (is_by_other && !event.account) {
    of_actor.subject = std::move(of_account.subject);
  } else if (!is_by_other) {
    merge(of_account, of_actor);
  }
  if (event.account) {
    // Of an account that is gone, kind, reason and time are left.
    if (const auto key = keys.of_account(tx, *event.account, event.at)) {
      stored.account_pseudonym = key->pseudonym;
      stored.account_sealed = seal_part(keys, key->key, of_account, where(account_column, event.id));
      if (event.actor == event.account) stored.actor_pseudonym = key->pseudonym;
    }
  }
  if (is_by_other) {
    if (const auto key = keys.of_account(tx, *event.actor, event.at)) {
      stored.actor_pseudonym = key->pseudonym;
      stored.actor_sealed = seal_part(keys, key->key, of_actor, where(actor_column, event.id));
    }
  }
  return stored;
}

void Opener::open(Entry& entry, const Persons& persons) {
  if (!entry.account_sealed) return;
  const auto open_with = [&](const StoredKey& person, BytesView sealed, std::string_view column) {
    if (const auto key = keys_->open(person)) open_part(entry, *key, sealed, where(column, entry.id));
  };
  if (persons.account) {
    entry.account = persons.account->account;
    if (entry.actor_pseudonym == entry.account_pseudonym) entry.actor = entry.account;
    open_with(*persons.account, *entry.account_sealed, account_column);
  }
  if (persons.actor && entry.actor_pseudonym != entry.account_pseudonym) {
    entry.actor = persons.actor->account;
    open_with(*persons.actor, entry.actor_sealed, actor_column);
  }
  if (!entry.account_pseudonym && !entry.actor_pseudonym && !entry.account_sealed->empty()) {
    const Secret* key = month_key(entry.at);
    if (key != nullptr) open_part(entry, *key, *entry.account_sealed, where(account_column, entry.id));
  }
}

const Secret* Opener::month_key(Time at) {
  if (!months_) months_ = keys_->months(*tx_);
  const auto found = months_->find(month_of(at));
  return found == months_->end() ? nullptr : &found->second;
}

}  // namespace cardea::audit
