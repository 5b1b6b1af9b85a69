#include "sms/outbox.hpp"

#include "encoding/wire.hpp"
#include "mail/sealed.hpp"
#include "page/expand.hpp"

namespace cardea::sms {

/// A message as it waits.
struct Waiting {
  std::string to;
  std::string text;
  std::string code;
  Time until = {};
};

template <class D>
void describe(D& d, wire::Of<D, Waiting>& waiting) {
  d.required("to", waiting.to, {.max = 20});
  d.required("text", waiting.text, {.max = 2'000});
  d.required("code", waiting.code, {.max = 20});
  d.required("until", waiting.until);
}

namespace {

constexpr std::string_view kind = "sms.send";
constexpr int senders = 2;

inline constexpr ErrorKind not_sent{"sms.not_sent", 503, "The gateway did not take a text message; it is tried again."};

/// As the mailbox shows it.
mail::Message to_mail(const Letter& letter) {
  return {.to = letter.to.text(),
          .subject = letter.text.substr(0, letter.text.find('\n')),
          .text = letter.text + "\n",
          .html = "<!doctype html><html><body><pre>" + page::escape(letter.text) + "</pre></body></html>\n",
          .code = letter.code,
          .language = "en"};
}

}  // namespace

Outbox::Outbox(const GatewaySettings& settings, Secret key, const Parts& parts)
    : settings_(settings), key_(std::move(key)), parts_(parts) {
  for (const char* outcome : {"queued", "sent", "refused", "failed", "too_late"}) (void)counter(outcome);
}

observe::Counter& Outbox::counter(const char* outcome) const {
  return parts_.metrics.counter("cardea_sms_total", "Text messages, by what became of them.", {{"outcome", outcome}});
}

void Outbox::put(db::Tx& tx, const Letter& letter, Time now, Duration lifetime) const {
  const Waiting waiting{.to = letter.to.text(), .text = letter.text, .code = letter.code, .until = now + lifetime};
  parts_.queue.put(tx, kind, mail::sealed(key_, kind, waiting, parts_.random), now);
  counter("queued").add();
}

jobs::Worker Outbox::worker(const Clock& clock) const {
  return {.kind = std::string{kind},
          .work = [this, &clock](const jobs::Item& item) { return work(clock, item); },
          .threads = senders};
}

Result<Done> Outbox::work(const Clock& clock, const jobs::Item& item) const {
  const auto waiting = TRY(mail::unsealed<Waiting>(key_, kind, item.payload, "a text message"));
  const auto to = Number::parse(waiting.to);
  if (!to || clock.now() > waiting.until) {
    counter("too_late").add();
    return done;
  }
  return send({.to = *to, .text = waiting.text, .code = waiting.code}, item);
}

Result<Done> Outbox::send(const Letter& letter, const jobs::Item& item) const {
  if (settings_.url.empty()) {
    if (parts_.kept == nullptr) return Error{not_sent, "sms.url is not set"};
    TRY(parts_.kept->send(to_mail(letter), item));
    counter("sent").add();
    return done;
  }
  const auto delivery = deliver(settings_, {.to = letter.to, .text = letter.text, .id = item.id.text()}, item.stop);
  switch (delivery.verdict) {
    case Verdict::taken: counter("sent").add(); return done;
    case Verdict::refused:
      counter("refused").add();
      parts_.log.warn("sms.refused", {{"reason", delivery.reason}, {"country", letter.to.calling_code()}});
      return done;
    case Verdict::failed: break;
  }
  counter("failed").add();
  return Error{not_sent, delivery.reason};
}

}  // namespace cardea::sms
