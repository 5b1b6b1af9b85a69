#pragma once
// The request pipeline: everything between a complete request and its response, in one place and without sockets.
//
// In order: route → origin checks (CSRF, CORS) → body type and form token → credentials → handler → error mapping →
// security headers. The edge calls `plan` when it has the head, then `answer` on the lane the plan names.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/form_token.hpp"
#include "http/replays.hpp"
#include "http/route.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::http {

/// Turns a request's credentials into a principal, as the surface asks. Implemented by authn.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// From memory alone, for the I/O thread. Absent: only the database can tell.
  virtual std::optional<Result<Authentication>> recall(const Request& request, const Surface& surface, Time now) = 0;
  /// May ask the database. Errors: unauthenticated.
  virtual Result<Authentication> identify(const Request& request, const Surface& surface, Time now) = 0;
};

/// What the pipeline must know of the deployment.
struct Policy {
  std::vector<std::string> own_origins;   // "https://auth.example.com"; the first is the public one
  std::vector<std::string> cors_origins;  // other sites' front ends, allowed with credentials
  std::vector<std::string> trusted_proxies;  // "10.0.0.0/8", "::1/128"; X-Forwarded-* counts only from these
  bool tells_of_unlisted_origins = false;  // in the log, where a developer looks
  bool hsts = false;                      // Strict-Transport-Security on every response
};

/// A handler runs.
struct Handle {
  const Route* route;
  std::vector<std::string> params = {};
  Lane lane;
  std::optional<Result<Authentication>> known = {};  // from memory
  const ErrorKind* refusal = nullptr;  // what the credentials will come to: a large body need not be read
  std::optional<AccountId> account = {};  // who sends a large body, where that is known
  bool is_unsure = false;  // a large body is only for those who are signed in, and memory cannot tell: `confirm`
};
/// OPTIONS, answered by the pipeline on the surface of the route that it asks about.
struct Preflight {
  const Route* route;  // null: it asks about the server as a whole, or about a path where nothing is
  const Surface* surface;
  std::string allow;  // the methods of the path; empty: nothing is there
};
/// No handler takes it.
struct Refuse {
  const ErrorKind* kind;  // not_found, method_not_allowed, malformed_request …
  const Surface* surface;
  std::string allow = {};  // for method_not_allowed
  std::vector<FieldError> fields = {};  // which parameters of the query, for those that name them
};
/// A page that was asked for without TLS where TLS belongs, or under a name that is not this server's.
struct Redirect {
  std::string location = {};
  const Surface* surface = nullptr;
  const Route* route = nullptr;  // null: there is none at that path
  int status = 308;
};
/// Where a request goes: made from its head, before the body is read.
using Plan = std::variant<Handle, Preflight, Refuse, Redirect>;

[[nodiscard]] Lane lane_of(const Plan& plan);
[[nodiscard]] std::size_t body_limit_of(const Plan& plan);

class Pipeline {
 public:
  struct Tools {
    Authenticator& authenticator;
    FormTokens& form_tokens;
    Random& random;
    observe::Log& log;
    observe::Metrics& metrics;
    Translator translator = {};  // of what the API answers; empty: it speaks English
    Replays* replays = nullptr;  // null: Idempotency-Key means nothing
  };
  /// Throws std::invalid_argument for two routes of one method and path, and for malformed origins or networks.
  Pipeline(std::vector<Route> routes, const Policy& policy, Tools tools);
  ~Pipeline();

  /// Finds the route and lane of a request whose head is complete; an empty `path` means that its target did not parse.
  /// A malformed query, and a repeated header that may occur once, are refused here for every route. Never blocks; an
  /// instant route whose caller memory does not know is promoted to the quick lane. Where a large body is only for
  /// those who are signed in, memory is asked before it is read.
  ///
  /// What a trusted proxy brings over plain HTTP, where the deployment is HTTPS, gets no further: pages that are read
  /// are sent on, anything else is refused on its surface. Errors: tls_required.
  ///
  /// A page that a browser asks for itself, by no proxy, under a host name that is none of ours is sent on to the
  /// public origin, where its cookies belong; the log says so once.
  [[nodiscard]] Plan plan(const Request& head, Time now) const;

  /// Asks the database who is calling, where `plan` is unsure, before a large body is read: anyone may make up a
  /// cookie. Blocks as the quick lane allows. Sets `refusal`, or leaves it to `answer`.
  void confirm(Handle& plan, const Request& head, Time now) const noexcept;

  /// Answers a complete request; blocks as its lane allows. The response to HEAD has the body of GET: the edge writes
  /// its length and drops it. Never throws: an exception from a handler is logged and becomes 500, one from the
  /// database 503, with the request id.
  [[nodiscard]] Response answer(Plan&& plan, const Request& request, Time now) const noexcept;

  /// The response for a request that never got a plan or a lane: bad framing, body too large, full queue. Has the
  /// request id and security headers like any other.
  [[nodiscard]] Response refuse(const Error& error, const Request* head, Time now) const noexcept;

  /// The response to a request that came over plain HTTP where TLS belongs. What only reads is redirected to the public
  /// origin, never to the Host of the request, which the client chooses. Anything else is refused: a program that was
  /// redirected would not notice, and keep sending its password in the clear. Errors: tls_required.
  [[nodiscard]] Response answer_plain(const Request& request, Time now) const noexcept;

  /// The client's address, behind trusted proxies too: text as in Origin.
  [[nodiscard]] std::string client_address(const Request& head) const;

  [[nodiscard]] const std::vector<Route>& routes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// plan + answer in one call on this thread; for tests. Parses the target when `path` is empty.
[[nodiscard]] Response respond(const Pipeline& pipeline, const Request& request, Time now);

}  // namespace cardea::http
