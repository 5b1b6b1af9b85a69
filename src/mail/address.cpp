#include <algorithm>

#include "base/text.hpp"
#include "encoding/unicode.hpp"
#include "mail/mail.hpp"

namespace cardea::mail {

std::optional<Address> Address::parse(std::string_view text) {
  auto email = unicode::email(text);
  if (!email) return std::nullopt;
  return Address{*std::move(email)};
}

std::optional<Address> Address::of(const std::optional<std::string>& text) {
  return text ? parse(*text) : std::nullopt;
}

std::string Address::key() const { return unicode::email_key(text_); }

std::optional<Sender> Sender::parse(std::string_view text) {
  std::string_view name;
  std::string_view address = text::trim(text);
  if (address.ends_with('>')) {
    const auto open = address.find('<');
    if (open == std::string_view::npos) return std::nullopt;
    name = text::trim(address.substr(0, open));
    address = address.substr(open + 1, address.size() - open - 2);
  }
  if (name.size() >= 2 && name.starts_with('"') && name.ends_with('"')) name = name.substr(1, name.size() - 2);
  const bool has_control = std::any_of(name.begin(), name.end(),
                                       [](unsigned char c) { return c < 0x20 || c == 0x7F || c == '"' || c == '\\'; });
  auto parsed = Address::parse(address);
  if (!parsed || has_control || name.size() > 100) return std::nullopt;
  return Sender{.name = std::string{name}, .address = *std::move(parsed)};
}

}  // namespace cardea::mail
