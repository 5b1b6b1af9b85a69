#pragma once
// Templates of requests: text with placeholders, "to={number}&text={text}". Internal to sms.

#include <string_view>

#include "base/secret.hpp"

namespace cardea::sms {

/// What a value becomes where it is put.
enum class Escape { header, url, form, json };

/// What placeholders stand for.
struct Values {
  std::string_view number;  // "+4915112345678"
  std::string_view digits;  // "4915112345678"
  std::string_view text;
  std::string_view sender;
  std::string_view secret;
  std::string_view id;
};

/// A placeholder that there is not: "{nummer}"; empty: there is none. Braces around anything else are text.
[[nodiscard]] std::string_view unknown_placeholder(std::string_view pattern);
/// Whether "{name}" is in it.
[[nodiscard]] bool mentions(std::string_view pattern, std::string_view name);

[[nodiscard]] Secret fill(std::string_view pattern, const Values& values, Escape escape);

}  // namespace cardea::sms
