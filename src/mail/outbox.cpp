#include "encoding/wire.hpp"
#include "mail/letter.hpp"
#include "mail/mail.hpp"
#include "mail/sealed.hpp"

namespace cardea::mail {

/// A message as it waits, besides what it says.
struct Waiting {
  Message message;
  Time until = {};
};

template <class D>
void describe(D& d, wire::Of<D, Message>& message) {
  d.required("to", message.to, {.max = 400});
  d.required("subject", message.subject, {.max = 1'000});
  d.required("text", message.text, {.max = 20'000});
  d.required("html", message.html, {.max = 40'000});
  d.required("code", message.code, {.max = 20});
  d.required("language", message.language, {.max = 20});
  d.required("rtl", message.is_rtl);
}

template <class D>
void describe(D& d, wire::Of<D, Waiting>& waiting) {
  d.required("message", waiting.message);
  d.required("until", waiting.until);
}

namespace {

constexpr std::string_view kind = "mail.send";
constexpr int senders = 2;
/// How long the server may be out of reach before nobody is made to wait for a letter, and how long that is believed.
constexpr Duration patience = std::chrono::minutes{2};
constexpr Duration memory = std::chrono::minutes{30};

observe::Counter& letters(observe::Metrics& metrics, const char* outcome) {
  return metrics.counter("cardea_mail_total", "Letters, by what became of them.", {{"outcome", outcome}});
}

}  // namespace

Outbox::Outbox(const Settings& settings, Stationery stationery, Secret key, const Parts& parts)
    : settings_(settings), stationery_(std::move(stationery)), key_(std::move(key)), parts_(parts) {
  for (const char* outcome : {"queued", "sent", "withheld", "too_late"}) (void)letters(parts_.metrics, outcome);
}

bool Outbox::put(db::Tx& tx, const Address& to, const Letter& letter, const page::Words& words, Time now,
                 Duration lifetime) const {
  const throttle::Charge charge{settings_.address, "mail.address:" + to.key()};
  const bool is_allowed = is_on() && throttle::charge(tx, std::span{&charge, 1}, now).ok();
  if (!is_allowed) {
    letters(parts_.metrics, "withheld").add();
    return false;
  }
  const Waiting waiting{.message = compose(letter, to, words, stationery_), .until = now + lifetime};
  parts_.queue.put(tx, kind, sealed(key_, kind, waiting, parts_.random), now);
  letters(parts_.metrics, "queued").add();
  return true;
}

bool Outbox::is_working(Time now) const {
  const std::int64_t since = failing_since_;
  // A server that nobody has tried for a while may be back.
  return is_on() && (since == 0 || now - from_micros(since) < patience || now - from_micros(failed_at_) > memory);
}

void Outbox::heed(const Result<Done>& sent, Time now) const {
  if (sent || !sent.error().is(not_reached)) {
    failing_since_ = 0;
    return;
  }
  failed_at_ = to_micros(now);
  std::int64_t never = 0;
  failing_since_.compare_exchange_strong(never, to_micros(now));
}

jobs::Worker Outbox::worker(Transport& transport, const Clock& clock) const {
  return {.kind = std::string{kind},
          .work = [this, &transport, &clock](const jobs::Item& item) -> Result<Done> {
            const auto waiting = TRY(unsealed<Waiting>(key_, kind, item.payload, "a letter"));
            if (clock.now() > waiting.until) {
              letters(parts_.metrics, "too_late").add();
              return done;
            }
            const auto sent = transport.send(waiting.message, item);
            heed(sent, clock.now());
            if (!sent) return sent.error();
            letters(parts_.metrics, "sent").add();
            return done;
          },
          .threads = senders};
}

}  // namespace cardea::mail
