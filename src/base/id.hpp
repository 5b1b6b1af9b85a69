#pragma once
// Strong 128-bit ids: 48 bits of milliseconds, then 80 random bits, so that ids made later sort later.
// As text: a prefix that names the kind and 26 characters of Crockford base 32; exactly one text per id.

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace cardea {

using RawId = std::array<std::uint8_t, 16>;

[[nodiscard]] RawId make_raw_id(Time now, Random& random);
inline constexpr std::size_t raw_id_digits = 26;
[[nodiscard]] std::array<char, raw_id_digits> digits_of(const RawId& id);
[[nodiscard]] std::optional<RawId> raw_id_from_text(std::string_view prefix, std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;  // all zero: the lowest id, useful as the start of a page
  explicit Id(const RawId& raw) : raw_(raw) {}

  static Id make(Time now, Random& random) { return Id{make_raw_id(now, random)}; }

  /// Reads the text form strictly (prefix, length, alphabet, upper case).
  static std::optional<Id> parse(std::string_view text) {
    const auto raw = raw_id_from_text(Tag::prefix, text);
    if (!raw) return std::nullopt;
    return Id{*raw};
  }
  /// Reads 16 stored bytes; any other length throws std::bad_optional_access where the caller unwraps it.
  static std::optional<Id> from_bytes(BytesView bytes) {
    if (bytes.size() != 16) return std::nullopt;
    RawId raw{};
    std::memcpy(raw.data(), bytes.data(), raw.size());
    return Id{raw};
  }

  [[nodiscard]] std::string text() const {
    const auto all = characters();
    return {all.data(), all.size()};
  }
  /// The characters of the text form, for where an allocation would be one too many.
  [[nodiscard]] auto characters() const {
    std::array<char, Tag::prefix.size() + raw_id_digits> all{};
    const auto digits = digits_of(raw_);
    std::copy(digits.begin(), digits.end(), std::copy(Tag::prefix.begin(), Tag::prefix.end(), all.begin()));
    return all;
  }
  [[nodiscard]] BytesView bytes() const { return raw_; }
  [[nodiscard]] const RawId& raw() const { return raw_; }

  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  RawId raw_{};
};

struct AccountTag {
  static constexpr std::string_view prefix = "usr_";
};
struct SessionTag {
  static constexpr std::string_view prefix = "ses_";
};
struct ApiKeyTag {
  static constexpr std::string_view prefix = "key_";
};
struct ClientTag {
  static constexpr std::string_view prefix = "cli_";
};
struct EventTag {
  static constexpr std::string_view prefix = "evt_";
};
struct RequestTag {
  static constexpr std::string_view prefix = "req_";
};

using AccountId = Id<AccountTag>;
using SessionId = Id<SessionTag>;
using ApiKeyId = Id<ApiKeyTag>;
using ClientId = Id<ClientTag>;
using EventId = Id<EventTag>;
using RequestId = Id<RequestTag>;

}  // namespace cardea

template <class Tag>
struct std::hash<cardea::Id<Tag>> {
  std::size_t operator()(const cardea::Id<Tag>& id) const {
    std::size_t value = 0;
    std::memcpy(&value, id.raw().data() + 8, sizeof value);  // the random half
    return value;
  }
};
