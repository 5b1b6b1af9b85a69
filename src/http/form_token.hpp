#pragma once
// The form token: an HMAC over a random value in a __Host- cookie. A form posted without the pair is refused, which
// also stops login CSRF, where no session exists to bind to.

#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/secret.hpp"
#include "http/message.hpp"

namespace cardea::http {

class FormTokens {
 public:
  inline static constexpr std::string_view cookie_name = "__Host-cardea-form";
  inline static constexpr std::string_view field_name = "csrf";

  /// `key` is 32 bytes, derived for this purpose only.
  FormTokens(Secret key, Random& random);

  struct Issued {
    std::string token;                       // for the hidden field
    std::optional<std::string> set_cookie;   // when the request had no usable cookie yet
  };
  /// The token for forms on the page that answers `request`.
  [[nodiscard]] Issued issue(const Request& request) const;
  /// True when `token` belongs to the cookie of `request`. Constant time.
  [[nodiscard]] bool matches(const Request& request, std::string_view token) const;

 private:
  Secret key_;
  Random* random_;
};

}  // namespace cardea::http
