#include "email_address/letters.hpp"

namespace cardea::email_address {
namespace {

using Values = std::vector<std::pair<std::string, std::string>>;

std::string link_to(std::string_view url, std::string_view path, const Secret& token) {
  return std::string{url} + std::string{path} + "?link=" + std::string{token.reveal()};
}

}  // namespace

std::string name_of(const identity::Account& account) {
  if (account.uid) return *account.uid;
  return account.name.empty() ? account.email.value_or(account.pending_email.value_or("")) : account.name;
}

mail::Letter confirmation_letter(const page::Words& words, std::string_view url, const identity::Account& account,
                                 const challenge::Issued& issued) {
  const std::string code{issued.code->reveal()};
  const Values values{{"code", code}, {"account", name_of(account)}};
  return {
      .subject = words.text("letter.confirm.subject", values),
      .before = {words.text("letter.confirm.text", values)},
      .code = code,
      .link = mail::Link{.label = std::string{words.text("letter.confirm.link")},
                         .url = link_to(url, "/verify/link", *issued.link)},
      .after = {std::string{words.text("letter.confirm.lifetime")}, std::string{words.text("letter.confirm.not_you")}}};
}

mail::Letter taken_letter(const page::Words& words, std::string_view url) {
  return {.subject = std::string{words.text("letter.taken.subject")},
          .before = {std::string{words.text("letter.taken.text")}},
          .link = mail::Link{.label = std::string{words.text("nav.signin")}, .url = std::string{url} + "/signin"},
          .after = {std::string{words.text("letter.taken.forgot")}, std::string{words.text("letter.taken.not_you")}}};
}

mail::Letter changed_letter(const page::Words& words, std::string_view url, const identity::Account& account,
                            const Secret& undo_token) {
  const Values values{{"account", name_of(account)}};
  return {.subject = words.text("letter.changed.subject", values),
          .before = {words.text("letter.changed.text", values), std::string{words.text("letter.changed.not_you")}},
          .link = mail::Link{.label = std::string{words.text("letter.changed.link")},
                             .url = link_to(url, "/verify/undo", undo_token)},
          .after = {std::string{words.text("letter.changed.lifetime")}}};
}

}  // namespace cardea::email_address
