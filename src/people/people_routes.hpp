#pragma once
// What a list of people is asked for. Internal to people.

#include "http/route.hpp"
#include "identity/listing.hpp"

namespace cardea::people {

inline constexpr std::int64_t most_per_page = 200;

/// The query of a list, as it is sent.
struct ListQuery {
  std::optional<std::string> sort;
  std::int64_t limit = 50;
  std::optional<std::string> cursor;
};
template <class D>
void describe(D& d, wire::Of<D, ListQuery>& query) {
  d.optional("sort", query.sort, {.max = 100, .doc = "The order; `-` in front for descending."});
  d.optional("limit", query.limit, {.min = 1, .max = most_per_page, .doc = "Users in one page."});
  d.optional("cursor", query.cursor, {.max = 100, .doc = "`next_cursor` of the page before."});
}

/// What a list is asked for. Errors of `read_query`: validation_failed naming sort or cursor.
struct Query {
  identity::Order order;
  std::optional<identity::Position> after;
  std::int64_t limit = 50;
};
Result<Query> read_query(const identity::Settings& settings, const ListQuery& asked, std::string_view default_sort);

}  // namespace cardea::people
