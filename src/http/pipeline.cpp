#include "http/pipeline.hpp"

#include "http/planner.hpp"
#include "http/problem.hpp"
#include "http/responder.hpp"

namespace cardea::http {
namespace {

/// Not even the error could be written: out of memory.
Response last_resort() { return Response{.status = 503}; }

}  // namespace

Lane lane_of(const Plan& plan) {
  const auto* handle = std::get_if<Handle>(&plan);
  return handle != nullptr ? handle->lane : Lane::instant;
}

std::size_t body_limit_of(const Plan& plan) {
  const auto* handle = std::get_if<Handle>(&plan);
  return handle != nullptr ? handle->route->body_limit : usual_body_limit;
}

struct Pipeline::State {
  State(std::vector<Route> routes_, const Policy& policy, Tools tools_)
      : routes(std::move(routes_)),
        authenticator(tools_.authenticator),
        planner(routes, policy, tools_.authenticator, tools_.log),
        responder(routes, policy, tools_) {}

  const std::vector<Route> routes;  // planner and responder point into it
  Authenticator& authenticator;
  const Planner planner;
  const Responder responder;
};

Pipeline::Pipeline(std::vector<Route> routes, const Policy& policy, Tools tools)
    : state_(std::make_unique<State>(std::move(routes), policy, tools)) {}

Pipeline::~Pipeline() = default;

Plan Pipeline::plan(const Request& head, Time now) const { return state_->planner.plan(head, now); }

void Pipeline::confirm(Handle& plan, const Request& head, Time now) const noexcept {
  try {
    const auto known = state_->authenticator.identify(head, *plan.route->surface, now);
    if (!known.ok()) {
      plan.refusal = known.error().kind;
    } else {
      plan.account = known->principal.account;
    }
  } catch (...) {  // NOLINT(bugprone-empty-catch): `answer` will fail the same way, and report it
  }
}

Response Pipeline::answer(Plan&& plan, const Request& request, Time now) const noexcept {
  try {
    return state_->responder.answer(std::move(plan), request, now);
  } catch (...) {
    return last_resort();
  }
}

Response Pipeline::refuse(const Error& error, const Request* head, Time now) const noexcept {
  try {
    const Request nobody{};
    const Request& request = head != nullptr ? *head : nobody;
    return state_->responder.refuse(state_->planner.place(request), request, error, now);
  } catch (...) {
    return last_resort();
  }
}

Response Pipeline::answer_plain(const Request& request, Time now) const noexcept {
  try {
    return state_->responder.answer_plain(request, now);
  } catch (...) {
    return last_resort();
  }
}

std::string Pipeline::client_address(const Request& head) const { return state_->planner.client_address(head); }

const std::vector<Route>& Pipeline::routes() const { return state_->routes; }

Response respond(const Pipeline& pipeline, const Request& request, Time now) {
  if (!request.path.empty()) return pipeline.answer(pipeline.plan(request, now), request, now);
  Request parsed = request;
  if (!parse_target(parsed.target, parsed.path, parsed.query)) parsed.path.clear();
  return pipeline.answer(pipeline.plan(parsed, now), parsed, now);
}

}  // namespace cardea::http
