#pragma once
// An answer as it is kept, before it is sealed.

#include <string>
#include <vector>

#include "encoding/wire.hpp"

namespace cardea::idempotency {

struct StoredHeader {
  std::string name;
  std::string value;
};
template <class D>
void describe(D& d, wire::Of<D, StoredHeader>& header) {
  d.required("name", header.name);
  d.required("value", header.value, {.max = wire::unlimited});
}

struct StoredResponse {
  int status = 0;
  std::vector<StoredHeader> headers;
  std::string body;
};
template <class D>
void describe(D& d, wire::Of<D, StoredResponse>& response) {
  d.required("status", response.status);
  d.required("headers", response.headers);
  d.required("body", response.body, {.max = wire::unlimited});
}

}  // namespace cardea::idempotency
