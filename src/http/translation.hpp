#pragma once
// An error in the language of who reads it, where that is not the API's English.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "http/message.hpp"

namespace cardea::http {

struct Translation {
  std::string_view language;         // BCP 47, for Content-Language; valid as long as the program
  std::string title;                 // empty: stays English
  std::string wait;                  // what to do about a time to wait; empty: stays English
  std::vector<std::string> details;  // of the error's fields, in their order; one that is empty stays English
};

/// Absent: the caller asks for no language but the API's own. Called by many threads at once.
using Translator = std::function<std::optional<Translation>(const Request&, const Error&)>;

/// The tag of the language that a request asks for, of those that are offered; empty: it asks for none of them. Lives
/// as long as the program.
using LanguageOf = std::function<std::string_view(const Request&)>;

}  // namespace cardea::http
