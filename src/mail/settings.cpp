#include "http/site.hpp"
#include "mail/mail.hpp"
#include "outbound/smtp.hpp"

namespace cardea::mail {
namespace {

std::string problem_with(const Settings& settings) {
  if (settings.smtp.empty()) {
    return settings.user.empty() ? "" : "mail.user is set, and mail.smtp is not";
  }
  if (const auto problem = outbound::problem_with_smtp_url(settings.smtp); !problem.empty()) {
    return "mail.smtp " + problem;
  }
  if (!Sender::parse(settings.from)) {
    return "mail.from must be an address, as in \"Acme <no-reply@example.com>\"";
  }
  if (!settings.user.empty() && settings.password.empty()) return "mail.user is set, and mail.password_file is not";
  if (!settings.is_encrypted && settings.smtp.starts_with("smtps://")) {
    return "mail.encrypted is false, and mail.smtp begins with smtps://";
  }
  if (!settings.is_encrypted && !http::is_this_machine(host_of(settings.smtp))) {
    return "mail.encrypted may be false only where mail.smtp is on this machine (127.0.0.1, [::1] or localhost)";
  }
  return {};
}

}  // namespace

void describe(config::Section& root, Settings& settings) {
  auto& section = root.section("mail");
  section.text("from", settings.from, "Who letters are from: \"Acme <no-reply@example.com>\".");
  section.text(
      "smtp", settings.smtp,
      "The server that takes them: \"smtps://smtp.example.com:465\", or \"smtp://smtp.example.com:587\", where "
      "encryption (STARTTLS) is insisted on. Empty: no mail is sent, and what needs it is not offered.");
  section.text("user", settings.user, "Whom this program is to that server. Empty: it does not say.");
  section.secret_file("password_file", settings.password, "The file with the password of `mail.user`.");
  section.text("ca_file", settings.ca_file,
               "A file with certificates (PEM) to trust instead of the machine's own, for a server of your own.");
  section.flag("encrypted", settings.is_encrypted, "Insist on encryption. false only for a server on this machine.");
  section.span("timeout", settings.timeout, "How long sending one letter may take.",
               {.min = std::chrono::seconds{5}, .max = std::chrono::minutes{10}});
  section.check([&settings] { return problem_with(settings); });
  throttle::describe(root.section("throttle").section("mail_address"), settings.address);
}

}  // namespace cardea::mail
