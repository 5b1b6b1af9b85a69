#pragma once
// The form token: an HMAC over a random value in a __Host- cookie. A form posted without the pair is refused, which
// also stops login CSRF, where no session exists to bind to. It also says to whom its page was shown.

#include <optional>
#include <string>
#include <string_view>

#include "base/id.hpp"
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
  /// Who is signed in while a page is shown; absent: nobody.
  using Reader = std::optional<AccountId>;
  /// The token for forms on the page that answers `request`, for this reader.
  [[nodiscard]] Issued issue(const Request& request, const Reader& reader = {}) const;
  /// True when `token` belongs to the cookie of `request`. Constant time.
  [[nodiscard]] bool matches(const Request& request, std::string_view token) const;
  /// Whether the page of a token that matches was shown to this reader. It is the account and not the session: who
  /// signed in again, or showed the password again, goes on with a page that was open.
  [[nodiscard]] bool is_for(std::string_view token, const Reader& reader) const;

 private:
  Secret key_;
  Random* random_;
};

}  // namespace cardea::http
