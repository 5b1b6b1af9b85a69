#include "http/desk.hpp"

#include "http/problem.hpp"
#include "http/reception.hpp"
#include "http/router.hpp"

namespace cardea::http {
namespace {

/// For a path nobody knows: the classic contract is below /api/, and people's browsers ask for HTML. The target stands
/// in for a path that did not parse.
Style guess_style(const Request& head) {
  if (std::string_view{head.path.empty() ? head.target : head.path}.starts_with("/api/")) return Style::classic;
  return head.headers.get("Accept").find("text/html") == std::string_view::npos ? Style::api : Style::page;
}

/// Even the error could not be told, for want of memory.
Response last_resort() { return Response{.status = 503}; }

Plan refused(const ErrorKind& kind, Style style) { return Plan{.refusal = &kind, .style = style}; }

}  // namespace

struct Desk::State {
  State(std::vector<Route> routes_, const Policy& policy, Tools tools_, ErrorPage error_page)
      : routes(std::move(routes_)),
        tools(tools_),
        router(routes),
        reception(routes, policy, tools_, std::move(error_page)) {}

  [[nodiscard]] Plan place(const Request& head) const;
  [[nodiscard]] Plan place_options(const Request& head, const Router::Match& match) const;
  void recall(Plan& plan, const Request& head, Time now) const;
  void turn_away_nobody(Plan& plan, const Request& head, Time now) const;

  const std::vector<Route> routes;  // router and reception point into it
  const Tools tools;
  const Router router;
  const Reception reception;
};

Plan Desk::State::place(const Request& head) const {
  if (head.path.empty()) return refused(malformed_request, guess_style(head));
  Plan plan;
  const Router::Match match = router.find(head.method, head.path, plan.params);
  if (match.other == nullptr) return refused(not_found, guess_style(head));
  if (match.route == nullptr && head.method == Method::options) return place_options(head, match);
  if (match.route == nullptr) {
    plan = refused(method_not_allowed, match.other->style);
    plan.allow = match.allow;
    return plan;
  }
  if (!is_query(head.query)) return refused(malformed_request, match.route->style);
  plan.route = match.route;
  plan.lane = match.route->lane;
  plan.body_limit = match.route->body_limit;
  plan.style = match.route->style;
  return plan;
}

/// OPTIONS is answered by the desk, in the style of the route that a preflight asks about.
Plan Desk::State::place_options(const Request& head, const Router::Match& match) const {
  Plan plan;
  const auto wanted = parse_method(head.headers.get("Access-Control-Request-Method"));
  const Route* route = wanted ? router.find(*wanted, head.path, plan.params).route : nullptr;
  plan.route = route != nullptr ? route : match.other;
  plan.allow = match.allow;
  plan.style = plan.route->style;
  return plan;
}

void Desk::State::recall(Plan& plan, const Request& head, Time now) const {
  try {
    plan.caller = tools.gatekeeper.recall(head, plan.style, now);
  } catch (const std::exception& surprise) {
    tools.log.error("recall.failed", {{"route", plan.route->path}, {"detail", surprise.what()}});
  }
  if (!plan.caller) plan.lane = Lane::quick;
}

/// Before a large body is read: anyone may announce one. Only the refusal is kept; a session that memory knows may have
/// ended when the body is there, so `answer` asks again.
void Desk::State::turn_away_nobody(Plan& plan, const Request& head, Time now) const {
  try {
    const auto caller = tools.gatekeeper.recall(head, plan.style, now);
    if (caller && !caller->ok()) plan.refusal = caller->error().kind;
    plan.is_unsure = !caller;
  } catch (const std::exception& surprise) {
    tools.log.error("recall.failed", {{"route", plan.route->path}, {"detail", surprise.what()}});
  }
}

Desk::Desk(std::vector<Route> routes, Policy policy, Tools tools, ErrorPage error_page)
    : state_(std::make_unique<State>(std::move(routes), policy, tools, std::move(error_page))) {}

Desk::~Desk() = default;

Plan Desk::plan(const Request& head, Time now) const {
  Plan plan = state_->place(head);
  const bool is_for_handler = plan.route != nullptr && plan.allow.empty();
  if (!is_for_handler || plan.route->access == Access::anyone) return plan;
  if (plan.lane == Lane::instant) {
    state_->recall(plan, head, now);
  } else if (plan.route->access != Access::optional && plan.body_limit > usual_body_limit) {
    state_->turn_away_nobody(plan, head, now);
  }
  return plan;
}

void Desk::confirm(Plan& plan, const Request& head, Time now) const noexcept {
  try {
    const auto caller = state_->tools.gatekeeper.identify(head, plan.style, now);
    if (!caller.ok()) plan.refusal = caller.error().kind;
  } catch (...) {  // NOLINT(bugprone-empty-catch): `answer` will meet the same trouble, and says so
  }
}

Response Desk::answer(const Plan& plan, const Request& request, Time now) const noexcept {
  try {
    return state_->reception.conclude(plan, request, now,
                                      [&](Call& call) { return state_->reception.serve(plan, call); });
  } catch (...) {
    return last_resort();
  }
}

Response Desk::refuse(const Error& error, const Request* head, Time now) const noexcept {
  try {
    const Request nobody;
    const Request& request = head != nullptr ? *head : nobody;
    const Plan plan = state_->place(request);
    return state_->reception.conclude(plan, request, now, [&](Call&) -> Result<Response> { return error; });
  } catch (...) {
    return last_resort();
  }
}

Response Desk::send_on(const Request& request, Time now) const noexcept {
  try {
    const Plan plan{.is_plain = true};
    return state_->reception.conclude(plan, request, now, [&](Call& call) { return state_->reception.send_on(call); });
  } catch (...) {
    return last_resort();
  }
}

const std::vector<Route>& Desk::routes() const { return state_->routes; }

Response respond(const Desk& desk, const Request& request, Time now) {
  if (!request.path.empty()) return desk.answer(desk.plan(request, now), request, now);
  Request parsed = request;
  if (!parse_target(parsed.target, parsed.path, parsed.query)) parsed.path.clear();
  return desk.answer(desk.plan(parsed, now), parsed, now);
}

}  // namespace cardea::http
