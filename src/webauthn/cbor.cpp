#include "webauthn/cbor.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "encoding/utf8.hpp"

namespace cardea::webauthn {
namespace {

constexpr std::uint8_t type_unsigned = 0;
constexpr std::uint8_t type_negative = 1;
constexpr std::uint8_t type_bytes = 2;
constexpr std::uint8_t type_text = 3;
constexpr std::uint8_t type_list = 4;
constexpr std::uint8_t type_map = 5;
constexpr std::uint8_t type_simple = 7;
constexpr std::uint8_t first_long = 24;  // from here on the number stands in the 1, 2, 4 or 8 bytes that follow

struct Head {
  std::uint8_t type = 0;
  bool is_immediate = false;
  std::uint64_t number = 0;
};

/// Whether two encoded keys are in the order of CTAP2 §8: by type, then by length, then by their bytes.
bool is_before(BytesView a, BytesView b) {
  if (a[0] >> 5U != b[0] >> 5U) return a[0] >> 5U < b[0] >> 5U;
  if (a.size() != b.size()) return a.size() < b.size();
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

class Reader {
 public:
  explicit Reader(BytesView bytes) : bytes_(bytes) {}

  std::optional<CborValue> value(std::size_t depth) {
    const auto head = this->head();
    if (!head || items_left_ == 0) return std::nullopt;
    --items_left_;
    switch (head->type) {
      case type_unsigned: return whole(head->number, false);
      case type_negative: return whole(head->number, true);
      case type_bytes: return bytes(head->number);
      case type_text: return text(head->number);
      case type_list: return list(head->number, depth + 1);
      case type_map: return map(head->number, depth + 1);
      case type_simple: return simple(*head);
      default: return std::nullopt;  // a tag
    }
  }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  std::optional<BytesView> take(std::uint64_t size) {
    if (size > bytes_.size() - at_) return std::nullopt;
    const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(size));
    at_ += taken.size();
    return taken;
  }

  // Of the forms that a number could have, the shortest alone.
  std::optional<Head> head() {
    const auto first = take(1);
    if (!first) return std::nullopt;
    Head head{.type = static_cast<std::uint8_t>(first->front() >> 5U)};
    const std::uint8_t low = first->front() & 0x1fU;
    if (low < first_long) {
      head.is_immediate = true;
      head.number = low;
      return head;
    }
    if (low > first_long + 3) return std::nullopt;  // reserved, or an indefinite length
    const unsigned width = 1U << (low - first_long);
    const auto rest = take(width);
    if (!rest) return std::nullopt;
    for (const auto byte : *rest) head.number = (head.number << 8U) | byte;
    const bool is_shortest = width == 1 ? head.number >= first_long : head.number >> (4U * width) != 0;
    return is_shortest ? std::optional{head} : std::nullopt;
  }

  static std::optional<CborValue> whole(std::uint64_t number, bool is_negative) {
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
    const auto magnitude = static_cast<std::int64_t>(number);
    return CborValue{is_negative ? -1 - magnitude : magnitude};
  }

  std::optional<CborValue> bytes(std::uint64_t size) {
    const auto taken = take(size);
    return taken ? std::optional{CborValue{*taken}} : std::nullopt;
  }

  std::optional<CborValue> text(std::uint64_t size) {
    const auto taken = take(size);
    if (!taken || !unicode::decode(as_text(*taken))) return std::nullopt;
    return CborValue{as_text(*taken)};
  }

  static std::optional<CborValue> simple(const Head& head) {
    if (!head.is_immediate) return std::nullopt;  // a float, or a simple value in two bytes
    switch (head.number) {
      case 20: return CborValue{false};
      case 21: return CborValue{true};
      case 22: return CborValue{nullptr};
      default: return std::nullopt;
    }
  }

  std::optional<CborValue> list(std::uint64_t size, std::size_t depth) {
    if (depth > deepest_cbor || size > items_left_) return std::nullopt;
    CborValue::List items;
    for (std::uint64_t i = 0; i < size; ++i) {
      auto item = value(depth);
      if (!item) return std::nullopt;
      items.push_back(*std::move(item));
    }
    return CborValue{std::move(items)};
  }

  std::optional<CborValue> map(std::uint64_t size, std::size_t depth) {
    if (depth > deepest_cbor || size > items_left_) return std::nullopt;
    CborValue::Map entries;
    BytesView last_key;
    for (std::uint64_t i = 0; i < size; ++i) {
      const auto begin = at_;
      auto key = value(depth);
      if (!key || (key->get<std::int64_t>() == nullptr && key->get<std::string_view>() == nullptr)) return std::nullopt;
      const auto this_key = bytes_.subspan(begin, at_ - begin);
      if (!last_key.empty() && !is_before(last_key, this_key)) return std::nullopt;
      last_key = this_key;
      auto held = value(depth);
      if (!held) return std::nullopt;
      entries.push_back({*std::move(key), *std::move(held)});
    }
    return CborValue{std::move(entries)};
  }

  BytesView bytes_;
  std::size_t at_ = 0;
  std::size_t items_left_ = most_cbor_items;
};

template <class T>
const CborValue* find_in(const CborValue& value, const T& key) {
  const auto* map = value.get<CborValue::Map>();
  if (map == nullptr) return nullptr;
  for (const auto& entry : *map) {
    const T* found = entry.key.get<T>();
    if (found != nullptr && *found == key) return &entry.value;
  }
  return nullptr;
}

}  // namespace

const CborValue* CborValue::find(std::string_view key) const { return find_in(*this, key); }
const CborValue* CborValue::find(std::int64_t key) const { return find_in(*this, key); }

std::optional<CborPrefix> read_cbor(BytesView bytes) {
  Reader reader{bytes};
  auto value = reader.value(0);
  if (!value) return std::nullopt;
  return CborPrefix{.value = *std::move(value), .size = reader.at()};
}

std::optional<CborValue> parse_cbor(BytesView bytes) {
  auto read = read_cbor(bytes);
  if (!read || read->size != bytes.size()) return std::nullopt;
  return std::move(read->value);
}

}  // namespace cardea::webauthn
