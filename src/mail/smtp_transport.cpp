#include "mail/mail.hpp"
#include "outbound/smtp.hpp"

namespace cardea::mail {
namespace {

inline constexpr ErrorKind not_sent{"mail.not_sent", 503, "The mail server did not take a letter; it is tried again."};

outbound::SmtpServer server_of(const Settings& settings, std::string_view own_name) {
  return {.url = settings.smtp,
          .is_encrypted = settings.is_encrypted,
          .user = settings.user,
          .password = settings.password.copy(),
          .ca_file = settings.ca_file,
          .own_name = std::string{own_name},
          .timeout = std::chrono::duration_cast<std::chrono::milliseconds>(settings.timeout)};
}

/// Nobody answered, or nobody is to send anything now, or this program is not let in (RFC 4954 §6): any letter would
/// have failed, not this one.
bool would_fail_any(long reply) { return reply == 0 || reply == 421 || reply == 530 || reply == 534 || reply == 535; }

class SmtpTransport : public Transport {
 public:
  SmtpTransport(const Settings& settings, std::string_view own_name, db::Database& database, const Clock& clock,
                observe::Log& log)
      : from_(Sender::parse(settings.from).value()),
        client_(server_of(settings, own_name)),
        database_(database),
        clock_(clock),
        log_(log) {}

  Result<Done> send(const Message& message, const jobs::Item& item) override {
    const auto content = to_mime(message, from_, item.id.text(), item.created_at);
    const auto outcome = client_.send({.from = from_.address.text(), .to = message.to, .content = content}, item.stop);
    switch (outcome.kind) {
      case outbound::SmtpOutcome::Kind::sent: return taken(message);
      case outbound::SmtpOutcome::Kind::recipient_refused: return refused(message, outcome);
      case outbound::SmtpOutcome::Kind::failed: break;
    }
    return Error{would_fail_any(outcome.reply) ? not_reached : not_sent, outcome.reason};
  }

 private:
  Result<Done> taken(const Message& message) {
    const auto address = Address::parse(message.to);
    const bool was_marked = address && database_.read([&](db::Tx& tx) { return bounced_at(tx, *address).has_value(); });
    if (was_marked) {
      database_.write([&](db::Tx& tx) { tx.run("DELETE FROM mail_bounce WHERE address_key = $1", address->key()); });
    }
    return done;
  }

  /// For good, as the server says: nothing would be better tomorrow.
  Result<Done> refused(const Message& message, const outbound::SmtpOutcome& outcome) {
    log_.warn("mail.refused", {{"reply", outcome.reply}});
    const auto address = Address::parse(message.to);
    if (!address) return done;
    database_.write([&](db::Tx& tx) {
      tx.run(
          "INSERT INTO mail_bounce (address_key, reply, bounced_at) VALUES ($1, $2, $3) "
          "ON CONFLICT (address_key) DO UPDATE SET reply = excluded.reply, bounced_at = excluded.bounced_at",
          address->key(), static_cast<std::int64_t>(outcome.reply), clock_.now());
    });
    return done;
  }

  Sender from_;
  outbound::SmtpClient client_;
  db::Database& database_;
  const Clock& clock_;
  observe::Log& log_;
};

}  // namespace

std::unique_ptr<Transport> smtp_transport(const Settings& settings, std::string_view own_name, db::Database& database,
                                          const Clock& clock, observe::Log& log) {
  return std::make_unique<SmtpTransport>(settings, own_name, database, clock, log);
}

std::string send_now(const Settings& settings, std::string_view own_name, const Message& message, Time now) {
  const auto from = Sender::parse(settings.from).value();
  outbound::SmtpClient client{server_of(settings, own_name)};
  const auto id = "test-" + std::to_string(to_micros(now));
  const auto content = to_mime(message, from, id, now);
  const auto outcome = client.send({.from = from.address.text(), .to = message.to, .content = content});
  if (outcome.kind == outbound::SmtpOutcome::Kind::sent) return {};
  return outcome.reason + (outcome.reply > 0 ? " (" + std::to_string(outcome.reply) + ")" : "");
}

std::string_view host_of(std::string_view url) {
  const auto host = url.substr(url.find("//") + 2);
  return host.substr(0, host.find(':', host.starts_with('[') ? host.find(']') : 0));
}

std::optional<Time> bounced_at(db::Tx& tx, const Address& address) {
  const auto row = tx.one("SELECT bounced_at FROM mail_bounce WHERE address_key = $1", address.key());
  return row ? std::optional{row->time(0)} : std::nullopt;
}

}  // namespace cardea::mail
