#include "app/table_digest.hpp"

#include <fmt/format.h>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"
#include "db/overloaded.hpp"

namespace cardea::app {
namespace {

void append(Bytes& out, std::uint64_t number) {
  for (unsigned shift = 64; shift > 0;) out.push_back(static_cast<std::uint8_t>(number >> (shift -= 8)));
}

void append(Bytes& out, char type, BytesView data) {
  out.push_back(static_cast<std::uint8_t>(type));
  append(out, data.size());
  out.insert(out.end(), data.begin(), data.end());
}

/// Each value after its type, so that it can be read in one way only.
Bytes canonical(const db::Values& row) {
  Bytes out;
  for (const db::Value& value : row) {
    std::visit(db::Overloaded{[&](db::Null) { out.push_back('n'); },
                              [&](std::int64_t number) {
                                out.push_back('i');
                                append(out, static_cast<std::uint64_t>(number));
                              },
                              [&](const std::string& text) { append(out, 't', as_bytes(text)); },
                              [&](const Bytes& bytes) { append(out, 'b', bytes); }},
               value);
  }
  return out;
}

}  // namespace

void TableDigest::add(const db::Values& row) {
  ++rows_;
  const auto digest = crypto::sha256(BytesView{canonical(row)});
  std::uint64_t carry = 0;
  for (std::size_t word = 0; word < sum_.size(); ++word) {
    std::uint64_t addend = 0;
    for (std::size_t i = 0; i < 8; ++i) addend = addend << 8 | digest.at(word * 8 + i);
    const std::uint64_t with_carry = addend + carry;
    const std::uint64_t sum = sum_.at(word) + with_carry;
    carry = (with_carry < addend ? 1U : 0U) + (sum < with_carry ? 1U : 0U);
    sum_.at(word) = sum;
  }
}

std::string TableDigest::text() const { return fmt::format("{:016x}{:016x}", sum_[3], sum_[2]); }

}  // namespace cardea::app
