#include "app/serve.hpp"
#include "app/end_in_time.hpp"

#include <pthread.h>

#include <chrono>
#include <csignal>

#include "app/build_info.hpp"
#include "app/database_watch.hpp"
#include "app/dev_files.hpp"
#include "app/free_port.hpp"
#include "app/house.hpp"
#include "app/limits.hpp"
#include "app/open_database.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/supervised.hpp"
#include "audit/audit.hpp"
#include "base/time_slice.hpp"
#include "config/load.hpp"
#include "crypto/system_random.hpp"
#include "db/end_of_waits.hpp"
#include "edge/self_signed.hpp"
#include "http/problem.hpp"
#include "observe/process.hpp"

#include <fmt/format.h>

namespace cardea::app {
namespace {

constexpr Duration after_drain = std::chrono::seconds{4};  // for what must still be written

// Threads started later inherit the mask, so that only `wait` sees the signals.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait(const sigset_t& signals, edge::Server& server, Supervised& supervised) {
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    supervised.reloading([&server] { (void)server.reload_tls(); });  // logs what it did
  }
}

// A listener for metrics alone, with a pipeline of one route.
struct MetricsListener : http::Authenticator {
  MetricsListener(const Settings& settings, const Outside& outside)
      : form_tokens(Secret{std::string(32, '-')}, outside.random),
        pipeline(open_metrics_routes(outside.metrics), {.own_origins = {"http://localhost"}},
                 {.authenticator = *this,
                  .form_tokens = form_tokens,
                  .random = outside.random,
                  .log = outside.log,
                  .metrics = outside.metrics}),
        server({.listen = settings.metrics_listen,
                .io_threads = 1,
                .quick_threads = 1,
                .heavy_threads = 1,
                .max_connections = 100,
                .passed_sockets = settings.metrics_sockets,
                .name = "metrics"},
               pipeline, outside.clock, outside.log, outside.metrics) {}

  std::optional<Result<http::Authentication>> recall(const http::Request&, const http::Surface&, Time) override {
    return Result<http::Authentication>{http::unauthenticated};
  }
  Result<http::Authentication> identify(const http::Request&, const http::Surface&, Time) override {
    return http::unauthenticated;
  }

  http::FormTokens form_tokens;  // never used: the one route is no page
  http::Pipeline pipeline;
  edge::Server server;
};

/// So that of a server that was stopped in order no event is left that nothing vouches for.
void seal_the_last(db::Database& database, observe::Log& log) {
  try {
    audit::seal_all(database, &log);
  } catch (const std::exception& problem) {
    log.warn("audit.not_sealed", {{"what", problem.what()}});
  }
}

using Announce = void (*)(const Settings&, const edge::Server&, observe::Log&, Duration);

/// Null without an address of its own for metrics.
Result<std::unique_ptr<MetricsListener>> listen_for_metrics(const Settings& settings, const Outside& outside) {
  std::unique_ptr<MetricsListener> listener;
  if (settings.metrics_listen.empty()) return listener;
  listener = std::make_unique<MetricsListener>(settings, outside);
  TRY(listener->server.start());
  return listener;
}

void say_ignored_variables(const Settings& settings, observe::Log& log) {
  if (settings.ignored_variables.empty()) return;
  log.info("settings.variables_ignored",
           {{"why", "a Kubernetes Service has this program's name"},
            {"variables", fmt::format("{}", fmt::join(settings.ignored_variables, " "))}});
}

void prepare(const Settings& settings, observe::Log& log, observe::Metrics& metrics) {
  log.count_drops_in(&metrics.counter("cardea_log_lines_dropped_total",
                                      "Lines of the log that were dropped, because nobody read standard error."));
  log.flush_on_fatal_signals();
  raise_open_files(settings.server.max_connections, log);
  say_ignored_variables(settings, log);
}

/// What `serve` and `dev` do differently.
struct Mode {
  observe::Format format;
  Announce announce;
  db::Missing missing;  // database
  std::vector<std::string> extra_origins = {};
  bool is_for_developers = false;
};

db::Options watched_options(const Settings& settings, DatabaseWatch& watch, const Mode& mode) {
  db::Options options = database_options(settings);
  options.on_failure = watch.observer();
  options.transactions = watch.transactions();
  options.missing = mode.missing;
  return options;
}

void measure_surroundings(observe::Metrics& metrics, DatabaseWatch& watch, const db::Database& database) {
  watch.measure_disk(database);
  observe::measure_process(metrics);
  measure_build(metrics, database.engine());
}

/// What the threads that hash do when they have nothing to do, and when they get nothing more.
void let_rest(const password::Hasher& hasher, edge::Settings& server) {
  server.heavy_rest = [&hasher] { hasher.release_idle_memory(); };
  server.on_drained = [&hasher] { hasher.close(); };
}

int run(Settings& settings, const Mode& mode, std::chrono::steady_clock::time_point begun) {
  const sigset_t signals = block_signals();
  observe::Metrics metrics;
  observe::Log log{mode.format, settings.log_level};
  prepare(settings, log, metrics);
  make_do_with_little_memory(log);
  use_short_time_slices();
  EndInTime end{log};
  RealClock clock;
  crypto::SystemRandom random;
  DatabaseWatch watch{log, metrics};
  const SystemdNotifier notifier{environment_variable};
  Supervised supervised{notifier, log};
  auto starting = supervised.starting();
  const auto database = open_database(
      {.settings = settings, .options = watched_options(settings, watch, mode), .log = log, .signals = signals});
  if (!database) {
    log.info("server.stopped");
    return 0;
  }
  measure_surroundings(metrics, watch, *database);
  const Outside outside{.database = *database,
                        .clock = clock,
                        .random = random,
                        .log = log,
                        .metrics = metrics,
                        .on_database = [&watch](const auto& failure) { watch.heard(failure); },
                        .is_for_developers = mode.is_for_developers};
  House house{settings, outside, mode.extra_origins};
  house.prepare(clock.now());
  database->bus().start();
  let_rest(house.authn().hasher, settings.server);
  edge::Server server{settings.server, house.pipeline(), clock, log, metrics};
  if (const auto started = server.start(); !started) return fail(started.error());
  const auto metrics_listener = listen_for_metrics(settings, outside);
  if (!metrics_listener) return fail(metrics_listener.error());
  jobs::Runner jobs{house.work(),
                    house.queue(),
                    {.database = *database, .clock = clock, .random = random, .log = log, .metrics = metrics}};
  jobs.start();
  house.readiness().start();
  starting.reset();
  auto beating = supervised.serving(server, house.readiness());
  mode.announce(settings, server, log, std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun));

  wait(signals, server, supervised);
  log.info("server.stopping");
  const Duration drain = settings.server.drain;
  beating.reset();
  supervised.stopping(drain + after_drain + std::chrono::seconds{5});
  end.arm(drain + after_drain);
  const Duration drain_ends = jobs::monotonic_now() + drain;
  db::end_waits_by(*database, std::chrono::steady_clock::now() + drain);
  server.stop(drain);
  if (*metrics_listener) (*metrics_listener)->server.stop(Duration{0});
  jobs.stop(drain_ends - jobs::monotonic_now());
  if (house.readiness().problems().empty()) seal_the_last(*database, log);
  log.info("server.stopped");
  return 0;
}

void announce_server(const Settings& settings, const edge::Server& server, observe::Log& log, Duration took) {
  log.info("server.started", {{"version", CARDEA_VERSION},
                              {"url", settings.url},
                              {"listen", server.url()},
                              {"ready_ms", took.count() / 1000}});
}

void announce_dev(const Settings& settings, const edge::Server&, observe::Log&, Duration took) {
  fmt::print("\n  Cardea {}   ready in {} ms   (dev mode: do not expose)\n\n", CARDEA_VERSION, took.count() / 1000);
  fmt::print("  Open        {}\n", settings.url);
  fmt::print("  Sign up     {}/signup\n", settings.url);
  fmt::print("  People      {}/users\n", settings.url);
  fmt::print("  API         {}/v1/session   (the rest: cardea openapi)\n", settings.url);
  if (settings.mail.has_mailbox) fmt::print("  Mailbox     {}/mail   (mail stays on this machine)\n", settings.url);
  fmt::print("  Metrics     {}/metrics   (bearer token in the file metrics_token)\n", settings.url);
  fmt::print("  Data        {}\n", database_place(settings));
  fmt::print("\n  Use it from your app\n    export CARDEA_URL={}\n\n", settings.url);
  (void)std::fflush(stdout);
}

Result<Done> take_passed_sockets(Settings& settings) {
  settings.server.passed_sockets = TRY(edge::passed_sockets(environment_variable));
  settings.metrics_sockets = edge::take_named(settings.server.passed_sockets, settings.metrics_listen);
  return done;
}

}  // namespace

int serve(const Options& options) {
  const auto begun = std::chrono::steady_clock::now();
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_to_serve(settings, root, options); !loaded) return fail(loaded.error());
  settings.identity.can_send_mail = settings.mail.is_on();
  if (const auto taken = take_passed_sockets(settings); !taken) return fail(taken.error());
  return run(settings,
             {.format = observe::Format::json,
              .announce = announce_server,
              .missing = options.create ? db::Missing::make : db::Missing::refuse},
             begun);
}

int dev(const Options& options) {
  const auto begun = std::chrono::steady_clock::now();
  const std::string folder = options.data.value_or(".cardea");
  Settings settings;
  settings.database = "sqlite:" + folder + "/cardea.db";
  for (const auto& feature : feature_entries()) {
    if (feature.for_development) feature.for_development(settings.features);
  }
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) return fail(loaded.error());

  const auto place = free_port(settings.server.listen);
  if (!place) {
    complain("cannot listen on " + settings.server.listen + " or on the ports after it; `dev` wants HOST:PORT");
    return 1;
  }
  if (place->listen != settings.server.listen && !settings.server.listen.ends_with(":0")) {
    fmt::print("\n  {} is taken; {} is free.\n", settings.server.listen, place->listen);
  }
  settings.server.listen = place->listen;
  settings.mail.has_mailbox = settings.mail.smtp.empty();
  settings.identity.can_send_mail = true;
  if (settings.url.empty())
    settings.url = (options.tls ? "https://localhost:" : "http://localhost:") + std::to_string(place->port);
  if (settings.secret.empty()) settings.secret = secret_in(folder, "secret");
  if (settings.metrics_token.empty()) settings.metrics_token = secret_in(folder, "metrics_token");
  if (options.tls) {
    settings.server.certificate_file = folder + "/localhost.crt";
    settings.server.key_file = folder + "/localhost.key";
    const auto made =
        edge::write_self_signed(settings.server.certificate_file, settings.server.key_file, RealClock{}.now());
    if (!made) return fail(made.error());
  }
  const std::string scheme = options.tls ? "https://" : "http://";
  const auto port = ":" + std::to_string(place->port);
  return run(settings,
             {.format = observe::Format::human,
              .announce = announce_dev,
              .missing = db::Missing::make,
              .extra_origins = {scheme + "localhost" + port, scheme + "127.0.0.1" + port, scheme + "[::1]" + port},
              .is_for_developers = true},
             begun);
}

}  // namespace cardea::app
