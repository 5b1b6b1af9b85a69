#include "db/health.hpp"

namespace cardea::db {
namespace {

constexpr std::chrono::seconds between_writes{1};

/// What follows from a failure for the next transaction.
enum class Prospect {
  none,           // nothing: it was about one statement, or about the load
  until_answer,   // over as soon as the engine answers
  until_written,  // over as soon as something can be stored
  for_good        // nothing that works shows that it is over
};

Prospect prospect_of(Failure failure) {
  switch (failure) {
    case Failure::busy:
    case Failure::refused: return Prospect::none;
    case Failure::unreachable: return Prospect::until_answer;
    case Failure::missing:
    case Failure::full:
    case Failure::unreadable:
    case Failure::read_only: return Prospect::until_written;
    case Failure::corrupt:
    case Failure::wrong_encoding: return Prospect::for_good;
  }
  return Prospect::none;
}

}  // namespace

void Health::met(const DatabaseError& problem) noexcept {
  const Prospect prospect = prospect_of(problem.failure());
  if (prospect != Prospect::none) {
    const std::lock_guard lock(mutex_);
    if (!standing_ || prospect >= prospect_of(*standing_)) standing_ = problem.failure();
  }
  if (observer_) observer_(problem);
}

bool Health::may_write_now() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - asked_at_ < between_writes) return false;
  asked_at_ = now;
  return true;
}

std::optional<Failure> Health::attempt(const std::function<void()>& work) noexcept {
  try {
    work();
    return std::nullopt;
  } catch (const DatabaseError& problem) {
    met(problem);
    return problem.failure();
  } catch (...) {
    return Failure::busy;  // no memory for the question
  }
}

std::optional<Failure> Health::ask(const std::function<void()>& ping, const std::function<void()>& write) noexcept {
  if (const auto failure = attempt(ping)) return failure;
  std::unique_lock lock(mutex_);
  const auto standing = standing_;
  lock.unlock();
  if (!standing) return std::nullopt;
  const Prospect prospect = prospect_of(*standing);
  if (prospect == Prospect::for_good) return standing;
  if (prospect == Prospect::until_written) {
    if (!may_write_now()) return standing;
    if (const auto failure = attempt(write)) return failure;
  }
  lock.lock();
  // Unless something else was met meanwhile.
  if (standing_ == standing) standing_.reset();
  return standing_;
}

}  // namespace cardea::db
