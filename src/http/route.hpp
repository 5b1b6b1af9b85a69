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

  /// For routes with Who::principal.
  [[nodiscard]] const AccountId& account() const { return context.account(); }
  [[nodiscard]] const SessionId& session() const { return context.session(); }
  [[nodiscard]] bool is_signed_in() const { return context.principal.has_value(); }
  [[nodiscard]] Time now() const { return context.now; }
  [[nodiscard]] const std::string& param(std::size_t index) const { return params.at(index); }
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const {
    return query_value(request.query, name);
  }
};

using Handler = std::function<Result<Response>(const Call&)>;

/// What the OpenAPI document says of a route.
struct Doc {
  std::string_view summary;
  wire::Schema (*request)() = nullptr;    // JSON body
  bool request_is_optional = false;       // it may be left out
  wire::Schema (*response)() = nullptr;   // JSON body of the success
  std::span<const std::string_view> media_types = {};  // of a success that is not JSON
  int status = 200;                       // of the success
  std::vector<const ErrorKind*> errors = {};
  std::vector<std::string_view> query = {};  // names of query parameters
};

inline constexpr std::size_t usual_body_limit = 64 * 1024;  // bytes

/// What a page says instead of the usual words when a route answers with an error of this kind.
struct ErrorText {
  const ErrorKind* kind;
  std::string key;                                           // "errors.<key>" of the strings
  std::vector<std::pair<std::string, std::string>> values = {};  // what its placeholders become
  std::string_view href = {};                                // where its action leads
};

struct Route {
  Method method;
  std::string_view path;   // "/v1/me/sessions/{id}"
  Lane lane;
  Requirement requirement;
  const Surface* surface;
  Handler handler;
  Doc doc = {};
  std::size_t body_limit = usual_body_limit;
  std::shared_ptr<const ErrorText> error_text = {};
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
  Routes(const Surface& surface, std::vector<Route>& list) : surface_(&surface), list_(&list) {}

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
};

}  // namespace cardea::http
