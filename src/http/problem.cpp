#include "http/problem.hpp"

#include <algorithm>

#include "http/problem_body.hpp"

namespace cardea::http {
namespace {

std::int64_t whole_seconds(const Error& error) {
  const auto wait = error.retry_after.value_or(std::chrono::seconds{1});
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
}

std::string advice(const Error& error) {
  const std::int64_t seconds = whole_seconds(error);
  return "Wait " + std::to_string(seconds) + (seconds == 1 ? " second" : " seconds") + ", then try again.";
}

/// The empty pointer is the body as a whole (RFC 6901 §5).
std::string pointer_to(const FieldError& problem) {
  return problem.field.empty() ? std::string{} : "/" + problem.field;
}

/// The sentence about the first problem; with the member's name before it, where it speaks of a member that only
/// whoever writes the client knows of.
std::string detail_of(const FieldError& problem) {
  const bool needs_name = problem.code == "unknown_field" || problem.code == "required" ||
                          problem.code == "wrong_type" || problem.code == "unknown_parameter" ||
                          problem.code == "repeated_parameter";
  if (!needs_name || problem.field.empty()) return problem.detail;
  return problem.field + ": " + problem.detail;
}

// What a surface says in a sentence of its own is part of its contract, and so are the others beside it.
std::optional<Translation> translation_of(const Call& call, const Error& error, bool has_own_sentence) {
  if (has_own_sentence || call.translator == nullptr) return std::nullopt;
  return (*call.translator)(call.request, error);
}

std::vector<FieldError> translated(std::vector<FieldError> fields, const Translation& said) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!said.details.at(i).empty()) fields[i].detail = said.details[i];
  }
  return fields;
}

/// What a problem tells besides its error.
struct Told {
  int status;
  std::optional<std::string_view> message = {};
  const ProblemChallenge* challenge = nullptr;
};

Response written(const Call& call, const Error& error, const Told& told) {
  const ErrorKind& kind = *error.kind;
  Response response{.status = told.status};
  response.headers.add(ConstantHeader{"Content-Type", "application/problem+json"});
  add_retry_after(response, error);
  if (kind.status == 401) response.headers.add(ConstantHeader{"WWW-Authenticate", "Bearer"});

  ProblemBody body{.type = "/docs/errors/" + std::string{kind.code},
                   .title = kind.title,
                   .status = told.status,
                   .code = kind.code,
                   .request_id = call.context.origin.request.value().text(),
                   .message = told.message};
  if (!call.hint.empty()) body.detail = call.hint;
  const auto said = translation_of(call, error, told.message.has_value());
  if (said) response.headers.set("Content-Language", said->language);
  if (said && !said->title.empty()) body.title = said->title;
  std::string wait = error.retry_after ? advice(error) : std::string{};
  if (said && !said->wait.empty()) wait = said->wait;
  if (!wait.empty()) body.detail = wait;
  if (!call.request.path.empty()) body.instance = call.request.path;  // empty: the target did not parse
  const auto in_their_words = said ? translated(error.fields, *said) : std::vector<FieldError>{};
  const auto& fields = said ? in_their_words : error.fields;
  const std::string detail = fields.empty() ? std::string{} : detail_of(fields.front());
  if (!fields.empty()) {
    body.detail = detail;
    auto& errors = body.errors.emplace();
    for (const FieldError& field : fields) errors.push_back({pointer_to(field), field.code, field.detail});
  }
  if (told.challenge != nullptr) body.challenge = *told.challenge;
  constexpr std::size_t usual_size = 512;
  std::string text;
  text.reserve(usual_size);
  wire::Writer::append(text, body);
  response.body = std::move(text);
  return response;
}

}  // namespace

Response json(int status, ResponseBody body) {
  Response response{.status = status, .body = std::move(body)};
  response.headers.add(ConstantHeader{"Content-Type", "application/json"});
  return response;
}

Response no_content() { return Response{.status = 204}; }

int own_status(const ErrorKind& kind) { return kind.status; }

void add_retry_after(Response& response, const Error& error) {
  if (error.kind->fault == Fault::lasting) return;  // waiting alone does not help
  if (error.retry_after || error.kind->status == 429 || error.kind->status == 503) {
    response.headers.set("Retry-After", std::to_string(whole_seconds(error)));
  }
}

Response write_problem(const Call& call, const Error& error) { return problem(call, error, error.kind->status); }

Response problem(const Call& call, const Error& error, int status, std::optional<std::string_view> message) {
  return written(call, error, {.status = status, .message = message});
}

Response problem_with(const Call& call, const Error& error, const ProblemChallenge& challenge) {
  return written(call, error, {.status = error.kind->status, .challenge = &challenge});
}

}  // namespace cardea::http
