#pragma once
// The body of an answer that is an error, described (RFC 9457).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "encoding/wire.hpp"
#include "http/route.hpp"

namespace cardea::http {

/// What a client has to work out before what it asked for is done.
struct ProblemChallenge {
  static constexpr std::string_view schema_name = "Challenge";
  static constexpr std::string_view schema_example =
      R"({"algorithm":"sha-256","text":"AZy7mJkWf1eLxq3pTn5CNAAGYNmvWqQAEqkM3bXv0sJtq8uYH2dQf4rGzK6wLpE9oVhTiUxNc1B7",)"
      R"("difficulty":18,"expires_at":"2026-11-23T12:30:00Z"})";
  std::string algorithm;
  std::string text;
  std::int64_t difficulty = 0;
  Time expires_at = {};
};
template <class D>
void describe(D& d, wire::Of<D, ProblemChallenge>& challenge) {
  d.required("algorithm", challenge.algorithm,
             {.max = wire::unlimited, .doc = "\"sha-256\": the only one, until this says another."});
  d.required("text", challenge.text, {.max = wire::unlimited, .doc = "To be sent back as it is, with the solution."});
  d.required("difficulty", challenge.difficulty,
             {.doc = "How many bits the digest of `text`, a colon and a decimal number must begin with that are 0."});
  d.required("expires_at", challenge.expires_at);
}

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
  std::optional<ProblemChallenge> challenge;
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
  d.if_present("challenge", problem.challenge, {.doc = "What to work out, where that is what is missing."});
}

/// The problem of an error that goes away when `challenge` is met (RFC 9457 §3.2: an extension of it).
[[nodiscard]] Response problem_with(const Call& call, const Error& error, const ProblemChallenge& challenge);

}  // namespace cardea::http
