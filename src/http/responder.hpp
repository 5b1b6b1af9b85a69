#pragma once
// From a plan and a complete request to the response: run the route, write an error, add headers, log. Internal to the
// pipeline.

#include <functional>

#include "http/meters.hpp"
#include "http/origin.hpp"
#include "http/origin_notice.hpp"
#include "http/pipeline.hpp"
#include "http/proxy.hpp"
#include "http/proxy_warning.hpp"

namespace cardea::http {

class Responder {
 public:
  /// `routes` must outlive this. Throws std::invalid_argument for an origin or network that cannot be read.
  Responder(const std::vector<Route>& routes, const Policy& policy, Pipeline::Tools tools);

  [[nodiscard]] Response answer(Plan&& plan, const Request& request, Time now) const;
  /// `error` whatever the plan says, on its surface.
  [[nodiscard]] Response refuse(Plan plan, const Request& request, const Error& error, Time now) const;
  /// To the public origin, from a listener where TLS belongs and was not spoken.
  [[nodiscard]] Response answer_plain(const Request& request, Time now) const;

 private:
  /// What a response is for, whether or not a route was found.
  struct Occasion {
    const Route* route;  // null: none was found
    const Surface* surface;
    std::vector<std::string> params = {};
    std::string_view allow = {};  // for method_not_allowed
    bool is_plain = false;        // came without TLS to a place where it belongs
  };
  /// Takes the parameters out of the plan.
  static Occasion occasion_of(Plan& plan);
  using Work = std::function<Result<Response>(Call&)>;
  /// Runs `work` for a request and turns whatever comes of it into a complete response.
  [[nodiscard]] Response conclude(Occasion occasion, const Request& request, Time now, const Work& work) const;
  Result<Response> handle(Handle& plan, Call& call) const;
  [[nodiscard]] Result<Response> answer_options(const Preflight& plan, const Call& call) const;
  /// Writes and logs an error.
  [[nodiscard]] Response answer_failure(Call& call, const Error& error, std::string_view id) const;
  [[nodiscard]] Response write_error(const Call& call, const Error& error) const;
  void add_headers(Response& response, const Occasion& occasion, const Call& call, std::string_view id) const;
  void log_failure(const Call& call, const Error& error, int status, std::string_view id) const;

  Pipeline::Tools tools_;
  Origins origins_;
  OriginNotice origin_notice_;
  Proxies proxies_;
  ProxyWarning proxy_warning_;
  Meters meters_;
  bool hsts_;
  std::string public_origin_;
  bool is_https_;  // the deployment is
};

}  // namespace cardea::http
