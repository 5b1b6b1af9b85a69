#pragma once
// PostgreSQL's forms of our values. Internal to db.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/value.hpp"

namespace cardea::db::postgres {

/// Parameters as libpq wants them: integers and text as text, so that the server infers their types from the SQL
/// alone; bytes as they are. Points into `params`, whose texts have no NUL.
class Parameters {
 public:
  explicit Parameters(std::span<const Param> params);
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  [[nodiscard]] int count() const { return static_cast<int>(values_.size()); }
  [[nodiscard]] const char* const* values() const { return values_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }

 private:
  void add(const char* value, std::size_t length, int format);
  std::vector<std::string> texts_;  // never grows past what is reserved: values_ points into it
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

/// One field of a binary result, valid as long as that is; `type` is its OID. Throws DatabaseError for a type that is
/// none of ours.
Param decode(std::uint32_t type, BytesView field);

}  // namespace cardea::db::postgres
