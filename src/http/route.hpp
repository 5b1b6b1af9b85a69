#pragma once
// A route: what a feature answers, on which lane, and who may ask. The table is reviewed as a golden file.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "encoding/form.hpp"
#include "encoding/wire.hpp"
#include "http/message.hpp"

namespace cardea::http {

/// Where a handler runs.
enum class Lane {
  instant,  // on the I/O thread: cache look-ups, keys, health, assets. Never a database call.
  quick,    // database work, milliseconds
  heavy,    // password hashing: bounded threads, bounded queue
  remote,   // waits for another server
};

/// Who may call a route; checked before the handler runs.
enum class Access {
  anyone,     // no credentials are looked at
  optional,   // `call.caller` is set when the credentials are good
  signed_in,  // 401 otherwise
  recent,     // signed in, and the password was shown within the re-authentication window; 403 otherwise
  admin,      // signed in with the admin role; 403 otherwise
};

/// How a request's credentials arrived.
enum class Via { cookie, bearer };

/// Who is calling: the live session behind a cookie or an access token.
struct Caller {
  AccountId account;
  SessionId session;
  bool is_admin = false;
  Time authenticated_at;  // when a password was last shown in this session
  Via via = Via::cookie;
  std::shared_ptr<const std::string> summary = {};  // ready JSON about the caller, from the gatekeeper's memory
};

/// Everything a handler may know about the request.
struct Call {
  const Request& request;
  const struct Route& route;
  std::vector<std::string> params;  // the `{}` segments of the route's path, in order
  Time now;                         // the request's one instant
  RequestId id;
  std::string address;              // the client's address after trusted proxies: IPv4, or IPv6
  bool secure = false;              // TLS at our door or at a trusted proxy's
  std::optional<Caller> caller;
  wire::Value form = {};            // Style::page posts: the form's fields as an object of texts, without the token
  std::vector<encoding::Part> files = {};  // and its files

  [[nodiscard]] const Caller& who() const { return caller.value(); }  // for routes with Access::signed_in and up
  [[nodiscard]] const std::string& param(std::size_t index) const { return params.at(index); }
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const {
    return query_value(request.query, name);
  }
};

using Handler = std::function<Result<Response>(const Call&)>;

/// How errors and credentials look on this route.
enum class Style {
  api,      // problem+json; cookie or bearer
  classic,  // problem+json with `message`; cookie `jwt` or bearer; failures are 400
  page,     // HTML; cookie only; a form token on every post
  asset,    // static bytes
};

/// What the OpenAPI document says of a route.
struct Doc {
  std::string_view summary;
  wire::Schema (*request)() = nullptr;    // JSON body
  wire::Schema (*response)() = nullptr;   // JSON body of the success
  int status = 200;                       // of the success
  std::vector<const ErrorKind*> errors = {};
  std::vector<std::string_view> query = {};  // names of query parameters
};

inline constexpr std::size_t usual_body_limit = 64 * 1024;  // bytes

struct Route {
  Method method;
  std::string_view path;   // "/v1/me/notes/{id}"
  Lane lane;
  Access access;
  Style style;
  Handler handler;
  Doc doc = {};
  std::size_t body_limit = usual_body_limit;
};

/// Adds routes of one style to a list, one entry each:
///
///   Routes pages{Style::page, routes};
///   pages.get("/signin", Lane::quick, Access::optional, show_sign_in);
///
/// Every call returns the new route, good until the next, for what few routes have, like a larger `body_limit`.
class Routes {
 public:
  Routes(Style style, std::vector<Route>& list) : style_(style), list_(&list) {}

  Route& get(std::string_view path, Lane lane, Access access, Handler handler, Doc doc = {}) {
    return add(Method::get, path, lane, access, std::move(handler), std::move(doc));
  }
  Route& post(std::string_view path, Lane lane, Access access, Handler handler, Doc doc = {}) {
    return add(Method::post, path, lane, access, std::move(handler), std::move(doc));
  }
  Route& put(std::string_view path, Lane lane, Access access, Handler handler, Doc doc = {}) {
    return add(Method::put, path, lane, access, std::move(handler), std::move(doc));
  }
  Route& patch(std::string_view path, Lane lane, Access access, Handler handler, Doc doc = {}) {
    return add(Method::patch, path, lane, access, std::move(handler), std::move(doc));
  }
  Route& del(std::string_view path, Lane lane, Access access, Handler handler, Doc doc = {}) {
    return add(Method::del, path, lane, access, std::move(handler), std::move(doc));
  }

 private:
  Route& add(Method method, std::string_view path, Lane lane, Access access, Handler handler, Doc doc) {
    return list_->emplace_back(Route{.method = method,
                                     .path = path,
                                     .lane = lane,
                                     .access = access,
                                     .style = style_,
                                     .handler = std::move(handler),
                                     .doc = std::move(doc)});
  }

  Style style_;
  std::vector<Route>* list_;
};

}  // namespace cardea::http
