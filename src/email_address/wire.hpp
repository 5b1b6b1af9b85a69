#pragma once
// The body that both kinds of routes take. Internal to email_address.

#include "base/secret.hpp"
#include "encoding/wire.hpp"

namespace cardea::email_address {

struct Code {
  static constexpr std::string_view schema_name = "EmailCode";
  static constexpr std::string_view schema_example = R"({"code":"482913"})";
  Secret code;
};
template <class D>
void describe(D& d, wire::Of<D, Code>& body) {
  d.required("code", body.code, {.max = 20, .doc = "The six digits of the letter; spaces do not count."});
}

}  // namespace cardea::email_address
