#pragma once
// The body of an answer that is one sentence, described.

#include <string>
#include <string_view>

#include "encoding/wire.hpp"

namespace cardea::http {

struct MessageBody {
  static constexpr std::string_view schema_name = "Message";
  std::string message;
};
template <class D>
void describe(D& d, wire::Of<D, MessageBody>& body) {
  d.required("message", body.message, {.max = wire::unlimited, .doc = "A sentence for people."});
}

}  // namespace cardea::http
