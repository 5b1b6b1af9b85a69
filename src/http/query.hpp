#pragma once
// What routes read from the query of a request, declared once beside them, as a described type (encoding/wire.hpp):
//
//   struct PageQuery { std::int64_t limit = 50; std::optional<std::string> cursor; };
//   template <class D> void describe(D& d, wire::Of<D, PageQuery>& query) { … }
//
//   api.get("/v1/things", …).query = &http::query_of<PageQuery>();
//   const auto query = TRY(call.query<PageQuery>());
//
// The reader, the refusal of every other parameter and the OpenAPI document go by that one description. Its members are
// texts, whole numbers, enums, and optionals of those.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "encoding/wire.hpp"

namespace cardea::http {

/// One parameter of a query.
struct QueryParameter {
  std::string name;
  wire::Schema schema;  // with its default
  std::string doc = {};
  bool is_number = false;
  bool is_required = false;
};

/// The parameters that a route reads.
struct QueryKind {
  std::vector<QueryParameter> parameters = {};

  [[nodiscard]] const QueryParameter* find(std::string_view name) const;
};

/// From the schema of a described type, and what it is by default.
[[nodiscard]] QueryKind make_query_kind(const wire::Schema& schema, const wire::Value& defaults);

/// One object for each type, so that it also tells the types apart.
template <class T>
[[nodiscard]] const QueryKind& query_of() {
  static const QueryKind kind = make_query_kind(wire::schema<T>(), wire::parse(wire::write(T{})).value());
  return kind;
}
/// Of routes that read none.
[[nodiscard]] const QueryKind& no_query();

/// What becomes of a parameter that a route does not declare.
enum class UnknownParameters {
  ignored,  // with those that are there and empty, as forms and link builders write them
  refused,  // a program that sends one expects something of it
};

/// What is wrong with the names in a query that is well formed, each problem with the parameter's name: those that are
/// there twice, of which nobody can say which was meant, then those that are not declared and not ignored.
/// Errors: malformed_request, unknown_parameter.
[[nodiscard]] std::optional<Error> refusal_of(std::string_view query, const QueryKind& kind, UnknownParameters unknown);

/// The declared parameters of a query that was not refused, as an object for wire::from_value.
/// Errors: validation_failed, for what should be a number and is none.
[[nodiscard]] Result<wire::Value> read_query(std::string_view query, const QueryKind& kind, UnknownParameters unknown);

}  // namespace cardea::http
