#pragma once
// The body of an answer that is an error, described (RFC 9457).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "encoding/wire.hpp"

namespace cardea::http {

/// What is wrong with one member of a request's body.
struct ProblemField {
  static constexpr std::string_view schema_name = "ProblemField";
  std::string pointer;
  std::string_view code;
  std::string_view detail;
};
template <class D>
void describe(D& d, wire::Of<D, ProblemField>& field) {
  d.required(
      "pointer", field.pointer,
      {.max = wire::unlimited, .doc = "A JSON Pointer (RFC 6901) into the body; empty for the body as a whole."});
  d.required("code", field.code, {.max = wire::unlimited});
  d.required("detail", field.detail, {.max = wire::unlimited, .doc = "A sentence for people."});
}

/// Views into the error that it tells of.
struct ProblemBody {
  static constexpr std::string_view schema_name = "Problem";
  static constexpr std::string_view schema_example =
      R"({"type":"/docs/errors/not_found","title":"There is nothing here.","status":404,"code":"not_found",)"
      R"("instance":"/v1/users/usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","request_id":"req_01K2V7F3T4Q9M6W8X5Y0Z1A2B6"})";
  std::string type;
  std::string_view title;
  int status = 0;
  std::string_view code;
  std::optional<std::string_view> detail;
  std::optional<std::string_view> instance;
  std::string request_id;
  std::optional<std::string_view> message;
  std::optional<std::vector<ProblemField>> errors;
};
template <class D>
void describe(D& d, wire::Of<D, ProblemBody>& problem) {
  d.required("type", problem.type,
             {.max = wire::unlimited, .doc = "The page about this code.", .format = "uri-reference"});
  d.required("title", problem.title, {.max = wire::unlimited, .doc = "A sentence for people."});
  d.required("status", problem.status);
  d.required("code", problem.code, {.max = wire::unlimited, .doc = "For programs: never renamed."});
  d.if_present("detail", problem.detail, {.max = wire::unlimited});
  d.if_present("instance", problem.instance, {.max = wire::unlimited, .doc = "The path that was asked for."});
  d.required("request_id", problem.request_id, {.max = wire::unlimited, .doc = "Stands in the server's log too."});
  d.if_present("message", problem.message, {.max = wire::unlimited, .doc = "In the older contract only."});
  d.if_present("errors", problem.errors, {.max = wire::unlimited});
}

}  // namespace cardea::http
