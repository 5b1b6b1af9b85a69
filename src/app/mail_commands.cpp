#include "app/mail_commands.hpp"

#include <thread>

#include "app/command_database.hpp"
#include "app/print.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/settings.hpp"
#include "app/talk.hpp"
#include "mailbox/mailbox.hpp"
#include "page/expand.hpp"

#include <fmt/format.h>

namespace cardea::app {
namespace {

constexpr int usual_wait = 30;  // seconds
constexpr auto pause = std::chrono::milliseconds{200};

mail::Message test_message(const Settings& settings, const mail::Address& to) {
  const std::string text = "This letter says that " + settings.url + " can send mail.\n";
  return {.to = to.text(),
          .subject = settings.branding.name + " can send mail",
          .text = text,
          .html = "<!doctype html><html lang=\"en\"><body><p>" + page::escape(text) + "</p></body></html>\n",
          .language = "en"};
}

/// The first link of a letter; empty: it has none.
std::string link_in(const std::string& text) {
  const auto begin = text.find("http");
  return begin == std::string::npos ? std::string{} : text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

/// Under which the mailbox keeps what comes to an address, or to a telephone number; empty: it is neither.
std::string key_of(const std::string& recipient) {
  const bool is_number = recipient.size() > 1 && recipient.front() == '+' &&
                         recipient.find_first_not_of("0123456789", 1) == std::string::npos;
  if (is_number) return recipient;
  const auto address = mail::Address::parse(recipient);
  return address ? address->key() : std::string{};
}

int print_letter(const mailbox::Entry& letter, const MailOrder& order) {
  if (order.code_only) {
    fmt::print("{}\n", letter.code);
  } else if (order.link_only) {
    fmt::print("{}\n", link_in(letter.text));
  } else {
    fmt::print("To: {}\nSubject: {}\n\n{}", letter.recipient, letter.subject, letter.text);
  }
  return exit_code::done;
}

}  // namespace

int mail_test(const Options& options, const MailOrder& order) {
  return with_settings(options, [&](const Settings& settings) {
    const auto to = mail::Address::parse(order.address);
    if (!to) {
      complain(order.address + " is no e-mail address");
      return exit_code::usage;
    }
    if (settings.mail.smtp.empty()) {
      complain("mail.smtp is not set, so that no mail is sent");
      return exit_code::failed;
    }
    const auto problem =
        mail::send_now(settings.mail, mail::host_of(settings.url), test_message(settings, *to), RealClock{}.now());
    if (!problem.empty()) {
      complain(settings.mail.smtp + " did not take it: " + problem);
      return exit_code::failed;
    }
    fmt::print("{} took a letter to {}.\n", settings.mail.smtp, to->text());
    return exit_code::done;
  });
}

int mail_wait(const Options& options, const MailOrder& order) {
  return with_database(options, Missing::refuse, [&](db::Database& database, const Settings&) {
    const auto key = key_of(order.address);
    if (key.empty()) {
      complain(order.address + " is neither an e-mail address nor a number such as +4915112345678");
      return exit_code::usage;
    }
    const mailbox::Wanted wanted{.recipient_key = key, .with_code = order.code_only};
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{order.seconds.value_or(usual_wait)};
    for (;;) {
      const auto letter = database.write([&](db::Tx& tx) { return mailbox::take_next(tx, wanted); });
      if (letter) return print_letter(*letter, order);
      if (std::chrono::steady_clock::now() >= end) break;
      std::this_thread::sleep_for(pause);
    }
    complain("nothing to " + order.address + " came");
    return exit_code::not_found;
  });
}

}  // namespace cardea::app
