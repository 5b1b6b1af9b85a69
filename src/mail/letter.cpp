#include "mail/letter.hpp"

#include <stdexcept>

#include "page/expand.hpp"

#include <fmt/format.h>

namespace cardea::mail {
namespace {

// Programs that show mail know neither style sheets nor variables, so that each element says for itself what it looks
// like. Colours are of both themes: dark words on a light card, which programs that darken mail turn round themselves.
constexpr std::string_view paragraph_style = "margin:0 0 16px;font-size:16px;line-height:24px;color:#1c1e21";
constexpr std::string_view small_style = "margin:0 0 8px;font-size:13px;line-height:20px;color:#5b6068";
constexpr std::string_view code_style =
    "margin:8px 0 24px;font:600 32px/40px ui-monospace,Menlo,Consolas,monospace;letter-spacing:6px;color:#1c1e21";

std::string paragraph(std::string_view text, std::string_view style) {
  return fmt::format("<p style=\"{}\">{}</p>\n", style, page::escape(text));
}

std::string button(const Link& link, const std::string& accent) {
  const auto url = page::escape(link.url);
  return fmt::format(
      "<p style=\"margin:8px 0 24px\"><a href=\"{0}\" style=\"display:inline-block;padding:12px 20px;border-radius:8px;"
      "background:{1};color:#ffffff;font-size:16px;font-weight:600;text-decoration:none\">{2}</a></p>\n"
      "<p dir=\"ltr\" style=\"{3};word-break:break-all\"><a href=\"{0}\" style=\"color:#5b6068\">{0}</a></p>\n",
      url, accent, page::escape(link.label), small_style);
}

std::string html_of(const Letter& letter, const page::Words& words, const Stationery& stationery) {
  std::string body;
  for (const auto& text : letter.before) body += paragraph(text, paragraph_style);
  if (!letter.code.empty()) {
    body += fmt::format("<p dir=\"ltr\" style=\"{}\">{}</p>\n", code_style, page::escape(letter.code));
  }
  if (letter.link) body += button(*letter.link, stationery.accent);
  for (const auto& text : letter.after) body += paragraph(text, small_style);
  const auto& language = words.language();
  return fmt::format(
      "<!doctype html>\n<html lang=\"{0}\" dir=\"{1}\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{2}</title></head>\n"
      "<body style=\"margin:0;padding:24px 12px;background:#f4f4f2;font-family:system-ui,-apple-system,'Segoe "
      "UI',Roboto,sans-serif\">\n"
      "<div style=\"max-width:520px;margin:0 auto;padding:32px 28px;background:#ffffff;border:1px solid "
      "#e3e3df;border-radius:12px\">\n"
      "<p style=\"margin:0 0 24px;font-size:18px;font-weight:700;color:#1c1e21\">{3}</p>\n"
      "{4}</div>\n</body>\n</html>\n",
      language.tag, language.is_rtl ? "rtl" : "ltr", page::escape(letter.subject), page::escape(stationery.brand),
      body);
}

std::string text_of(const Letter& letter, const Stationery& stationery) {
  std::string text;
  for (const auto& each : letter.before) text += each + "\n\n";
  if (!letter.code.empty()) text += "    " + letter.code + "\n\n";
  if (letter.link) text += letter.link->label + ":\n" + letter.link->url + "\n\n";
  for (const auto& each : letter.after) text += each + "\n\n";
  return text + "-- \n" + stationery.brand + "\n" + stationery.url + "\n";
}

}  // namespace

Message compose(const Letter& letter, const Address& to, const page::Words& words, const Stationery& stationery) {
  if (letter.link && !letter.link->url.starts_with(stationery.url + "/")) {
    throw std::invalid_argument("a letter may lead to this server alone");
  }
  return {.to = to.text(),
          .subject = letter.subject,
          .text = text_of(letter, stationery),
          .html = html_of(letter, words, stationery),
          .code = letter.code,
          .language = std::string{words.language().tag},
          .is_rtl = words.language().is_rtl};
}

}  // namespace cardea::mail
