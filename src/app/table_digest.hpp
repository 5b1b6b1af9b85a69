#pragma once
// What a table's rows come to, whichever engine holds them and in whatever order they are read.

#include <array>
#include <cstdint>
#include <string>

#include "db/table_copy.hpp"

namespace cardea::app {

class TableDigest {
 public:
  void add(const db::Values& row);
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  /// The first 16 bytes, in hexadecimal digits.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const TableDigest&, const TableDigest&) = default;

 private:
  std::int64_t rows_ = 0;
  std::array<std::uint64_t, 4> sum_ = {};  // of the SHA-256 of every row, modulo 2^256; the lowest word first
};

}  // namespace cardea::app
