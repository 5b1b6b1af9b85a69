#include "edge/server.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

#include "edge/certificate.hpp"
#include "edge/endpoint.hpp"
#include "edge/listener.hpp"
#include "edge/pulse.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr auto time_to_refuse = 500ms;

std::int64_t io_threads(const Settings& s) {
  const std::int64_t cores = std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  return s.io_threads > 0 ? s.io_threads : std::min<std::int64_t>(cores, 4);
}

Lanes::Sizes lane_sizes(const Settings& s) {
  const auto size = [](std::int64_t threads, std::int64_t queue) {
    return PoolSize{.threads = static_cast<std::size_t>(threads), .queue = static_cast<std::size_t>(queue)};
  };
  return {.quick = size(s.quick_threads, s.quick_queue),
          .heavy = size(heavy_threads(s) + hash_queue(s), s.heavy_queue)};
}

/// What gauges read while it is replaced.
template <class T>
class Shared {
 public:
  [[nodiscard]] T get() const {
    const std::lock_guard lock{mutex_};
    return value_;
  }
  void set(const T& value) {
    const std::lock_guard lock{mutex_};
    value_ = value;
  }

 private:
  mutable std::mutex mutex_;
  T value_ = {};
};

/// A quarter of the shortest time limit, so that none is overrun by much.
Duration tick(const Settings& s) {
  const Duration shortest = std::min({s.header_timeout, s.body_timeout, s.idle_timeout, s.write_timeout});
  return std::clamp<Duration>(shortest / 4, 10ms, 1s);
}

ConnectionLimit::Limits limits(const Settings& s, const Refusals& refusals) {
  const std::int64_t share = std::max<std::int64_t>(1, s.max_connections / 8);
  return {.all = s.max_connections,
          .per_network = s.max_connections_per_address > 0 ? s.max_connections_per_address : share,
          .exempt = http::Peers{s.trusted_proxies},
          .on_refusal = [&refusals](Refusal refusal) { refusals.add(refusal); }};
}

}  // namespace

struct Server::State {
  State(Settings settings_, const http::Pipeline& pipeline, const Clock& clock_, observe::Log& log_,
        observe::Metrics& metrics, const observe::Labels& labels)
      : settings(std::move(settings_)),
        clock(clock_),
        log(log_),
        refusals(metrics, labels),
        lanes(lane_sizes(settings), {.metrics = metrics, .labels = labels}, settings.heavy_rest),
        body_memory(std::make_shared<BodyMemory>(static_cast<std::size_t>(settings.body_memory_mib) * 1024 * 1024)),
        connection_limit(std::make_shared<ConnectionLimit>(limits(settings, refusals))),
        context{.settings = settings,
                .pipeline = pipeline,
                .clock = clock_,
                .log = log_,
                .refusals = refusals,
                .misbehaved =
                    metrics.counter("cardea_http2_connections_ended_total",
                                    "Connections of HTTP/2 that were ended, because their client broke its rules or "
                                    "flooded the server with what is no request.",
                                    labels),
                .lanes = lanes,
                .connection_limit = *connection_limit,
                .body_memory = *body_memory,
                .announcing = settings.proxy_protocol ? http::Peers{settings.trusted_proxies} : http::Peers{}} {
    metrics.gauge(
        "cardea_connections", "Open connections.",
        [limit = connection_limit] { return static_cast<double>(limit->count()); }, labels);
    metrics.gauge(
        "cardea_body_memory_bytes", "Memory of large bodies that are being read, answered or sent.",
        [memory = body_memory] { return static_cast<double>(memory->taken()); }, labels);
    if (settings.certificate_file.empty()) return;
    metrics.gauge(
        "cardea_certificate_expiry_timestamp_seconds", "When the certificate in use expires, in seconds since 1970.",
        [facts = certificate] { return static_cast<double>(to_micros(facts->get().not_after)) / 1e6; }, labels);
  }

  Result<Done> open();
  Result<Done> load_certificate();
  Result<Done> replace_certificate();
  Result<Done> open_listeners();
  void accept(const Opened& opened, Protocol protocol);

  Settings settings;
  const Clock& clock;
  observe::Log& log;
  std::shared_ptr<Shared<CertificateFacts>> certificate = std::make_shared<Shared<CertificateFacts>>();  // with a gauge
  const Refusals refusals;
  Lanes lanes;
  std::shared_ptr<BodyMemory> body_memory;  // shared with the metrics' gauges
  std::shared_ptr<ConnectionLimit> connection_limit;  // shared with them too
  ServerContext context;
  std::vector<std::unique_ptr<IoThread>> threads;
  Pulse pulse;
  bool is_running = false;
  bool uses_tls = false;
  Opened main;
  Opened redirecting;
};

void Server::State::accept(const Opened& opened, Protocol protocol) {
  for (const auto& [running, listening] : opened.listening) {
    running->keep_running([this, &thread = *running, &acceptor = *listening, protocol] {
      return accept_all(acceptor, protocol, thread, context);
    });
  }
}

Result<Done> Server::State::open_listeners() {
  std::vector<PassedSocket> passed = settings.passed_sockets;
  const auto open = [&](const std::string& address) {
    return listen({.address = address,
                   .next_free_port = settings.next_free_port,
                   .socket_mode = socket_mode(settings),
                   .passed = take_named(passed, address)},
                  threads);
  };
  if (!settings.redirect_listen.empty()) redirecting = TRY(open(settings.redirect_listen));
  main = TRY(open(settings.listen));
  if (passed.empty()) return done;
  // Its clients would wait for ever.
  return Error{cannot_listen, "systemd passed the socket \"" + passed.front().name +
                                  "\", which no setting asks for; set server.listen = \"systemd:\""};
}

/// At the start, what there is has to do: an expired certificate is an error in the log.
Result<Done> Server::State::load_certificate() {
  context.tls.set(TRY(make_tls_context(settings)));
  const CertificateFacts facts = TRY(read_certificate(settings.certificate_file, settings.public_host));
  certificate->set(facts);
  if (const auto problem = problem_with_successor(facts, facts, clock.now()); !problem.empty()) {
    log.error("edge.certificate_not_good", {{"file", settings.certificate_file}, {"reason", problem}});
  } else if (!facts.covers_host) {
    log.warn("edge.certificate_for_others", {{"file", settings.certificate_file}, {"host", settings.public_host}});
  }
  return done;
}

Result<Done> Server::State::replace_certificate() {
  TlsContext next = TRY(make_tls_context(settings));
  const CertificateFacts facts = TRY(read_certificate(settings.certificate_file, settings.public_host));
  const auto problem = problem_with_successor(facts, certificate->get(), clock.now());
  if (!problem.empty()) return Error{wrong_certificate, settings.certificate_file + ": " + problem};
  context.tls.set(std::move(next));
  certificate->set(facts);
  return done;
}

Result<Done> Server::State::open() {
  uses_tls = !settings.certificate_file.empty();
  if (uses_tls) TRY(load_certificate());
  for (std::int64_t i = 0; i < io_threads(settings); ++i) {
    threads.push_back(std::make_unique<IoThread>(tick(settings), log));
  }
  TRY(open_listeners());
  accept(main, uses_tls ? Protocol::tls : Protocol::plain);
  accept(redirecting, Protocol::redirect);
  for (const auto& thread : threads) thread->start();
  is_running = true;
  return done;
}

Server::Server(Settings settings, const http::Pipeline& pipeline, const Clock& clock, observe::Log& log,
               observe::Metrics& metrics) {
  observe::Labels labels;
  if (!settings.name.empty()) labels.emplace_back("server", settings.name);
  state_ = std::make_unique<State>(std::move(settings), pipeline, clock, log, metrics, labels);
}

Server::~Server() { stop(Duration{0}); }

Result<Done> Server::start() {
  auto opened = state_->open();
  if (!opened.ok()) {
    state_->main = {};
    state_->redirecting = {};
    state_->threads.clear();
  }
  return opened;
}

std::uint16_t Server::port() const { return state_->main.port; }
std::uint16_t Server::redirect_port() const { return state_->redirecting.port; }

std::string Server::url() const {
  const std::string& place = state_->main.place;
  if (place.starts_with(unix_scheme)) return place;
  return (state_->uses_tls ? "https://" : "http://") + place;
}

std::vector<std::string> Server::silent() { return state_->pulse.silent(state_->threads, state_->lanes); }

Result<Done> Server::reload_tls() {
  if (!state_->uses_tls) return done;
  auto replaced = state_->replace_certificate();
  if (replaced.ok()) {
    state_->log.info("edge.certificate_reloaded", {{"until", rfc3339(state_->certificate->get().not_after)}});
  } else {
    state_->log.error("edge.certificate_kept", {{"reason", replaced.error().detail}});
  }
  return replaced;
}

void Server::stop(Duration drain) {
  if (!state_->is_running) return;
  state_->is_running = false;
  for (const auto& thread : state_->threads) thread->retire();
  state_->main.file.reset();  // nobody is to be sent here any more
  state_->redirecting.file.reset();
  if (!state_->connection_limit->wait_until_none(drain)) {
    state_->log.warn("edge.drain_incomplete", {{"connections", state_->connection_limit->count()}});
    state_->lanes.drop_waiting();  // and they are told so, before the connections are closed
    if (state_->settings.on_drained) state_->settings.on_drained();
    (void)state_->connection_limit->wait_until_none(time_to_refuse);
    for (const auto& thread : state_->threads) thread->evict();
  }
  state_->lanes.stop();
  for (const auto& thread : state_->threads) thread->finish();
}

}  // namespace cardea::edge
