#include "edge/body_stream.hpp"

#include <fmt/format.h>

#include <new>
#include <stdexcept>

#include "edge/run_on.hpp"
#include "http/problem.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_when_full = 10ms;

}  // namespace

BodyStream::BodyStream(http::Producer& producer, Pool* pool, Share share, Executor home)
    : producer_(producer), pool_(pool), share_(std::move(share)), home_(home), length_(producer.length()) {}

Task<std::optional<Error>> BodyStream::pull(Duration patience) {
  std::optional<Error> failure;
  const auto work = [&] { failure = make_piece(); };
  if (pool_ == nullptr) {
    work();
    co_return failure;
  }
  const Monotonic::time_point end = Monotonic::now() + patience;
  Timer pause{home_};
  for (;;) {
    const bool has_run = co_await run_on(home_, *pool_, share_, work);
    if (has_run) co_return failure;
    if (pool_->is_stopping() || Monotonic::now() >= end) co_return overload();
    error_code ignored;
    pause.expires_after(pause_when_full);
    co_await pause.async_wait(into(ignored));
  }
}

std::optional<Error> BodyStream::make_piece() {
  piece_.clear();
  try {
    const auto progress = producer_.pull(piece_);
    if (!progress.ok()) return progress.error();
    made_ += piece_.size();
    is_complete_ = *progress == http::Progress::complete;
    return check_piece();
  } catch (const std::bad_alloc&) {
    return Error{http::overloaded, "out of memory"};
  } catch (const Unavailable& surprise) {
    return Error{surprise.kind() == nullptr ? http::overloaded : *surprise.kind(), surprise.what()};
  } catch (const std::exception& surprise) {
    return Error{http::internal_error, surprise.what()};
  } catch (...) {
    return Error{http::internal_error, "an exception of unknown type"};
  }
}

std::optional<Error> BodyStream::check_piece() const {
  if (piece_.size() > http::max_piece) {
    return Error{http::internal_error, fmt::format("a piece of {} bytes", piece_.size())};
  }
  if (piece_.empty() && !is_complete_) return Error{http::internal_error, "an empty piece before the end"};
  if (!length_) return std::nullopt;
  if (made_ > *length_ || (is_complete_ && made_ != *length_)) {
    return Error{http::internal_error, fmt::format("{} of {} bytes were made", made_, *length_)};
  }
  return std::nullopt;
}

}  // namespace cardea::edge
