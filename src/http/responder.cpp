#include "http/responder.hpp"

#include <algorithm>
#include <functional>
#include <new>
#include <stdexcept>

#include "http/authorization.hpp"
#include "http/authorize.hpp"
#include "http/body.hpp"
#include "http/etag.hpp"
#include "http/problem.hpp"
#include "http/security_headers.hpp"

namespace cardea::http {
namespace {

/// Stands in for the route of a request that has none.
Route unmatched(const Surface& surface) {
  return {.method = Method::get,
          .path = "unmatched",
          .lane = Lane::instant,
          .requirement = anyone,
          .surface = &surface,
          .handler = [](const Call&) -> Result<Response> { return not_found; }};
}

/// The one place where an unexpected exception becomes an error; its message goes to the log only.
Result<Response> guarded(const std::function<Result<Response>(Call&)>& work, Call& call) {
  try {
    return work(call);
  } catch (const std::bad_alloc&) {
    return Error{overloaded, "out of memory"};
  } catch (const Unavailable& surprise) {
    return Error{surprise.kind() == nullptr ? overloaded : *surprise.kind(), surprise.what()};
  } catch (const std::exception& surprise) {
    return Error{internal_error, surprise.what()};
  } catch (...) {
    return Error{internal_error, "an exception of an unknown type"};
  }
}

/// The log level of a failed request, decided here only. What anyone can cause any number of times is logged at debug,
/// whatever its detail: the counters show a flood. A refusal for lack of permission is worth a line, and a fault of our
/// own a louder one.
observe::Level level_of(const Error& error) {
  const bool has_detail = !error.detail.empty();
  if (error.is(internal_error) || error.kind->fault != Fault::none) return observe::Level::error;
  if (error.kind->status >= 500) return has_detail ? observe::Level::warn : observe::Level::debug;
  const bool is_common = error.is(cross_site) || error.is(tls_required) || error.is(reauth_required);
  if (error.kind->status == 403 && !is_common) return observe::Level::info;
  // With a detail, the credentials were wrong rather than missing or expired.
  if (error.is(unauthenticated) && has_detail) return observe::Level::info;
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

constexpr std::string_view no_cookie_hint =
    "No cookie came with this request. Cookies here are Secure, and most libraries send those over https:// alone, "
    "even to localhost: start `cardea dev --tls`, or send a token as a bearer.";

/// Whether somebody may have signed in and lost the cookie on the way: browsers and curl take localhost for secure,
/// the cookie jars of libraries do not.
bool may_have_lost_its_cookie(const Call& call, const Error& error) {
  const auto sources = call.route.surface->credentials;
  const bool takes_cookie = std::any_of(sources.begin(), sources.end(), [](const CredentialSource& source) {
    return source.place == CredentialPlace::cookie;
  });
  const Headers& headers = call.request.headers;
  return takes_cookie && error.is(unauthenticated) && !call.request.secure && !headers.has("Cookie") &&
         !bearer_token(headers);
}

Response moved(std::string_view location, int status = 308) {
  Response response{.status = status};
  response.headers.add("Location", location);
  return response;
}

/// Adds the tag of what was answered, and leaves the body out where the client has it already.
void add_etag(Response& response, const Request& request) {
  const std::string_view own = response.headers.get("ETag");  // of what is made once and served often
  const std::string tag = own.empty() ? etag_of(response.body.text()) : std::string{own};
  const bool is_read = request.method == Method::get || request.method == Method::head;
  if (is_read && has_already(request.headers, tag)) {
    const std::string cache{response.headers.get("Cache-Control")};
    response = Response{.status = 304};
    if (!cache.empty()) response.headers.set("Cache-Control", cache);
  }
  response.headers.set("ETag", tag);
}

std::int64_t whole_seconds(Duration span) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(span).count());
}

/// What is left of the budget that this request paid from (draft-ietf-httpapi-ratelimit-headers).
void add_allowance(Headers& headers, const Allowance& allowance) {
  const std::string name = "\"" + allowance.policy + "\"";
  if (allowance.quota > 0) {
    headers.set("RateLimit-Policy", name + ";q=" + std::to_string(allowance.quota) + ";w=" +
                                        std::to_string(std::max<std::int64_t>(1, whole_seconds(allowance.window))));
  }
  headers.set("RateLimit",
              name + ";r=" + std::to_string(allowance.left) + ";t=" + std::to_string(whole_seconds(allowance.reset)));
}

/// Of a budget that nobody told of: nothing, until the wait is over.
Allowance allowance_of(const Error& refusal) {
  return {.policy = "attempts", .reset = refusal.retry_after.value_or(std::chrono::seconds{1})};
}

Response plain(const Error& error) {
  Response response{.status = error.kind->status, .body = std::string{error.kind->title} + "\n"};
  response.headers.add("Content-Type", "text/plain; charset=utf-8");
  return response;
}

}  // namespace

Responder::Responder(const std::vector<Route>& routes, const Policy& policy, Pipeline::Tools tools)
    : tools_(tools),
      origins_(policy.own_origins, policy.cors_origins),
      origin_notice_(tools.log, tools.metrics,
                     policy.tells_of_unlisted_origins ? observe::Level::warn : observe::Level::debug),
      proxies_(policy.trusted_proxies),
      proxy_warning_(tools.log),
      meters_(tools.metrics, routes),
      hsts_(policy.hsts),
      public_origin_(policy.own_origins.empty() ? std::string{} : policy.own_origins[0]),
      is_https_(!public_origin_.starts_with("http://")) {}

Responder::Occasion Responder::occasion_of(Plan& plan) {
  return std::visit(
      [](auto& each) -> Occasion {
        using Each = std::remove_cvref_t<decltype(each)>;
        if constexpr (std::is_same_v<Each, Refuse>) {
          const bool is_plain = each.kind == &tls_required;
          return {.route = nullptr, .surface = each.surface, .allow = each.allow, .is_plain = is_plain};
        } else if constexpr (std::is_same_v<Each, Handle>) {
          return {.route = each.route, .surface = each.route->surface, .params = std::move(each.params)};
        } else if constexpr (std::is_same_v<Each, Redirect>) {
          return {.route = each.route, .surface = each.surface, .is_plain = true};
        } else {
          return {.route = each.route, .surface = each.surface};
        }
      },
      plan);
}

Response Responder::answer(Plan&& plan, const Request& request, Time now) const {
  const auto work = [&](Call& call) -> Result<Response> {
    if (auto* to_handle = std::get_if<Handle>(&plan)) return handle(*to_handle, call);
    if (const auto* preflight = std::get_if<Preflight>(&plan)) return answer_options(*preflight, call);
    if (const auto* redirect = std::get_if<Redirect>(&plan)) return moved(redirect->location, redirect->status);
    auto& refusal = std::get<Refuse>(plan);
    return Error{*refusal.kind, std::move(refusal.fields)};
  };
  return conclude(occasion_of(plan), request, now, std::ref(work));
}

Response Responder::refuse(Plan plan, const Request& request, const Error& error, Time now) const {
  return conclude(occasion_of(plan), request, now, [&](Call&) -> Result<Response> { return error; });
}

Response Responder::answer_plain(const Request& request, Time now) const {
  const Occasion occasion{.route = nullptr, .surface = &api_surface(), .is_plain = true};
  return conclude(occasion, request, now, [&](Call& call) -> Result<Response> {
    const Method method = call.request.method;
    if (method != Method::get && method != Method::head) return tls_required;
    return moved(public_origin_ + call.request.target);
  });
}

Response Responder::conclude(Occasion occasion, const Request& request, Time now, const Work& work) const {
  // From the first byte of the head, so that what a request waited for its turn counts as its client counts it.
  const auto started = request.arrived.value_or(std::chrono::steady_clock::now());
  std::optional<Route> none;
  if (occasion.route == nullptr) none = unmatched(*occasion.surface);
  const auto request_id = RequestId::make(now, tools_.random);
  Proxies::Client client = proxies_.client_of(request);
  proxy_warning_.look(request, client, now);
  Allowances allowances;
  Call call{.request = request,
            .route = none ? *none : *occasion.route,
            .params = std::move(occasion.params),
            .context = {.now = now,
                        .origin = {.request = request_id,
                                   .address = std::move(client.address),
                                   .user_agent = request.headers.get("User-Agent"),
                                   .surface = occasion.surface->name},
                        .allowances = &allowances},
            .translator = tools_.translator ? &tools_.translator : nullptr};
  const auto characters = request_id.characters();
  const std::string_view id{characters.data(), characters.size()};

  Result<Response> result = guarded(work, call);
  Response response = result.ok() ? std::move(result).value() : answer_failure(call, result.error(), id);
  if (response.status == 429 && !result.ok()) allowances.tell(allowance_of(result.error()));
  if (const auto& allowance = allowances.tightest()) add_allowance(response.headers, *allowance);
  add_headers(response, occasion, call, id);

  const auto span = std::chrono::steady_clock::now() - started;
  meters_.record(occasion.route, response.status, span);
  tools_.log.debug("request.done",
                   {{"request_id", id},
                    {"method", to_text(request.method)},
                    {"route", call.route.path},
                    {"status", response.status},
                    {"duration_us", std::chrono::duration_cast<std::chrono::microseconds>(span).count()}});
  return response;
}

Response Responder::answer_failure(Call& call, const Error& error, std::string_view id) const {
  // The same request again, which the browser sends when the device has shown its key.
  if (error.is(reauth_required) && !call.renewal.empty()) {
    Response again = moved(call.request.target, 307);
    again.headers.add("Set-Cookie", call.renewal);
    return again;
  }
  if (!is_https_ && may_have_lost_its_cookie(call, error)) call.hint = no_cookie_hint;
  Response response = write_error(call, error);
  // Which codings there are instead: none (RFC 9110 §15.5.16).
  if (error.is(wrong_content_coding)) response.headers.set("Accept-Encoding", "identity");
  log_failure(call, error, response.status, id);
  return response;
}

Result<Response> Responder::handle(Handle& plan, Call& call) const {
  const Route& route = *plan.route;
  const Surface& surface = *route.surface;
  std::string form_token;
  if (!is_safe(call.request.method)) {
    const Hop hop = proxies_.brought(call.request) ? Hop::by_proxy : Hop::direct;
    if (!origins_.permits(call.request, surface, hop)) return refused_origin(call.request);
    form_token = TRY(read_body(call, tools_.form_tokens));
  }
  TRY(authorize(call, std::move(plan.known), tools_.authenticator));
  // In another tab somebody else has signed in since: what is posted is not theirs.
  const auto& principal = call.context.principal;
  const bool is_of_another =
      !form_token.empty() && principal && !tools_.form_tokens.is_for(form_token, principal->account);
  if (is_of_another) return form_of_another;
  const auto run = [&] { return route.handler(call); };
  Result<Response> response =
      route.takes_idempotency_key && tools_.replays != nullptr ? tools_.replays->once(call, run) : run();
  if (response.ok() && route.has_etag && response->status == 200) add_etag(*response, call.request);
  if (response.ok() && !are_safe(response->headers)) {
    throw std::runtime_error{"a response header holds a control character"};
  }
  return response;
}

Result<Response> Responder::answer_options(const Preflight& plan, const Call& call) const {
  const bool is_preflight = call.request.headers.has("Access-Control-Request-Method") &&
                            !origins_.shared_with(call.request, *plan.surface).empty();
  if (plan.allow.empty() && !is_preflight) return not_found;
  Response response = no_content();
  if (!plan.allow.empty()) response.headers.add("Allow", plan.allow);
  const bool is_whole_server = plan.route == nullptr && !plan.allow.empty();
  if (is_preflight && !is_whole_server) add_preflight(response.headers, call.request);
  return response;
}

Response Responder::write_error(const Call& call, const Error& error) const {
  try {
    Response response = call.route.surface->write_error(call, error);
    if (are_safe(response.headers)) return response;
    tools_.log.error("error_page.failed", {{"detail", "a response header holds a control character"}});
  } catch (const std::exception& surprise) {
    tools_.log.error("error_page.failed", {{"detail", surprise.what()}});
  }
  Response response = plain(error);
  add_retry_after(response, error);
  return response;
}

void Responder::add_headers(Response& response, const Occasion& occasion, const Call& call, std::string_view id) const {
  Headers& headers = response.headers;
  headers.add("Request-Id", id);
  if (!occasion.allow.empty()) headers.set("Allow", occasion.allow);
  if (origins_.has_cors() && is_shared(*occasion.surface)) {
    add_cors(headers, origins_.shared_with(call.request, *occasion.surface));
  }
  if (origins_.is_unlisted(call.request, *occasion.surface)) origin_notice_.look(call.request);
  add_security_headers(response, origins_.reach_of(call.request, *occasion.surface));
  if (hsts_ && !occasion.is_plain) headers.add("Strict-Transport-Security", hsts_value);
}

void Responder::log_failure(const Call& call, const Error& error, int status, std::string_view id) const {
  tools_.log.write(level_of(error), "request.failed",
                   {{"request_id", id},
                    {"route", call.route.path},
                    {"status", status},
                    {"code", error.kind->code},
                    {"detail", error.detail}});
}

}  // namespace cardea::http
