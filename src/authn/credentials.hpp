#pragma once
// The gatekeeper: from the credentials of a request to its caller, by cache first.

#include <memory>

#include "authn/authn.hpp"
#include "http/desk.hpp"

namespace cardea::authn {

/// Reads `Authorization: Bearer` (an access token; on classic routes a classic one), else the session cookie (on classic
/// routes the `jwt` cookie; pages take the cookie only). A bearer that does not hold is refused even beside a good
/// cookie. A token lives only as long as its session. Thread-safe.
class Gate : public http::Gatekeeper {
 public:
  explicit Gate(const Deps& deps) : deps_(deps) {}

  std::optional<Result<http::Caller>> recall(const http::Request& request, http::Style style, Time now) override;
  Result<http::Caller> identify(const http::Request& request, http::Style style, Time now) override;

 private:
  const Deps& deps_;
};

}  // namespace cardea::authn
