#include "db/postgres_values.hpp"

#include <limits>

#include "db/database.hpp"
#include "db/overloaded.hpp"

namespace cardea::db::postgres {
namespace {

// Object identifiers of built-in types; fixed for ever in pg_type.dat.
enum Oid : std::uint32_t {
  boolean = 16,
  bytea = 17,
  name = 19,
  int8 = 20,
  int2 = 21,
  int4 = 23,
  text = 25,
  unknown = 705,
  bpchar = 1042,
  varchar = 1043
};

/// A big-endian signed integer of N bytes.
template <class Unsigned, class Signed>
std::int64_t integer(BytesView field) {
  if (field.size() != sizeof(Unsigned)) throw DatabaseError("postgres: an integer of an odd size");
  Unsigned value = 0;
  for (const std::uint8_t byte : field) value = static_cast<Unsigned>((value << 8) | byte);
  return static_cast<Signed>(value);
}

}  // namespace

Parameters::Parameters(std::span<const Param> params) {
  texts_.reserve(params.size());
  values_.reserve(params.size());
  lengths_.reserve(params.size());
  formats_.reserve(params.size());
  const auto add_text = [this](std::string value) {
    texts_.push_back(std::move(value));
    add(texts_.back().c_str(), texts_.back().size(), 0);
  };
  for (const Param& param : params) {
    std::visit(Overloaded{
                   [&](Null) { add(nullptr, 0, 0); },
                   [&](std::int64_t value) { add_text(std::to_string(value)); },
                   [&](std::string_view value) { add_text(std::string{value}); },
                   [&](BytesView value) {
                     // A null address would be NULL.
                     add(value.empty() ? "" : as_text(value).data(), value.size(), 1);
                   },
               },
               param);
  }
}

void Parameters::add(const char* value, std::size_t length, int format) {
  if (length > static_cast<std::size_t>(std::numeric_limits<int>::max())) throw DatabaseError("a value is too long");
  values_.push_back(value);
  lengths_.push_back(static_cast<int>(length));
  formats_.push_back(format);
}

Param decode(std::uint32_t type, BytesView field) {
  switch (type) {
    case Oid::boolean: return integer<std::uint8_t, std::int8_t>(field);
    case Oid::int2: return integer<std::uint16_t, std::int16_t>(field);
    case Oid::int4: return integer<std::uint32_t, std::int32_t>(field);
    case Oid::int8: return integer<std::uint64_t, std::int64_t>(field);
    case Oid::bytea: return field;
    case Oid::text:
    case Oid::varchar:
    case Oid::bpchar:
    case Oid::name:
    case Oid::unknown: return as_text(field);
    default:
      throw DatabaseError("postgres: a column has type " + std::to_string(type) +
                          ", which is no type of ours; cast it");
  }
}

}  // namespace cardea::db::postgres
