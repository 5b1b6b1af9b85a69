#pragma once
// Internal to audit: what is hashed and signed.

#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace cardea::audit {

/// Collects fields in an encoding that can be read in one way only: each with its length or its absence in front.
class Encoder {
 public:
  void integer(std::int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> static_cast<unsigned>(shift)));
    }
  }
  void bytes(BytesView data) {
    integer(static_cast<std::int64_t>(data.size()));
    out_.insert(out_.end(), data.begin(), data.end());
  }
  void text(std::string_view data) { bytes(as_bytes(data)); }
  void time(Time time) { integer(to_micros(time)); }
  template <class Tag>
  void maybe(const std::optional<Id<Tag>>& id) {
    if (id)
      bytes(id->bytes());
    else
      integer(-1);  // no length is negative
  }
  [[nodiscard]] const Bytes& encoded() const { return out_; }

 private:
  Bytes out_;
};

}  // namespace cardea::audit
