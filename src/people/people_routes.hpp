#pragma once
// What a list of people is asked for. Internal to people.

#include "http/route.hpp"
#include "identity/listing.hpp"

namespace cardea::people {

/// What a list is asked for. Errors of `read_query`: validation_failed naming sort, limit or cursor.
struct Query {
  identity::Order order;
  std::optional<identity::Position> after;
  std::int64_t limit = 50;
};
Result<Query> read_query(const identity::Settings& settings, const http::Call& call, std::string_view default_sort);

}  // namespace cardea::people
