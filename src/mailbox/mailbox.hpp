#pragma once
// mailbox: where the letters of `cardea dev` end up: on this machine, to be read by whoever writes the application.
//
// Owns: mailbox. Never: there in `cardea serve`: no setting turns it on.
// Routes: pages /mail, /mail/{id}; /mail/{id}/html, the letter as it would be shown; /mail/events, which tells a page
// that something has come.

#include "feature/feature.hpp"
#include "mail/mail.hpp"

namespace cardea::mailbox {

using jobs::JobId;

struct Settings {
  bool is_on = false;  // by `cardea dev` alone
};

struct Entry {
  JobId id;  // of the item of the queue: a letter that is delivered again takes its own place
  std::string recipient;
  std::string subject;
  std::string text;
  std::string html;
  std::string code;
  Time received_at;
};

/// How many letters are kept; older ones go.
inline constexpr std::int64_t most_kept = 500;

/// The latest first.
[[nodiscard]] std::vector<Entry> latest(db::Tx& tx, std::int64_t limit);
[[nodiscard]] std::optional<Entry> find(db::Tx& tx, const JobId& id);
/// Letters to an address, `mail::Address::key`.
struct Wanted {
  std::string recipient_key;
  bool with_code = false;  // of those with a code alone
};
/// The first letter that nobody has taken, to one caller.
[[nodiscard]] std::optional<Entry> take_next(db::Tx& tx, const Wanted& wanted);
[[nodiscard]] std::optional<Entry> latest_to(db::Tx& tx, const Wanted& wanted);

/// Keeps letters instead of sending them.
[[nodiscard]] std::unique_ptr<mail::Transport> transport(db::Database& database, const Clock& clock);

[[nodiscard]] FeatureEntry entry();

}  // namespace cardea::mailbox
