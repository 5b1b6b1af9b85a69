#include "app/supervised.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace cardea::app {
namespace {

using namespace std::chrono_literals;

constexpr Duration between_extensions = 10s;
constexpr Duration extension = 30s;
constexpr Duration between_beats = 5s;  // at most, for the status

}  // namespace

std::unique_ptr<Every> Supervised::starting() {
  if (!notifier_.is_heard()) return nullptr;
  notifier_.status("Preparing the database.");
  const auto give_up = std::chrono::steady_clock::now() + longest_start;
  return std::make_unique<Every>(between_extensions, [this, give_up] {
    if (std::chrono::steady_clock::now() < give_up) notifier_.extend(extension);
  });
}

std::string Supervised::status() const {
  const auto problems = readiness_->problems();
  return problems.empty() ? "Serving at " + server_->url() + "." : "Not ready: " + problems.front().trouble.what;
}

void Supervised::beat() try {
  const auto silent = server_->silent();
  if (silent.empty()) {
    notifier_.alive();
  } else if (!is_silent_) {
    log_.warn("server.thread_silent", {{"threads", fmt::format("{}", fmt::join(silent, ", "))},
                                       {"hint", "it is busy or hangs; systemd hears nothing until it answers"}});
  }
  is_silent_ = !silent.empty();
  notifier_.status(status());
} catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): out of memory; the watchdog hears nothing this time
}

std::unique_ptr<Every> Supervised::serving(edge::Server& server, const Readiness& readiness) {
  if (!notifier_.is_heard()) return nullptr;
  server_ = &server;
  readiness_ = &readiness;
  notifier_.ready(status());
  const Duration pause = std::min(between_beats, notifier_.watchdog().value_or(between_beats) / 4);
  return std::make_unique<Every>(pause, [this] { beat(); });
}

void Supervised::reloading(const std::function<void()>& reload) {
  notifier_.reloading();
  reload();
  if (notifier_.is_heard()) notifier_.ready(status());
}

void Supervised::stopping(Duration most) { notifier_.stopping("Finishing requests.", most); }

}  // namespace cardea::app
