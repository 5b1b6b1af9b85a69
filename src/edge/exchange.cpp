#include "edge/exchange.hpp"

#include <utility>

#include "base/secret.hpp"
#include "edge/content.hpp"
#include "edge/run_on.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

/// The memory of an exchange that went.
struct Spare {
  ~Spare() { ::operator delete(place); }
  void* place = nullptr;
};
thread_local Spare spare;

}  // namespace

void* Exchange::operator new(std::size_t size) {
  return spare.place != nullptr ? std::exchange(spare.place, nullptr) : ::operator new(size);
}

void Exchange::operator delete(void* place) noexcept { ::operator delete(std::exchange(spare.place, place)); }

Exchange::Exchange(const ServerContext& server, Executor home, Time now)
    : server_(server), home_(home), now_(now), share_(server.body_memory) {}

std::optional<Error> Exchange::plan(std::optional<std::size_t> length) {
  plan_ = server_.pipeline.plan(request_, now_);
  const std::size_t expected = length.value_or(body_limit());
  is_large_ = expected > small_body;
  if (is_large_) own_share();
  if (expected > body_limit()) return Error{http::too_large};
  return planned_refusal();
}

Task<std::optional<Error>> Exchange::confirm() {
  const auto ask = [&] { server_.pipeline.confirm(std::get<http::Handle>(plan_), request_, now_); };
  const Share own = share();
  const bool has_run = co_await run_on(home_, *server_.lanes.pool(http::Lane::quick), own, ask);
  if (!has_run) co_return overload();
  own_share();
  co_return planned_refusal();
}

/// What the credentials will come to: it spares us a large body. With a small one they are judged when it is there.
std::optional<Error> Exchange::planned_refusal() const {
  const http::Handle* handle = to_handle();
  const bool is_refused = is_large_ && handle != nullptr && handle->refusal != nullptr;
  return is_refused ? std::optional<Error>{*handle->refusal} : std::nullopt;
}

void Exchange::own_share() {
  const http::Handle* handle = to_handle();
  const bool is_known = handle != nullptr && handle->account;
  share_.belongs_to(share().network.text(0), is_known ? handle->account->text() : std::string{});
}

Share Exchange::share() const { return {.network = ClientNetwork{server_.pipeline.client_address(request_)}}; }

bool Exchange::make_room(std::size_t length) {
  if (free_ == 0) own_share();
  return edge::make_room(request_.body, share_, length, free_);
}

void Exchange::forget_request_body() {
  if (request_.body.empty() && request_.body.capacity() == std::string{}.capacity()) return;  // there was none
  wipe(request_.body);
  std::string{}.swap(request_.body);
}

void Exchange::drop_body() {
  forget_request_body();
  share_.give_back();
}

bool Exchange::settle() {
  forget_request_body();
  if (!fits()) refuse(overload());
  return response_.body.producer() == nullptr || !sends_body(response_, request_.method);
}

bool Exchange::answer_at_once() {
  pool_ = server_.lanes.pool(http::lane_of(plan_));
  if (pool_ != nullptr) return false;
  response_ = server_.pipeline.answer(std::move(plan_), request_, now_);
  return settle();
}

Task<void> Exchange::answer() {
  if (answer_at_once()) co_return;
  co_await go_on();
}

Task<void> Exchange::go_on() {
  Share own;
  if (pool_ != nullptr) {
    own = share();
    const auto work = [&] { response_ = server_.pipeline.answer(std::move(plan_), request_, now_); };
    const bool has_run = co_await run_on(home_, *pool_, own, work);
    if (!has_run) response_ = server_.pipeline.refuse(overload(), &request_, now_);
    if (settle()) co_return;
  }
  http::Producer* producer = response_.body.producer();
  stream_.emplace(*producer, pool_, std::move(own), home_);
  const std::optional<Error> failure = co_await stream_->pull(Duration{0});
  if (failure) refuse(*failure);
}

/// Whether the response's body is small or gets its part of the memory. It has the room of the request's body, so that
/// whose large one was accepted is told what became of it. Of a body that is not sent, nothing is kept.
bool Exchange::fits() {
  if (sends_body(response_, request_.method)) {
    const bool is_stream = response_.body.producer() != nullptr;
    const std::size_t size = is_stream ? http::max_piece : response_.body.text().size();
    if (is_stream || size > free_) {
      own_share();
      return share_.grow_to(size, BodyUse::response);
    }
  }
  share_.give_back();
  return true;
}

void Exchange::refuse(const Error& error) {
  stream_.reset();
  response_ = server_.pipeline.refuse(error, &request_, now_);
  if (error.is(http::method_not_allowed)) {
    response_.headers.set("Allow", http::every_method);
  }
}

void Exchange::redirect_to_tls() { response_ = server_.pipeline.answer_plain(request_, now_); }

void Exchange::replace_response() {
  server_.log.error("edge.response_not_writable", {{"status", response_.status}});
  stream_.reset();
  response_ = server_.pipeline.refuse(Error{http::internal_error}, nullptr, now_);
}

Task<bool> Exchange::pull() {
  const std::optional<Error> failure = co_await stream_->pull(server_.settings.write_timeout);
  if (!failure) co_return true;
  server_.log.error("edge.response_cut", {{"request_id", response_.headers.get("Request-Id")},
                                          {"code", failure->kind->code},
                                          {"detail", failure->detail}});
  co_return false;
}

}  // namespace cardea::edge
