#pragma once
// The steps of one answer, inside the desk: serve the route, show an error, dress the response, write it down.

#include <array>
#include <functional>

#include "http/desk.hpp"
#include "http/meters.hpp"
#include "http/origin.hpp"
#include "http/proxy.hpp"

namespace cardea::http {

class Reception {
 public:
  /// `routes` must outlive this. Throws std::invalid_argument for an origin or network that cannot be read.
  Reception(const std::vector<Route>& routes, const Policy& policy, Desk::Tools tools, ErrorPage error_page);

  using Work = std::function<Result<Response>(Call&)>;
  /// Runs `work` for a request and turns whatever comes of it into a complete response.
  [[nodiscard]] Response conclude(const Plan& plan, const Request& request, Time now, const Work& work) const;

  /// Route, origin, body, credentials, handler: the work of an answer.
  Result<Response> serve(const Plan& plan, Call& call) const;

  /// To the public origin, from a place where TLS belongs and was not spoken.
  Result<Response> send_on(const Call& call) const;

 private:
  [[nodiscard]] bool belongs_on_tls(const Call& call, const Proxies::Client& client) const;
  [[nodiscard]] Response answer_options(const Plan& plan, const Call& call) const;
  [[nodiscard]] Response show(const Call& call, const Error& error) const;
  [[nodiscard]] Response show_page(const Call& call, const Error& error) const;
  void dress(Response& response, const Plan& plan, const Call& call, std::string_view id) const;
  void note_failure(const Call& call, const Error& error, std::string_view id) const;

  Desk::Tools tools_;
  ErrorPage error_page_;
  Origins origins_;
  Proxies proxies_;
  Meters meters_;
  Duration recent_;
  bool hsts_;
  std::string public_origin_;
  std::string secure_origin_;  // where pages over plain HTTP are sent; empty: nowhere
  std::array<Route, 4> lost_;  // by style: stand in for the route of a request that has none
};

}  // namespace cardea::http
