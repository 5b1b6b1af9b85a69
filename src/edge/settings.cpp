#include <algorithm>
#include <cstdlib>
#include <thread>

#include "edge/server.hpp"

namespace cardea::edge {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_threads = 256;
constexpr std::int64_t heavy_threads_per_core = 16;

std::int64_t cores() { return std::max<std::int64_t>(1, std::thread::hardware_concurrency()); }

bool is_mode(std::string_view text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  const auto digits = text.substr(text.size() == 4 && text.front() == '0' ? 1 : 0);
  return digits.size() == 3 && std::ranges::all_of(digits, is_octal);
}

void describe_server(config::Section& section, Settings& s) {
  const config::IntegerRange threads{.min = 1, .max = most_threads};
  const config::IntegerRange threads_or_auto{.min = 0, .max = most_threads};
  const config::IntegerRange queue{.min = 1, .max = 1'000'000};
  const config::SpanRange wait{.min = 100ms, .max = 1h};
  section.text("listen", s.listen,
               "Where to listen: \"127.0.0.1:8025\", \"[::]:443\"; \"unix:/run/cardea/cardea.sock\"; \"systemd:\" for "
               "the sockets that systemd passes, \"systemd:NAME\" for those of that FileDescriptorName.");
  section.text("socket_mode", s.socket_mode,
               "Who may connect to a unix socket: the mode of its file, as for chmod. \"0660\": this user and group.");
  section.integer("io_threads", s.io_threads, "Threads that own connections; 0: one per core, at most 4.",
                  threads_or_auto);
  section.integer("quick_threads", s.quick_threads, "Threads for requests that need the database.", threads);
  section.integer("quick_queue", s.quick_queue, "Such requests that may wait; more are refused with 503.", queue);
  section.integer("heavy_threads", s.heavy_threads,
                  "Threads for requests that hash a password, which mostly wait for the database; 0: sixteen per core.",
                  threads_or_auto);
  section.integer("heavy_queue", s.heavy_queue,
                  "Requests that may wait for their turn to hash, the last eighth of them only from browsers that the "
                  "account knows; more are refused with 503.",
                  queue);
  section.integer("heavy_memory_mib", s.heavy_memory_mib,
                  "Memory for hashing passwords, in MiB: one hash per core at a time, as far as it reaches.",
                  {.min = 1, .max = 1'048'576});
  section.integer(
      "max_connections", s.max_connections,
      "Connections at one time. Before they are all taken, those that have been idle for longest are closed, of the "
      "networks that have most; where none is idle, new ones are closed at once.",
      {.min = 1, .max = 1'000'000});
  section.integer(
      "max_connections_per_address", s.max_connections_per_address,
      "Connections of one address (IPv6: of one /64, /56 or /48) at one time, trusted proxies excepted; more are "
      "closed at once. 0: an eighth of max_connections.",
      {.min = 0, .max = 1'000'000});
  section.integer("body_memory_mib", s.body_memory_mib,
                  "Memory for bodies above 8 KiB, of requests and responses, and for heads above 4 KiB, in MiB; what "
                  "finds no room is refused with 503.",
                  {.min = 2, .max = 1'048'576});
  section.span("header_timeout", s.header_timeout, "A request's head must arrive within this time.", wait);
  section.span("body_timeout", s.body_timeout,
               "A request's body must arrive within this time and a second more for every 32 KiB.", wait);
  section.span("idle_timeout", s.idle_timeout, "A connection may wait this long for its next request.", wait);
  section.span("write_timeout", s.write_timeout,
               "A client must take a response within this time; a streamed one piece by piece, at 32 KiB per second or "
               "more in the long run.",
               wait);
  section.flag("http2", s.http2, "Speak HTTP/2 with clients that offer it, where the server speaks TLS itself.");
  section.flag("proxy_protocol", s.proxy_protocol,
               "Connections of trusted proxies begin with a PROXY header (version 1 or 2), which names the client.");
  section.span("drain", s.drain,
               "When the program is asked to end, requests that have begun may take this long. It ends at most five "
               "seconds later, whatever hangs.",
               {.min = 0s, .max = 1h});
  section.check([&s]() -> std::string {
    const auto problem = problem_with_listen(s.listen);
    return problem.empty() ? "" : "listen: " + problem;
  });
  section.check([&s] { return is_mode(s.socket_mode) ? "" : "socket_mode: write it as for chmod, such as \"0660\""; });
}

void describe_tls(config::Section& section, Settings& s) {
  section.text("certificate_file", s.certificate_file,
               "PEM file of the certificate and its chain; with key_file, the server speaks TLS 1.2 and 1.3.");
  section.text(
      "key_file", s.key_file,
      "PEM file of the certificate's private key, not encrypted and not for every user to read; or `credential:NAME`.");
  section.text("redirect_listen", s.redirect_listen,
               "A second address, \"0.0.0.0:80\", where plain HTTP is redirected to the public URL.");
  section.check([&s]() -> std::string {
    if (s.certificate_file.empty() && !s.key_file.empty()) return "key_file: set certificate_file too";
    if (s.key_file.empty() && !s.certificate_file.empty()) return "certificate_file: set key_file too";
    if (s.redirect_listen.empty()) return {};
    if (s.certificate_file.empty()) return "redirect_listen: set certificate_file too, or there is no TLS to go to";
    if (auto problem = problem_with_listen(s.redirect_listen); !problem.empty()) return "redirect_listen: " + problem;
    const bool is_taken = is_same_listen(s.redirect_listen, s.listen);
    return is_taken ? "redirect_listen: server.listen has that port already; choose another" : "";
  });
}

}  // namespace

std::int64_t heavy_threads(const Settings& settings) {
  if (settings.heavy_threads > 0) return settings.heavy_threads;
  return std::min(most_threads, heavy_threads_per_core * cores());
}

std::uint32_t socket_mode(const Settings& settings) {
  return static_cast<std::uint32_t>(std::strtoul(settings.socket_mode.c_str(), nullptr, 8));
}

std::int64_t hash_queue(const Settings& settings) { return std::min(settings.heavy_queue, most_threads); }

std::int64_t hashing_permits(const Settings& settings) {
  const std::int64_t in_memory = settings.heavy_memory_mib * 1024 / std::max<std::int64_t>(1, settings.heavy_job_kib);
  return std::max<std::int64_t>(1, std::min({in_memory, cores(), heavy_threads(settings)}));
}

void describe(config::Section& root, Settings& settings) {
  describe_server(root.section("server"), settings);
  describe_tls(root.section("tls"), settings);
}

}  // namespace cardea::edge
