#pragma once
// A route: what a feature answers, on which lane, and who may ask. The table is reviewed as a golden file.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "encoding/form.hpp"
#include "encoding/wire.hpp"
#include "http/message.hpp"
#include "http/query.hpp"
#include "http/surface.hpp"
#include "http/translation.hpp"
#include "principal/context.hpp"
#include "principal/requirement.hpp"

namespace cardea::http {

/// Where a handler runs.
enum class Lane {
  instant,  // on the I/O thread: cache look-ups, keys, health, assets. Never a database call.
  quick,    // database work, milliseconds
  heavy,    // password hashing: bounded threads, bounded queue
};

/// The result of authenticating a request.
struct Authentication {
  Principal principal;
  CredentialPlace place = CredentialPlace::cookie;          // where they were
  std::shared_ptr<const std::string> summary = {};          // ready JSON about the principal, from memory
  std::string_view renewal = {};  // a Set-Cookie that makes a browser have its key shown anew, where that is stale
};

/// Everything a handler may know about the request.
struct Call {
  const Request& request;
  const struct Route& route;
  std::vector<std::string> params;  // the `{}` segments of the route's path, in order
  Context context;                  // all that may be handed on to the rooms
  std::shared_ptr<const std::string> summary = {};  // see Authentication
  wire::Value form = {};            // BodyKind::form: the fields as an object of texts, without the form token
  std::vector<encoding::Part> files = {};  // and its files
  std::string_view hint = {};               // for whoever writes the client: what an error may add
  const Translator* translator = nullptr;   // of errors; null: there is none
  std::string_view renewal = {};            // see Authentication

  /// For routes with Who::principal.
  [[nodiscard]] const AccountId& account() const { return context.account(); }
  [[nodiscard]] const SessionId& session() const { return context.session(); }
  [[nodiscard]] bool is_signed_in() const { return context.principal.has_value(); }
  [[nodiscard]] Time now() const { return context.now; }
  [[nodiscard]] const std::string& param(std::size_t index) const { return params.at(index); }
  /// The query as the route declares it: T is the type of its `query`, and std::logic_error is thrown for any other, so
  /// that nothing is read that is not declared. Errors: validation_failed.
  template <class T>
  [[nodiscard]] Result<T> query() const {
    return wire::from_value<T>(TRY(declared_query(query_of<T>())));
  }

  /// Whether the client set a condition on what it changes (If-Match).
  [[nodiscard]] bool has_condition() const { return request.headers.has("If-Match"); }
  /// Whether the condition is met by what is there now, in the bytes that GET answers with; to be asked in the
  /// transaction that makes the change. Errors: precondition_failed.
  [[nodiscard]] Result<Done> check_condition(std::string_view current) const;

 private:
  [[nodiscard]] Result<wire::Value> declared_query(const QueryKind& kind) const;
};

using Handler = std::function<Result<Response>(const Call&)>;

/// Bounds of a text in the body, where a room behind the reader is stricter than the reader.
struct MemberBounds {
  std::string_view member;
  std::int64_t min = 0;  // code points; 0: as the reader has it
  std::int64_t max = 0;
  std::string_view pattern = {};
};

/// The schema of one value, such as a part of a path.
template <class T>
[[nodiscard]] wire::Schema schema_of() {
  wire::Object none;
  return wire::Schemer{none}.schema_of(T{}, wire::detail::Bounds<T>{});
}

/// What the OpenAPI document says of a route.
struct Doc {
  std::string_view summary;
  const Tag* tag = nullptr;
  std::vector<wire::Schema> params = {};  // of the path, in order; a text each where they are not given
  wire::Schema (*request)() = nullptr;  // JSON body
  bool request_is_optional = false;  // it may be left out
  std::vector<MemberBounds> bounds = {};  // of members of the body
  wire::Schema (*response)() = nullptr;  // JSON body of the success
  std::span<const std::string_view> media_types = {};  // of a success that is not JSON
  int status = 200;  // of the success
  std::vector<std::pair<int, std::string_view>> redirects = {};  // and what they are for
  std::vector<const ErrorKind*> errors = {};
  std::vector<std::pair<std::string_view, std::vector<std::string>>> choices = {};  // of a parameter of the query,
      // where settings decide
};

inline constexpr std::size_t usual_body_limit = 64 * 1024;  // bytes

/// What a page says instead of the usual words when a route answers with an error of this kind.
struct ErrorText {
  const ErrorKind* kind;
  std::string key;  // "errors.<key>" of the strings
  std::vector<std::pair<std::string, std::string>> values = {};  // what its placeholders become
  std::string_view href = {};  // where its action leads
};

struct Route {
  Method method;
  std::string_view path;  // "/v1/me/sessions/{id}"
  Lane lane;
  Requirement requirement;
  const Surface* surface;
  Handler handler;
  Doc doc = {};
  const QueryKind* query = &no_query();  // what it reads of the query
  std::size_t body_limit = usual_body_limit;
  std::shared_ptr<const ErrorText> error_text = {};
  bool has_etag = false;  // a single thing: its answers have an ETag, and changes of it take If-Match
  bool takes_idempotency_key = false;  // creates or sends something: see http/replays.hpp
  bool works_without_tls = false;  // also where a proxy says that the client came without: no credentials, no secrets
};

/// Adds routes of one surface to a list, one row each:
///
///   Routes pages{deps.pages.surface(), routes};
///   pages.get("/signin", Lane::quick, if_signed_in, show_sign_in);
///
/// Every call returns the new route, good until the next, for what few routes have, like a larger `body_limit`.
class Routes {
 public:
  Routes(const Surface& surface, std::vector<Route>& list, const Tag* tag = nullptr)
      : surface_(&surface), list_(&list), tag_(tag != nullptr ? tag : surface.tag) {}

  Route& get(std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc = {}) {
    return add(Method::get, path, lane, requirement, std::move(handler), std::move(doc));
  }
  Route& post(std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc = {}) {
    return add(Method::post, path, lane, requirement, std::move(handler), std::move(doc));
  }
  Route& put(std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc = {}) {
    return add(Method::put, path, lane, requirement, std::move(handler), std::move(doc));
  }
  Route& patch(std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc = {}) {
    return add(Method::patch, path, lane, requirement, std::move(handler), std::move(doc));
  }
  Route& del(std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc = {}) {
    return add(Method::del, path, lane, requirement, std::move(handler), std::move(doc));
  }

 private:
  Route& add(Method method, std::string_view path, Lane lane, Requirement requirement, Handler handler, Doc doc) {
    if (doc.tag == nullptr) doc.tag = tag_;
    return list_->emplace_back(Route{.method = method,
                                     .path = path,
                                     .lane = lane,
                                     .requirement = requirement,
                                     .surface = surface_,
                                     .handler = std::move(handler),
                                     .doc = std::move(doc)});
  }

  const Surface* surface_;
  std::vector<Route>* list_;
  const Tag* tag_;
};

}  // namespace cardea::http
