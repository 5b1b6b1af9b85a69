#include "app/interruption.hpp"

#include <pthread.h>

#include <ctime>
#include <stdexcept>

namespace cardea::app {

Interruption::Interruption(std::string said) : said_(std::move(said)) {
  sigemptyset(&signals_);
  for (const int signal : {SIGINT, SIGTERM}) sigaddset(&signals_, signal);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

Interruption::~Interruption() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void Interruption::check() const {
  constexpr timespec at_once{};
  if (sigtimedwait(&signals_, nullptr, &at_once) > 0) throw std::runtime_error(said_);
}

}  // namespace cardea::app
