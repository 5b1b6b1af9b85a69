#pragma once
// What waits in the queue and nobody else may read, as a payload: letters, and whatever else carries codes to people.

#include <stdexcept>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "crypto/seal.hpp"
#include "encoding/base64.hpp"
#include "encoding/wire.hpp"

namespace cardea::mail {

/// `kind` is that of the queue's items: a payload opens as one of its kind alone.
template <class T>
std::string sealed(const Secret& key, std::string_view kind, const T& waiting, Random& random) {
  auto json = wire::write(waiting);
  const auto bytes = crypto::seal(key, as_bytes(json), kind, random);
  wipe(json);
  return encoding::base64url(bytes);
}

/// Throws when it was sealed under another secret, so that nobody can read it any more; `what` it is: "a letter".
template <class T>
Result<T> unsealed(const Secret& key, std::string_view kind, std::string_view payload, std::string_view what) {
  const auto bytes = encoding::parse_base64url(payload);
  const auto plain = bytes ? crypto::open(key, *bytes, kind) : std::nullopt;
  if (!plain) throw std::runtime_error{std::string{what} + " cannot be opened; was the server's secret changed?"};
  return wire::read<T>(plain->reveal());
}

}  // namespace cardea::mail
