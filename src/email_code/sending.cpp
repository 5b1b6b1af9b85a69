#include "email_code/sending.hpp"

#include "email_code/store.hpp"
#include "encoding/base64.hpp"
#include "encoding/unicode.hpp"
#include "encoding/wire.hpp"

namespace cardea::email_code {

template <class D>
void describe(D& d, wire::Of<D, Wish>& wish) {
  d.required("purpose", wish.purpose, {.max = 40});
  d.required("binding", wish.binding, {.max = 100});
  d.optional("account", wish.account);
  d.required("address", wish.address, {.max = 400});
  d.required("language", wish.language, {.max = 40});
  d.required("is_unasked", wish.is_unasked);
}

namespace {

mail::Letter code_letter(const page::Words& words, const identity::Account& account, const Secret& code) {
  const std::vector<std::pair<std::string, std::string>> values{{"code", std::string{code.reveal()}},
                                                                {"account", identity::username(account)}};
  return {.subject = words.text("letter.email_code.subject", values),
          .before = {words.text("letter.email_code.text", values)},
          .code = std::string{code.reveal()},
          .after = {std::string{words.text("letter.email_code.lifetime")},
                    std::string{words.text("letter.email_code.not_you")}}};
}

mail::Letter password_letter(const page::Words& words, std::string_view url) {
  return {.subject = std::string{words.text("letter.email_code_password.subject")},
          .before = {std::string{words.text("letter.email_code_password.text")}},
          .link = mail::Link{.label = std::string{words.text("nav.signin")}, .url = std::string{url} + "/signin"},
          .after = {std::string{words.text("letter.email_code.not_you")}}};
}

const challenge::Purpose* purpose_of(std::string_view name) {
  for (const auto* purpose : {&second_step, &enrolment, &first_step}) {
    if (purpose->name() == name) return purpose;
  }
  return nullptr;
}

/// Whose second step is a code by mail shows the password first: two letters to one mailbox are one factor.
bool needs_password_first(db::Tx& tx, const Deps& deps, const AccountId& account) {
  return enrolled_at(tx, account) && !authn::find_enrolled(tx, deps.authn, account).outranks(AuthMethod::email_code) &&
         deps.authn.policy.begins_with(AuthMethod::password) && password::find(tx, account);
}

std::optional<crypto::Digest> browser_of(const Wish& wish) {
  const auto bytes = encoding::parse_hex(wish.binding);
  crypto::Digest browser{};
  if (!bytes || bytes->size() != browser.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), browser.begin());
  return browser;
}

/// The letter is put, and the browser that waits is told of what.
void send(db::Tx& tx, const Deps& deps, const Wish& wish, const identity::Account& account,
          const challenge::Purpose& purpose, Time now) {
  const auto to = address_of(account);
  const auto address = mail::Address::of(to);
  if (!address) return;
  const auto words = deps.pages.words_in(wish.language.empty() ? account.language : wish.language);
  const bool is_first = &purpose == &first_step;
  if (is_first && needs_password_first(tx, deps, account.id)) {
    deps.outbox.put(tx, *address, password_letter(words, deps.outbox.url()), words, now);
    return;
  }
  const auto issued = deps.challenges.issue(tx, purpose, subject_of(account.id, wish.binding, *to), now);
  if (is_first) {
    const auto browser = browser_of(wish);
    if (!browser || !fill_signin(tx, *browser, account.id, issued.id)) return;
  }
  deps.outbox.put(tx, *address, code_letter(words, account, *issued.code), words, now, code_lifetime);
}

}  // namespace

std::optional<std::string> address_of(const std::optional<identity::Account>& account) {
  return account ? identity::confirmed_address(*account) : std::nullopt;
}

std::string tag_of(std::string_view address) {
  const auto hash = crypto::sha256("email_code " + unicode::email_key(address));
  return encoding::hex(BytesView{hash}.first(8));
}

std::string subject_of(const AccountId& account, std::string_view binding, std::string_view address) {
  return account.text() + " " + std::string{binding} + " " + tag_of(address);
}

std::string binding_of(const SessionId& session) { return "session:" + session.text(); }
std::string binding_of(const crypto::Digest& signin) { return encoding::hex(signin); }

throttle::Charge send_charge(const Deps& deps, const AccountId& account) {
  return {.budget = deps.settings.send, .key = "email_code.send:" + account.text()};
}

void put(db::Tx& tx, const Deps& deps, const Wish& wish, Time now) {
  deps.queue.put(tx, letter_kind, wire::write(wish), now);
}

Result<Done> write_to(const Deps& deps, std::string_view text, Time now) {
  const auto wish = wire::read<Wish>(text);
  if (!wish) return done;
  if (wish->is_unasked && wish->account) {
    const Context context{.now = now, .origin = {.surface = "job:email_code.write"}};
    const auto charge = send_charge(deps, *wish->account);
    if (!throttle::charge(deps.authn.database, std::span{&charge, 1}, context)) return done;
  }
  deps.authn.database.write([&](db::Tx& tx) { send_now(tx, deps, *wish, now); });
  return done;
}

void send_now(db::Tx& tx, const Deps& deps, const Wish& wish, Time now) {
  const auto* purpose = purpose_of(wish.purpose);
  const auto account =
      wish.account ? identity::hold(tx, *wish.account) : identity::find_by_identifier(tx, wish.address);
  if (purpose != nullptr && account) send(tx, deps, wish, *account, *purpose, now);
}

}  // namespace cardea::email_code
