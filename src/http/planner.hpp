#pragma once
// From the head of a request to its plan. Internal to the pipeline.

#include <atomic>

#include "http/origin.hpp"
#include "http/pipeline.hpp"
#include "http/proxy.hpp"
#include "http/router.hpp"

namespace cardea::http {

class Planner {
 public:
  /// `routes` must outlive this.
  Planner(const std::vector<Route>& routes, const Policy& policy, Authenticator& authenticator, observe::Log& log);

  /// The whole plan: where it goes, and what memory knows of the caller.
  [[nodiscard]] Plan plan(const Request& head, Time now) const;
  /// Where it goes alone.
  [[nodiscard]] Plan place(const Request& head) const;
  [[nodiscard]] std::string client_address(const Request& head) const { return proxies_.client_of(head).address; }

 private:
  [[nodiscard]] Plan place_options(const Request& head, const Router::Match& match) const;
  [[nodiscard]] const Surface& surface_of_unknown(const Request& head) const;
  [[nodiscard]] const Surface& surface_of(const Request& head, const Router::Match& match) const;
  [[nodiscard]] bool belongs_on_tls(const Request& head, const Router::Match& match) const;
  [[nodiscard]] Plan send_to_tls(const Request& head, const Router::Match& match) const;
  [[nodiscard]] bool is_by_another_name(const Request& head, const Surface& surface) const;
  [[nodiscard]] bool can_follow_home(const Request& head) const;
  [[nodiscard]] std::optional<Result<Authentication>> recall(const Handle& handle, const Request& head, Time now) const;

  Authenticator& authenticator_;
  observe::Log& log_;
  Router router_;
  Proxies proxies_;
  Origins origins_;
  std::string public_origin_;  // empty: nobody knows
  mutable std::atomic<bool> has_told_name_ = false;
  std::string secure_origin_;  // where TLS is spoken; empty: plain HTTP is fine
  std::vector<const Surface*> surfaces_;
};

}  // namespace cardea::http
