#include "http/problem.hpp"

#include <algorithm>

namespace cardea::http {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(",\"").append(name).append("\":");
  wire::append_json_string(out, text);
}

void append_field(std::string& out, const FieldError& field) {
  out += "{\"pointer\":";
  wire::append_json_string(out, "/" + field.field);
  append_member(out, "code", field.code);
  append_member(out, "detail", field.detail);
  out += '}';
}

std::int64_t whole_seconds(const Error& error) {
  const auto wait = error.retry_after.value_or(std::chrono::seconds{1});
  return std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count());
}

std::string advice(const Error& error) {
  const std::int64_t seconds = whole_seconds(error);
  return "Wait " + std::to_string(seconds) + (seconds == 1 ? " second" : " seconds") + ", then try again.";
}

}  // namespace

Response json(int status, std::string body) {
  Response response{.status = status, .body = std::move(body)};
  response.headers.reserve(16);  // what the desk will add, so that it grows once
  response.headers.add("Content-Type", "application/json");
  return response;
}

Response no_content() { return Response{.status = 204}; }

int status_of(const ErrorKind& kind, Style style) {
  if (style != Style::classic || kind.status < 400 || kind.status > 499) return kind.status;
  switch (kind.status) {
    case 401:
    case 403:
    case 404:
    case 413:
    case 415:
    case 429: return kind.status;
    default: return 400;
  }
}

void add_error_headers(Response& response, const Error& error, Style style) {
  if (error.retry_after || error.kind->status == 429 || error.kind->status == 503) {
    response.headers.set("Retry-After", std::to_string(whole_seconds(error)));
  }
  if (error.kind->status == 401 && style != Style::page) response.headers.set("WWW-Authenticate", "Bearer");
}

Response problem(const Error& error, Style style, std::string_view path, const RequestId& id) {
  const ErrorKind& kind = *error.kind;
  Response response = json(status_of(kind, style), std::string{});
  response.headers.set("Content-Type", "application/problem+json");
  add_error_headers(response, error, style);

  std::string& body = response.body.text();
  body.reserve(320);
  body.append("{\"type\":");
  wire::append_json_string(body, "/docs/errors/" + std::string{kind.code});
  append_member(body, "title", kind.title);
  body.append(",\"status\":").append(std::to_string(response.status));
  append_member(body, "code", kind.code);
  if (!error.fields.empty()) {
    append_member(body, "detail", error.fields.front().detail);
  } else if (error.retry_after) {
    append_member(body, "detail", advice(error));
  }
  if (!path.empty()) append_member(body, "instance", path);  // empty: the target did not parse
  append_member(body, "request_id", id.text());
  if (style == Style::classic) {
    append_member(body, "message", error.fields.empty() ? kind.title : std::string_view{error.fields.front().detail});
  }
  if (!error.fields.empty()) {
    body += ",\"errors\":[";
    for (const FieldError& field : error.fields) {
      if (&field != &error.fields.front()) body += ',';
      append_field(body, field);
    }
    body += ']';
  }
  body += '}';
  return response;
}

}  // namespace cardea::http
