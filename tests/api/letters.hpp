#pragma once
// What is read off letters.

#include <string>
#include <string_view>

#include "mailbox/mailbox.hpp"

namespace cardea::api_tests {

/// The path and query of the first link of a letter that begins with `path`: "/verify/link?link=…"; empty: there is
/// none.
inline std::string link_in(const mailbox::Entry& letter, std::string_view path) {
  const auto at = letter.text.find("https://auth.test" + std::string{path});
  if (at == std::string::npos) return {};
  const auto begin = at + std::string_view{"https://auth.test"}.size();
  return letter.text.substr(begin, letter.text.find_first_of("\n ", begin) - begin);
}

inline std::string secret_in(const std::string& link) { return link.substr(link.find('=') + 1); }

}  // namespace cardea::api_tests
