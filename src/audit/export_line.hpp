#pragma once
// The lines of an export as types of the wire. Internal to audit.

#include <optional>
#include <string>

#include "audit/checkpoint.hpp"
#include "encoding/wire.hpp"

namespace cardea::audit {

inline constexpr std::size_t longest_sealed = 6000;  // digits; what is sealed is bounded when it is recorded

struct CheckpointBody {
  std::int64_t number = 0;
  std::string hash;  // this and every other in hexadecimal
  std::string at;    // this and every other as RFC 3339 with microseconds
  std::string signature;
};
template <class D>
void describe(D& d, wire::Of<D, CheckpointBody>& body) {
  d.required("number", body.number);
  d.required("hash", body.hash);
  d.required("at", body.at);
  d.required("signature", body.signature);
}

struct ChainBody {
  std::int64_t number = 0;
  std::string hash;
  std::optional<CheckpointBody> checkpoint;
};
template <class D>
void describe(D& d, wire::Of<D, ChainBody>& body) {
  d.required("number", body.number);
  d.required("hash", body.hash);
  d.if_present("checkpoint", body.checkpoint);
}

/// An older event says who and where in the clear; a later one as it is stored, by pseudonyms and sealed texts.
struct EventBody {
  std::int64_t number = 0;
  std::string hash;
  EventId id;
  std::string at;
  std::string kind;
  std::optional<AccountId> account;
  std::optional<AccountId> actor;
  std::optional<SessionId> session;
  std::string reason;
  std::string subject;
  std::string address;
  std::string request;
  std::int64_t count = 1;
  std::optional<std::string> last_at;
  std::optional<Pseudonym> account_pseudonym;
  std::optional<Pseudonym> actor_pseudonym;
  std::optional<std::string> account_sealed;
  std::optional<std::string> actor_sealed;
};
template <class D>
void describe(D& d, wire::Of<D, EventBody>& body) {
  d.required("number", body.number);
  d.required("hash", body.hash);
  d.required("id", body.id);
  d.required("at", body.at);
  d.required("kind", body.kind);
  d.if_present("account", body.account);
  d.if_present("actor", body.actor);
  d.if_present("session", body.session);
  d.required("reason", body.reason);
  d.required("subject", body.subject);
  d.required("address", body.address);
  d.required("request", body.request);
  d.required("count", body.count);
  d.if_present("last_at", body.last_at);
  d.if_present("account_pseudonym", body.account_pseudonym);
  d.if_present("actor_pseudonym", body.actor_pseudonym);
  d.if_present("account_sealed", body.account_sealed, {.max = longest_sealed});
  d.if_present("actor_sealed", body.actor_sealed, {.max = longest_sealed});
}

struct EndBody {
  std::int64_t number = 0;
  std::string hash;
  std::int64_t events = 0;
  std::int64_t unsealed = 0;
  std::string at;
  std::optional<std::string> signature;
};
template <class D>
void describe(D& d, wire::Of<D, EndBody>& body) {
  d.required("number", body.number);
  d.required("hash", body.hash);
  d.required("events", body.events);
  d.required("unsealed", body.unsealed);
  d.required("at", body.at);
  d.if_present("signature", body.signature);
}

/// One of them.
struct Line {
  std::optional<ChainBody> chain = {};
  std::optional<EventBody> event = {};
  std::optional<EndBody> end = {};
};
template <class D>
void describe(D& d, wire::Of<D, Line>& line) {
  d.if_present("chain", line.chain);
  d.if_present("event", line.event);
  d.if_present("end", line.end);
}

[[nodiscard]] ChainBody to_body(const Link& begin, const std::optional<Checkpoint>& checkpoint);
[[nodiscard]] EventBody to_body(const Sealed& event);
[[nodiscard]] std::string instant_text(Time time);

/// Absent when a text in it is not what it should be.
[[nodiscard]] std::optional<Link> to_link(std::int64_t number, const std::string& hash);
[[nodiscard]] std::optional<Checkpoint> to_checkpoint(const CheckpointBody& body);
[[nodiscard]] std::optional<Sealed> to_event(const EventBody& body);
[[nodiscard]] std::optional<Time> to_instant(const std::string& text);

}  // namespace cardea::audit
