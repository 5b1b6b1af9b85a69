#include "mailbox/mailbox.hpp"

namespace cardea::mailbox {
namespace {

Entry to_entry(const db::Row& row) {
  return {.id = row.id<JobId>(0),
          .recipient = row.text(1),
          .subject = row.text(2),
          .text = row.text(3),
          .html = row.text(4),
          .code = row.text(5),
          .received_at = row.time(6)};
}

std::optional<Entry> entry_in(const std::optional<db::Row>& row) {
  return row ? std::optional{to_entry(*row)} : std::nullopt;
}

class Keeper : public mail::Transport {
 public:
  Keeper(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Result<Done> send(const mail::Message& message, const jobs::Item& item) override {
    const auto address = mail::Address::parse(message.to);
    const std::string key = address ? address->key() : message.to;
    database_.write([&](db::Tx& tx) {
      tx.run(
          "INSERT INTO mailbox (id, number, recipient, recipient_key, subject, body_text, body_html, code, "
          "received_at) "
          "VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM mailbox), $2, $3, $4, $5, $6, $7, $8) "
          "ON CONFLICT (id) DO NOTHING",
          item.id, message.to, key, message.subject, message.text, message.html, message.code, clock_.now());
      tx.run("DELETE FROM mailbox WHERE id NOT IN (SELECT id FROM mailbox ORDER BY number DESC LIMIT $1)", most_kept);
    });
    return done;
  }

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace

std::vector<Entry> latest(db::Tx& tx, std::int64_t limit) {
  std::vector<Entry> entries;
  for (const auto& row : tx.all("SELECT id, recipient, subject, body_text, body_html, code, received_at FROM mailbox "
                                "ORDER BY number DESC LIMIT $1",
                                limit)) {
    entries.push_back(to_entry(row));
  }
  return entries;
}

std::optional<Entry> find(db::Tx& tx, const JobId& id) {
  return entry_in(
      tx.one("SELECT id, recipient, subject, body_text, body_html, code, received_at FROM mailbox WHERE id = $1", id));
}

std::optional<Entry> take_next(db::Tx& tx, const Wanted& wanted) {
  return entry_in(tx.one(
      "UPDATE mailbox SET is_taken = 1 WHERE is_taken = 0 AND id = (SELECT id FROM mailbox WHERE recipient_key = $1 "
      "AND ($2 = 0 OR code <> '') AND is_taken = 0 ORDER BY number LIMIT 1) "
      "RETURNING id, recipient, subject, body_text, body_html, code, received_at",
      wanted.recipient_key, wanted.with_code ? 1 : 0));
}

std::optional<Entry> latest_to(db::Tx& tx, const Wanted& wanted) {
  return entry_in(
      tx.one("SELECT id, recipient, subject, body_text, body_html, code, received_at FROM mailbox "
             "WHERE recipient_key = $1 AND ($2 = 0 OR code <> '') ORDER BY number DESC LIMIT 1",
             wanted.recipient_key, wanted.with_code ? 1 : 0));
}

std::unique_ptr<mail::Transport> transport(db::Database& database, const Clock& clock) {
  return std::make_unique<Keeper>(database, clock);
}

}  // namespace cardea::mailbox
