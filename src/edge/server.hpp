#pragma once
// edge: the HTTP server. Sockets, TLS, HTTP/1.1 and HTTP/2, time limits, and the lanes that handlers run on.
//
// One I/O thread owns a connection for life; a request makes at most one hop, to the lane its route names, and back,
// and one more for each piece of a streamed response. Everything between a complete request and its response is the
// pipeline's (http/pipeline.hpp).
//
// Never: routes, authentication, the meaning of any field but those of framing.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "edge/passed_sockets.hpp"
#include "http/pipeline.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"

namespace cardea::edge {

inline constexpr ErrorKind cannot_listen{"edge.cannot_listen", 500, "The address cannot be listened on."};
inline constexpr ErrorKind wrong_certificate{"edge.wrong_certificate", 500,
                                             "The certificate or its key cannot be used."};

struct Settings {
  std::string listen = "127.0.0.1:8025";  // "[::1]:8025"; port 0 takes a free one; "unix:PATH"; "systemd:NAME"
  std::string socket_mode = "0660";       // of a unix socket's file, octal
  std::string certificate_file = {};      // PEM, the server's certificate first; with key_file: listen speaks TLS
  std::string key_file = {};              // PEM, not encrypted, not for everybody to read; or "credential:NAME"
  std::string redirect_listen = {};       // plain HTTP here is sent to the public origin; empty: off
  bool http2 = true;                      // over TLS, where the client speaks it (ALPN)

  std::int64_t io_threads = 0;  // 0: one per core, at most 4
  std::int64_t quick_threads = 8;
  std::int64_t quick_queue = 1024;   // requests waiting; more are refused with 503
  std::int64_t heavy_threads = 0;    // 0: sixteen per core; hashing_permits() of them hash at one time
  std::int64_t heavy_queue = 64;
  std::int64_t heavy_memory_mib = 256;

  std::int64_t max_connections = 10'000;
  std::int64_t max_connections_per_address = 0;  // IPv6 by /64, /56 and /48; 0: an eighth of max_connections
  std::int64_t body_memory_mib = 64;  // of bodies above 8 KiB and heads above 4 KiB; more are refused with 503
  Duration header_timeout = std::chrono::seconds{10};  // first byte to last of a head; also the TLS handshake
  Duration body_timeout = std::chrono::seconds{30};    // and a second more for every 32 KiB
  Duration idle_timeout = std::chrono::seconds{75};    // between two requests of a connection
  Duration write_timeout = std::chrono::seconds{30};   // one response, or a stall within a streamed one
  Duration drain = std::chrono::seconds{20};  // for requests in flight when the program ends
  bool proxy_protocol = false;  // a connection of a trusted proxy begins with a PROXY header

  // Set by the program, not by this part of the file.
  std::vector<PassedSocket> passed_sockets = {};  // by systemd; each is asked for by an address
  std::vector<std::string> trusted_proxies =
      {};  // as http::Peers takes them; they speak for many, so they may have any number
  std::int64_t heavy_job_kib = 19 * 1024;   // memory of one password hash
  bool next_free_port = false;              // `cardea dev`: when the port is taken, try the following ones
  std::function<void()> heavy_rest = {};  // called by a thread that hashes when it has had nothing to do for a second
  std::function<void()> on_drained = {};  // called when the time to drain is over: nobody is to wait any longer
  std::string public_host = {};  // that of `url`, for which the certificate is to be good; empty: any
  std::string name = {};  // told apart in metrics when a program has several servers; first: empty
};

/// Threads of the heavy lane that do something, besides those that wait to hash. More than cores, because a sign-in
/// waits for the database before and after its hash: with one thread per core the processor would idle during every
/// round trip. At 10 ms to the database a sign-in waits about ten times as long as it hashes.
[[nodiscard]] std::int64_t heavy_threads(const Settings& settings);

/// The mode of a unix socket's file.
[[nodiscard]] std::uint32_t socket_mode(const Settings& settings);

/// How many requests may wait for their turn to hash, each on a thread of its own: heavy_queue, up to 256.
[[nodiscard]] std::int64_t hash_queue(const Settings& settings);

/// How many passwords may be hashed at one time, for whoever hashes to keep to: one per core, as far as
/// heavy_memory_mib holds their memory, and never more than the lane has threads. At least one.
[[nodiscard]] std::int64_t hashing_permits(const Settings& settings);

/// Describes the tables [server] and [tls] of `root`.
void describe(config::Section& root, Settings& settings);

/// What keeps `text` from being something to listen on: "127.0.0.1:8025", "[::1]:8025", "unix:PATH", or "systemd:NAME"
/// for sockets that systemd passes, "systemd:" for all of those that nothing else names. Empty: nothing.
[[nodiscard]] std::string problem_with_listen(std::string_view text);
/// Whether one of two such texts takes what the other wants. Never for port 0, an empty text or a wrong one.
[[nodiscard]] bool is_same_listen(std::string_view one, std::string_view other);

/// Whether the certificate and key that `settings` name, if any, can be used. Errors: edge.wrong_certificate.
[[nodiscard]] Result<Done> check_certificate(const Settings& settings);

/// A listening HTTP server. `start`, `reload_tls` and `stop` are for one thread, which is none of the server's.
class Server {
 public:
  /// The pipeline, clock, log and metrics outlive the server; the metrics' gauges may outlive it too.
  Server(Settings settings, const http::Pipeline& pipeline, const Clock& clock, observe::Log& log,
         observe::Metrics& metrics);
  /// Stops without waiting for requests in flight to be answered, as far as they are not running.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Listens and begins to answer. Errors: edge.cannot_listen, edge.wrong_certificate.
  Result<Done> start();

  /// The port in use, after start(); 0 when there is none.
  [[nodiscard]] std::uint16_t port() const;
  /// The port of redirect_listen; 0 when off.
  [[nodiscard]] std::uint16_t redirect_port() const;
  /// "http://127.0.0.1:8025", "unix:/run/cardea/cardea.sock", after start(); several are joined by ", ".
  [[nodiscard]] std::string url() const;

  /// Those of the I/O threads and lanes that have not answered since they were asked last, by name. When all have, asks
  /// them again. For one thread, between start() and stop().
  [[nodiscard]] std::vector<std::string> silent();

  /// Reads the certificate and key again for new handshakes; live connections stay. Files that cannot be used, or a
  /// certificate that is worse than the present one (expired, not yet good, for another host), keep the old ones; that
  /// is logged and returned. Errors: edge.wrong_certificate.
  Result<Done> reload_tls();

  /// Stops accepting, closes idle connections, lets requests in flight finish within `drain` (answered with
  /// Connection: close), then closes what is left. Waits for handlers that are running or queued, however long.
  void stop(Duration drain);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cardea::edge
