#include "http/reception.hpp"

#include <new>
#include <stdexcept>

#include "http/access.hpp"
#include "http/body.hpp"
#include "http/problem.hpp"
#include "http/security_headers.hpp"

namespace cardea::http {
namespace {

Route lost_route(Style style) {
  return {Method::get,    "unmatched", Lane::instant,
          Access::anyone, style,       [](const Call&) -> Result<Response> { return not_found; }};
}

/// The one place where a surprise becomes an error; its words go to the log alone.
Result<Response> guarded(const Reception::Work& work, Call& call) {
  try {
    return work(call);
  } catch (const std::bad_alloc&) {
    return Error{overloaded, "out of memory"};
  } catch (const Unavailable& surprise) {
    return Error{overloaded, surprise.what()};
  } catch (const std::exception& surprise) {
    return Error{internal_error, surprise.what()};
  } catch (...) {
    return Error{internal_error, "an exception without words"};
  }
}

/// How loud a failed request is, decided here alone. What anybody can cause any number of times is for who looks closely,
/// whatever words it has: the counters tell of a flood. Somebody refused what they have no right to is written down, and
/// what is our own fault is louder.
observe::Level level_of(const Error& error) {
  const bool has_words = !error.detail.empty();
  if (error.is(internal_error)) return observe::Level::error;
  if (error.kind->status >= 500) return has_words ? observe::Level::warn : observe::Level::debug;
  const bool is_everyday = error.is(cross_site) || error.is(tls_required) || error.is(reauth_required);
  if (error.kind->status == 403 && !is_everyday) return observe::Level::info;
  // With words the credentials were not missing or old, but wrong.
  if (error.is(unauthenticated) && has_words) return observe::Level::info;
  return observe::Level::debug;
}

Error refused_origin(const Request& request) {
  constexpr std::size_t most = 200;
  std::string detail = "origin ";
  detail.append(request.headers.get("Origin").substr(0, most));
  detail.append(", sec-fetch-site ").append(request.headers.get("Sec-Fetch-Site").substr(0, most));
  detail.append(", host ").append(request.headers.get("Host").substr(0, most));
  return {cross_site, std::move(detail)};
}

std::string secure_origin(const Policy& policy) {
  const bool is_secure = policy.hsts && !policy.own_origins.empty() && policy.own_origins[0].starts_with("https://");
  return is_secure ? policy.own_origins[0] : std::string{};
}

Response moved(std::string_view location) {
  Response response{.status = 308};
  response.headers.add("Location", location);
  return response;
}

Response plain(const Error& error) {
  Response response{.status = error.kind->status, .body = std::string{error.kind->title} + "\n"};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace

Reception::Reception(const std::vector<Route>& routes, const Policy& policy, Desk::Tools tools, ErrorPage error_page)
    : tools_(tools),
      error_page_(std::move(error_page)),
      origins_(policy.own_origins, policy.cors_origins),
      proxies_(policy.trusted_proxies),
      meters_(tools.metrics, routes),
      recent_(policy.recent),
      hsts_(policy.hsts),
      public_origin_(policy.own_origins.empty() ? std::string{} : policy.own_origins[0]),
      secure_origin_(secure_origin(policy)),
      lost_{lost_route(Style::api), lost_route(Style::classic), lost_route(Style::page), lost_route(Style::asset)} {}

Response Reception::conclude(const Plan& plan, const Request& request, Time now, const Work& work) const {
  const auto started = std::chrono::steady_clock::now();
  const Route& lost = lost_[static_cast<std::size_t>(plan.style)];
  const Proxies::Client client = proxies_.client_of(request);
  Call call{.request = request,
            .route = plan.route != nullptr ? *plan.route : lost,
            .params = plan.params,
            .now = now,
            .id = RequestId::make(now, tools_.random),
            .address = client.address,
            .secure = client.secure};
  const std::string id = call.id.text();

  Result<Response> result =
      belongs_on_tls(call, client) ? Result<Response>{moved(secure_origin_ + request.target)} : guarded(work, call);
  if (!result.ok()) note_failure(call, result.error(), id);
  Response response = result.ok() ? std::move(result).value() : show(call, result.error());
  dress(response, plan, call, id);

  const auto span = std::chrono::steady_clock::now() - started;
  meters_.record(plan.route, response.status, span);
  tools_.log.debug("request.done",
                   {{"request_id", id},
                    {"method", to_text(request.method)},
                    {"route", call.route.path},
                    {"status", response.status},
                    {"duration_us", std::chrono::duration_cast<std::chrono::microseconds>(span).count()}});
  return response;
}

/// A page that a proxy in front let through without TLS: its form would send a password in the clear. Programs are not
/// sent on; they would not notice.
bool Reception::belongs_on_tls(const Call& call, const Proxies::Client& client) const {
  const bool is_read = call.request.method == Method::get || call.request.method == Method::head;
  return client.plain && is_read && call.route.style == Style::page && !call.request.path.empty() &&
         !secure_origin_.empty();
}

Result<Response> Reception::serve(const Plan& plan, Call& call) const {
  if (plan.route == nullptr) return plan.refusal != nullptr ? *plan.refusal : not_found;
  const Route& route = *plan.route;
  const Request& request = call.request;
  if (request.method == Method::options && route.method != Method::options) return answer_options(plan, call);
  if (!is_safe(request.method)) {
    const Road road = proxies_.brought(request) ? Road::by_proxy : Road::direct;
    if (!origins_.admits(request, route.style, road)) return refused_origin(request);
    TRY(route.style == Style::page ? read_form(call, tools_.form_tokens) : check_json(request));
  }
  TRY(let_in(call, plan.caller, tools_.gatekeeper, recent_));
  Response response = TRY(route.handler(call));
  if (!are_safe(response.headers)) throw std::runtime_error{"a response header holds a control character"};
  return response;
}

Result<Response> Reception::send_on(const Call& call) const {
  const Method method = call.request.method;
  if (method != Method::get && method != Method::head) return tls_required;
  return moved(public_origin_ + call.request.target);
}

Response Reception::answer_options(const Plan& plan, const Call& call) const {
  Response response = no_content();
  response.headers.add("Allow", plan.allow);
  const bool is_preflight = call.request.headers.has("Access-Control-Request-Method");
  if (is_preflight && !origins_.shared_with(call.request, call.route.style).empty()) {
    add_preflight(response.headers, plan.allow);
  }
  return response;
}

Response Reception::show(const Call& call, const Error& error) const {
  if (call.route.style != Style::page) return problem(error, call.route.style, call.request.path, call.id);
  Response response = show_page(call, error);
  add_error_headers(response, error, Style::page);
  return response;
}

Response Reception::show_page(const Call& call, const Error& error) const {
  try {
    Response response = error_page_(call, error);
    if (are_safe(response.headers)) return response;
    tools_.log.error("error_page.failed", {{"detail", "a response header holds a control character"}});
  } catch (const std::exception& surprise) {
    tools_.log.error("error_page.failed", {{"detail", surprise.what()}});
  }
  return plain(error);
}

void Reception::dress(Response& response, const Plan& plan, const Call& call, std::string_view id) const {
  Headers& headers = response.headers;
  headers.reserve(headers.fields().size() + 12);
  headers.set("Request-Id", id);
  if (plan.refusal == &method_not_allowed) headers.set("Allow", plan.allow);
  Reach reach = Reach::same_origin;
  if (origins_.has_cors() && call.route.style != Style::page) {
    const std::string_view origin = origins_.shared_with(call.request, call.route.style);
    add_cors(headers, origin);
    if (!origin.empty()) reach = Reach::cross_origin;
  }
  add_security_headers(response, reach);
  if (hsts_ && !plan.is_plain) headers.add("Strict-Transport-Security", hsts_value);
}

void Reception::note_failure(const Call& call, const Error& error, std::string_view id) const {
  tools_.log.write(level_of(error), "request.failed",
                   {{"request_id", id},
                    {"route", call.route.path},
                    {"status", status_of(*error.kind, call.route.style)},
                    {"code", error.kind->code},
                    {"detail", error.detail}});
}

}  // namespace cardea::http
