// Internet messages (RFC 5322) of two alternatives (RFC 2046 §5.1.4) in quoted-printable (RFC 2045 §6.7).

#include "base/internet_date.hpp"
#include "crypto/hash.hpp"
#include "encoding/base64.hpp"
#include "mail/mail.hpp"

#include <fmt/format.h>

namespace cardea::mail {
namespace {

constexpr std::size_t longest_line = 76;

bool is_plain_ascii(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7E) return false;
  }
  return true;
}

/// Bytes that begin a character of UTF-8.
bool is_start(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

/// A header's text: as it is, or as encoded words (RFC 2047), each of whole characters. Controls, and with them every
/// line break, become spaces.
std::string header_text(std::string_view typed) {
  std::string text{typed};
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (is_plain_ascii(text) && text.size() <= longest_line && text.find("=?") == std::string::npos) return text;
  constexpr std::size_t bytes_of_word = 42;
  std::string words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.size(), at + bytes_of_word);
    while (end < text.size() && end > at + 1 && !is_start(text[end])) --end;
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + encoding::base64(as_bytes(std::string_view{text}.substr(at, end - at))) + "?=";
    at = end;
  }
  return words;
}

/// "Acme <no-reply@example.com>"
std::string mailbox(const Sender& sender) {
  if (sender.name.empty()) return sender.address.text();
  const auto name = header_text(sender.name);
  const bool is_encoded = name.starts_with("=?");
  return (is_encoded ? name : "\"" + name + "\"") + " <" + sender.address.text() + ">";
}

class QuotedPrintable {
 public:
  explicit QuotedPrintable(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') {
        out_ += "\r\n";
        column_ = 0;
        continue;
      }
      const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
      add(text[i], ends_line);
    }
  }
  [[nodiscard]] std::string text() && { return std::move(out_); }

 private:
  void add(char c, bool ends_line) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_space = c == ' ' || c == '\t';
    const bool is_literal = (byte >= 0x21 && byte <= 0x7E && c != '=') || (is_space && !ends_line);
    const std::size_t width = is_literal ? 1 : 3;
    if (column_ + width > longest_line - 1) {
      out_ += "=\r\n";
      column_ = 0;
    }
    if (is_literal) {
      out_ += c;
    } else {
      out_ += fmt::format("={:02X}", byte);
    }
    column_ += width;
  }

  std::string out_;
  std::size_t column_ = 0;
};

std::string part(std::string_view boundary, std::string_view type, std::string_view content) {
  return fmt::format(
      "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n", boundary,
      type, QuotedPrintable{content}.text());
}

}  // namespace

std::string to_mime(const Message& message, const Sender& from, std::string_view id, Time at) {
  // Nothing in a letter can be it: it depends on all of the letter.
  const auto digest = crypto::sha256(as_bytes(message.text + '\0' + message.html + '\0' + std::string{id}));
  const auto boundary = "=_" + encoding::hex(BytesView{digest}.first(16));
  const auto& own = from.address.text();
  std::string out;
  out += "From: " + mailbox(from) + "\r\n";
  out += "To: " + message.to + "\r\n";
  out += "Subject: " + header_text(message.subject) + "\r\n";
  out += "Date: " + internet_date(at) + " +0000\r\n";
  out += fmt::format("Message-ID: <{}@{}>\r\n", id, own.substr(own.find('@') + 1));
  out += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: no out-of-office replies
  if (!message.language.empty()) out += "Content-Language: " + message.language + "\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
  out += part(boundary, "text/plain", message.text);
  out += part(boundary, "text/html", message.html);
  out += fmt::format("--{}--\r\n", boundary);
  return out;
}

}  // namespace cardea::mail
