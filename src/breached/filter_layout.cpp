#include "breached/filter_layout.hpp"

#include <algorithm>

#include "breached/range_coding.hpp"
#include "crypto/hash.hpp"

namespace cardea::breached {
namespace {

constexpr std::size_t version_at = 16;
constexpr std::size_t entries_at = 24;
constexpr std::size_t made_at = 32;
constexpr std::size_t size_at = 40;
constexpr std::size_t digest_at = 48;

constexpr std::size_t check_size = 8;
constexpr std::size_t number_at = 8;
constexpr std::size_t count_at = 12;

crypto::Digest digest_of(BytesView head, BytesView index) {
  Bytes all{head.begin(), head.begin() + digest_at};
  all.insert(all.end(), index.begin(), index.end());
  return crypto::sha256(all);
}

bool begins_with_check(BytesView range) {
  const auto check = crypto::sha256(range.subspan(check_size));
  return std::equal(range.begin(), range.begin() + check_size, check.begin());
}

/// False for offsets that lead out of the file, or backwards, or to a range that could not be.
bool ascends(BytesView index, std::uint64_t file_size) {
  std::uint64_t previous = head_size + index_size;
  if (load(index, 0, 8) != previous) return false;
  for (std::size_t at = 8; at < index.size(); at += 8) {
    const auto offset = load(index, at, 8);
    if (offset < previous || offset - previous > most_range_size) return false;
    previous = offset;
  }
  return previous == file_size;
}

}  // namespace

std::uint64_t load(BytesView bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = (value << 8U) | bytes[at + i];
  return value;
}

void store(std::span<std::uint8_t> bytes, std::size_t at, std::size_t size, std::uint64_t value) {
  for (std::size_t i = 0; i < size; ++i, value >>= 8U) bytes[at + i] = static_cast<std::uint8_t>(value);
}

Key key_of(const crypto::Sha1& hash) {
  std::uint64_t first = 0;
  for (std::size_t i = 0; i < 8; ++i) first = (first << 8U) | hash[i];
  constexpr std::uint64_t rest_mask = (std::uint64_t{1} << rest_bits) - 1;
  return {.range = static_cast<std::uint32_t>(first >> (64 - range_bits)),
          .rest = static_cast<std::uint32_t>((first >> (64 - range_bits - rest_bits)) & rest_mask)};
}

std::array<std::uint8_t, head_size> write_head(const Head& head, BytesView index) {
  std::array<std::uint8_t, head_size> bytes{};
  std::copy(magic.begin(), magic.end(), bytes.begin());
  store(bytes, version_at, 4, version);
  store(bytes, entries_at, 8, head.entries);
  store(bytes, made_at, 8, static_cast<std::uint64_t>(head.made_at));
  store(bytes, size_at, 8, head.file_size);
  const auto digest = digest_of(bytes, index);
  std::copy(digest.begin(), digest.end(), bytes.begin() + digest_at);
  return bytes;
}

Result<Head> read_head(BytesView head, BytesView index, std::uint64_t file_size) {
  const auto wrong = [](const char* what) { return Error{unusable, what}; };
  if (head.size() != head_size || as_text(head.first(magic.size())) != magic) {
    return wrong("it is no list that `cardea password-list import` made");
  }
  if (load(head, version_at, 4) != version) {
    return wrong("another version of this program made it; import the list again");
  }
  const Head read{.entries = load(head, entries_at, 8),
                  .made_at = static_cast<std::int64_t>(load(head, made_at, 8)),
                  .file_size = load(head, size_at, 8)};
  if (read.file_size != file_size || index.size() != index_size) {
    return wrong("it is not complete; copy it again, or import the list again");
  }
  const auto digest = digest_of(head, index);
  const bool is_whole = std::equal(digest.begin(), digest.end(), head.begin() + digest_at);
  if (!is_whole || !ascends(index, file_size)) return wrong("it is damaged; copy it again, or import the list again");
  return read;
}

Bytes write_range(std::uint32_t range, std::span<const std::uint32_t> rests) {
  if (rests.empty()) return {};
  Bytes bytes(range_head_size + shape_of(rests.size()).size());
  store(bytes, number_at, 4, range);
  store(bytes, count_at, 4, rests.size());
  encode(rests, std::span{bytes}.subspan(range_head_size));
  const auto check = crypto::sha256(BytesView{bytes}.subspan(check_size));
  std::copy_n(check.begin(), check_size, bytes.begin());
  return bytes;
}

std::optional<bool> range_holds(BytesView bytes, const Key& key) {
  if (bytes.empty()) return false;
  if (bytes.size() < range_head_size) return std::nullopt;
  const auto count = static_cast<std::size_t>(load(bytes, count_at, 4));
  if (load(bytes, number_at, 4) != key.range || count == 0 || count > most_in_range) return std::nullopt;
  const auto entries = bytes.subspan(range_head_size);
  if (entries.size() != shape_of(count).size() || !begins_with_check(bytes)) return std::nullopt;
  return holds(entries, count, key.rest);
}

}  // namespace cardea::breached
