#include "password_reset/recovery.hpp"

#include "encoding/wire.hpp"

namespace cardea::password_reset {

struct Wish {
  std::string identifier;
  std::string language;
};
template <class D>
void describe(D& d, wire::Of<D, Wish>& wish) {
  d.required("identifier", wish.identifier, {.max = longest_identifier});
  d.required("language", wish.language, {.max = 40});
}

namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

mail::Letter link_letter(const page::Words& words, std::string_view url, const identity::Account& account,
                         const Secret& token) {
  const Values values{{"account", identity::username(account)}};
  return {.subject = std::string{words.text("letter.reset.subject")},
          .before = {words.text("letter.reset.text", values)},
          .link = mail::Link{.label = std::string{words.text("letter.reset.link")}, .url = address_of(url, token)},
          .after = {std::string{words.text("letter.reset.lifetime")}, std::string{words.text("letter.reset.not_you")}}};
}

mail::Letter set_letter(const page::Words& words, std::string_view url, const identity::Account& account) {
  const Values values{{"account", identity::username(account)}};
  return {
      .subject = std::string{words.text("letter.password_set.subject")},
      .before = {words.text("letter.password_set.text", values)},
      .link = mail::Link{.label = std::string{words.text("letter.reset.again")}, .url = std::string{url} + "/recover"},
      .after = {std::string{words.text("letter.password_set.not_you")}}};
}

}  // namespace

Result<Done> ask(const Deps& deps, const Context& context, std::string_view identifier, std::string_view language) {
  if (!deps.outbox.is_on()) return mail::not_set_up;
  const ClientNetwork network{context.origin.address};
  const auto charges = throttle::network_charges(deps.settings.request, "password_reset.request", network);
  TRY(throttle::charge(deps.authn.database, charges, context));
  const auto wish = wire::write(
      Wish{.identifier = std::string{identifier.substr(0, longest_identifier)}, .language = std::string{language}});
  deps.authn.database.write([&](db::Tx& tx) { deps.queue.put(tx, letter_kind, wish, context.now); });
  return done;
}

Result<Done> write_to(const Deps& deps, std::string_view wish, Time now) {
  const auto wanted = wire::read<Wish>(wish);
  if (!wanted) return done;  // what nobody can be found by, such as a text that is cut within a character
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto account = identity::find_by_identifier(tx, wanted->identifier);
    const auto address = account ? mail::Address::of(identity::confirmed_address(*account)) : std::nullopt;
    if (!address) return done;
    const Context context{.now = now, .origin = {.surface = "job:password_reset.write"}};
    const auto issued = issue_link(tx, deps.authn.random, *account, now);
    deps.authn.trail.record(tx, context, {.kind = link_made, .account = account->id, .reason = "mail"});
    const auto words = deps.pages.words_in(wanted->language.empty() ? account->language : wanted->language);
    deps.outbox.put(tx, *address, link_letter(words, deps.outbox.url(), *account, *issued.link), words, now,
                    password_link.rules().lifetime);
    return done;
  });
}

void tell_of_new_password(db::Tx& tx, const Deps& deps, const identity::Account& account, Time now) {
  const auto address = mail::Address::of(identity::confirmed_address(account));
  if (!address || !deps.outbox.is_on()) return;
  const auto words = deps.pages.words_in(account.language);
  deps.outbox.put(tx, *address, set_letter(words, deps.outbox.url(), account), words, now);
}

}  // namespace cardea::password_reset
