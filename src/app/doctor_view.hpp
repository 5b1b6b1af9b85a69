#pragma once
// What a request looked like to the server that it reached: whether a proxy stands before it, and what that says of its
// clients. The server tells it to `cardea doctor` and to nobody else.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/settings.hpp"
#include "encoding/wire.hpp"
#include "http/proxy.hpp"
#include "http/route.hpp"

namespace cardea::app {

/// The request header that shows the right to be told, in place of the usual body of GET /healthz.
inline constexpr std::string_view doctor_header = "Cardea-Doctor";

/// Shows for a minute that its maker knows the secret: "<microseconds since 1970>.<MAC>". Whoever reads it on the way
/// can for so long see how the server sees *them*, and nothing else.
[[nodiscard]] std::string doctor_token(const Secret& key, Time now);
/// True for one that was made with `key` within a minute of `now`, before or after.
[[nodiscard]] bool is_doctor_token(const Secret& key, std::string_view token, Time now);
/// The key of such tokens.
[[nodiscard]] Secret doctor_key(const Settings& settings);

struct Seen {
  std::string version;
  Time time;  // by the server's clock
  std::string url;  // of the settings that the server runs with, like the next two
  std::vector<std::string> trusted_proxies;
  bool proxy_protocol = false;
  bool tls = false;  // on the server's own listener
  std::string peer;  // the other end of the connection, or whom a PROXY header names
  bool peer_is_trusted = false;
  std::string client;  // whom budgets and events count
  std::string naming;  // of the client: "known", "missing", "unreadable" or "unheard"
  std::string forwarded_for;  // as it came, lines joined; empty: not there
  std::string forwarded_proto;  // of the client's own hop
  std::string host;
};
template <class D>
void describe(D& d, wire::Of<D, Seen>& seen) {
  d.required("version", seen.version);
  d.required("time", seen.time);
  d.required("url", seen.url);
  d.required("trusted_proxies", seen.trusted_proxies);
  d.required("proxy_protocol", seen.proxy_protocol);
  d.required("tls", seen.tls);
  d.required("peer", seen.peer);
  d.required("peer_is_trusted", seen.peer_is_trusted);
  d.required("client", seen.client);
  d.required("naming", seen.naming);
  d.required("forwarded_for", seen.forwarded_for, {.max = 64 * 1024});
  d.required("forwarded_proto", seen.forwarded_proto, {.max = 64 * 1024});
  d.required("host", seen.host, {.max = 64 * 1024});
}

/// How a server with these settings sees a request.
[[nodiscard]] Seen see(const Settings& settings, const http::Proxies& proxies, const http::Call& call);

}  // namespace cardea::app
