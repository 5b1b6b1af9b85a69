#include "audit/export_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "encoding/base64.hpp"
#include "encoding/rfc3339.hpp"

namespace cardea::audit {

std::string instant_text(Time time) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(time);
  std::string text = rfc3339(milliseconds);
  text.insert(text.size() - 1, fmt::format("{:03}", (time - milliseconds).count()));
  return text;
}

ChainBody to_body(const Link& begin, const std::optional<Checkpoint>& checkpoint) {
  ChainBody body{.number = begin.number, .hash = encoding::hex(begin.hash), .checkpoint = {}};
  if (checkpoint) {
    body.checkpoint = CheckpointBody{.number = checkpoint->link.number,
                                     .hash = encoding::hex(checkpoint->link.hash),
                                     .at = instant_text(checkpoint->at),
                                     .signature = encoding::hex(checkpoint->signature)};
  }
  return body;
}

EventBody to_body(const Sealed& event) {
  const Entry& entry = event.entry;
  EventBody body{.number = event.number,
                 .hash = encoding::hex(event.hash.value_or(Bytes{})),
                 .id = entry.id,
                 .at = instant_text(entry.at),
                 .kind = entry.kind,
                 .account = entry.account,
                 .actor = entry.actor,
                 .session = entry.session,
                 .reason = entry.reason,
                 .subject = entry.subject,
                 .address = entry.address,
                 .request = entry.request_id,
                 .count = entry.count,
                 .last_at = {},
                 .account_pseudonym = entry.account_pseudonym,
                 .actor_pseudonym = entry.actor_pseudonym,
                 .account_sealed = {},
                 .actor_sealed = {}};
  if (entry.last_at) body.last_at = instant_text(*entry.last_at);
  if (entry.account_sealed) body.account_sealed = encoding::hex(*entry.account_sealed);
  if (!entry.actor_sealed.empty()) body.actor_sealed = encoding::hex(entry.actor_sealed);
  return body;
}

std::optional<Time> to_instant(const std::string& text) { return wire::parse_rfc3339(text); }

std::optional<Link> to_link(std::int64_t number, const std::string& hash) {
  Link link{.number = number};
  const auto bytes = encoding::parse_hex(hash);
  if (!bytes || bytes->size() != link.hash.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), link.hash.begin());
  return link;
}

std::optional<Checkpoint> to_checkpoint(const CheckpointBody& body) {
  const auto link = to_link(body.number, body.hash);
  const auto at = to_instant(body.at);
  auto signature = encoding::parse_hex(body.signature);
  if (!link || !at || !signature) return std::nullopt;
  return Checkpoint{.link = *link, .at = *at, .signature = std::move(*signature)};
}

namespace {

/// A sealed event says nothing in the clear but what its hash is over.
bool says_more_than_its_hash(const EventBody& body) {
  if (!body.account_sealed) return body.account_pseudonym || body.actor_pseudonym || body.actor_sealed;
  const bool is_of_nobody = !body.account_pseudonym && !body.actor_pseudonym && body.account_sealed->empty();
  return body.account || body.actor || body.session || !body.address.empty() || !body.request.empty() ||
         (!body.subject.empty() && !is_of_nobody);
}

}  // namespace

std::optional<Sealed> to_event(const EventBody& body) {
  if (says_more_than_its_hash(body)) return std::nullopt;
  const auto at = to_instant(body.at);
  const auto last_at = body.last_at ? to_instant(*body.last_at) : std::nullopt;
  auto hash = encoding::parse_hex(body.hash);
  auto account_sealed = body.account_sealed ? encoding::parse_hex(*body.account_sealed) : std::nullopt;
  auto actor_sealed = body.actor_sealed ? encoding::parse_hex(*body.actor_sealed) : std::optional{Bytes{}};
  if (!at || !hash || last_at.has_value() != body.last_at.has_value()) return std::nullopt;
  if (account_sealed.has_value() != body.account_sealed.has_value() || !actor_sealed) return std::nullopt;
  return Sealed{.entry = {.id = body.id,
                          .at = *at,
                          .kind = body.kind,
                          .account = body.account,
                          .actor = body.actor,
                          .session = body.session,
                          .reason = body.reason,
                          .subject = body.subject,
                          .address = body.address,
                          .request_id = body.request,
                          .count = body.count,
                          .last_at = last_at,
                          .account_pseudonym = body.account_pseudonym,
                          .actor_pseudonym = body.actor_pseudonym,
                          .account_sealed = std::move(account_sealed),
                          .actor_sealed = *std::move(actor_sealed)},
                .number = body.number,
                .hash = std::move(*hash)};
}

}  // namespace cardea::audit
