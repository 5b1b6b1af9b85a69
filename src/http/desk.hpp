#pragma once
// The front desk: everything between a complete request and its response, in one place and without sockets.
//
// In order: route → origin checks (CSRF, CORS) → body type and form token → credentials → handler → error mapping →
// security headers. The edge calls `plan` when it has the head, then `answer` on the lane the plan names.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/form_token.hpp"
#include "http/route.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::http {

/// Turns a request's credentials into a caller. Implemented by entry/gate.
class Gatekeeper {
 public:
  virtual ~Gatekeeper() = default;
  /// From memory alone, for the I/O thread. Absent: only the database can tell.
  virtual std::optional<Result<Caller>> recall(const Request& request, Style style, Time now) = 0;
  /// May ask the database. Errors: unauthenticated.
  virtual Result<Caller> identify(const Request& request, Style style, Time now) = 0;
};

/// What the desk must know of the deployment.
struct Policy {
  std::vector<std::string> own_origins;   // "https://auth.example.com"; the first is the public one
  std::vector<std::string> cors_origins;  // other sites' front ends, allowed with credentials
  std::vector<std::string> trusted_proxies;  // "10.0.0.0/8", "::1/128"; X-Forwarded-* counts only from these
  bool hsts = false;                      // Strict-Transport-Security on every response
  Duration recent = std::chrono::minutes{10};  // how long a shown password satisfies Access::recent
};

/// Where a request goes: made from its head, before the body is read.
struct Plan {
  const Route* route = nullptr;           // null: `refusal` says why. For OPTIONS some route of the path
  const ErrorKind* refusal = nullptr;  // not_found, method_not_allowed, malformed_target …; beside a route: what the
      // credentials will come to, so that a large body need not be read
  std::string allow = {};  // methods of the path, for 405 and OPTIONS
  std::vector<std::string> params = {};
  Lane lane = Lane::instant;
  std::size_t body_limit = usual_body_limit;
  std::optional<Result<Caller>> caller = {};  // already known from memory
  Style style = Style::api;  // how an error looks: the route's, or a guess for a path nobody knows
  bool is_plain = false;  // at a place where TLS belongs, without it
  bool is_unsure = false;  // a large body is only for those who are signed in, and memory cannot tell: `confirm`
};

/// Renders an error for a page; sends a visitor without a session to the sign-in page.
using ErrorPage = std::function<Response(const Call& call, const Error& error)>;

class Desk {
 public:
  struct Tools {
    Gatekeeper& gatekeeper;
    FormTokens& form_tokens;
    Random& random;
    observe::Log& log;
    observe::Metrics& metrics;
  };
  Desk(std::vector<Route> routes, Policy policy, Tools tools, ErrorPage error_page);
  ~Desk();

  /// Finds the route and lane of a request whose head is complete; an empty `path` means that its target did not parse. A query that is none is refused here, for every route. Never blocks; an instant route whose caller memory
  /// does not know is promoted to the quick lane. Where a large body is only for those who are signed in, memory is
  /// asked before it is read.
  [[nodiscard]] Plan plan(const Request& head, Time now) const;

  /// Asks the database who is calling, where `plan` is unsure, before a large body is read: anyone may make up a cookie.
  /// Blocks as the quick lane allows. Sets `refusal`, or leaves it to `answer`.
  void confirm(Plan& plan, const Request& head, Time now) const noexcept;

  /// Answers a complete request; blocks as its lane allows. The response to HEAD has the body of GET: the edge writes
  /// its length and drops it. Never throws: an exception from a handler is logged and
  /// becomes 500, one from the database 503, with the request id.
  [[nodiscard]] Response answer(const Plan& plan, const Request& request, Time now) const noexcept;

  /// The response for a request that never got a plan or a lane: bad framing, body too large, full queue. Has the
  /// request id and security headers like any other.
  [[nodiscard]] Response refuse(const Error& error, const Request* head, Time now) const noexcept;

  /// The response to a request that came over plain HTTP where TLS belongs. What only reads is sent on to the public
  /// origin, never to the Host of the request: that is the client's to choose. Anything else is refused: a program that
  /// was sent on would not notice, and go on telling its password to everybody on the way. Errors: tls_required.
  [[nodiscard]] Response send_on(const Request& request, Time now) const noexcept;

  [[nodiscard]] const std::vector<Route>& routes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// plan + answer in one call on this thread; for tests. Parses the target when `path` is empty.
[[nodiscard]] Response respond(const Desk& desk, const Request& request, Time now);

}  // namespace cardea::http
