#include "app/doctor_view.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "crypto/hash.hpp"
#include "encoding/base64.hpp"
#include "http/forwarded.hpp"

namespace cardea::app {
namespace {

constexpr Duration good_for = std::chrono::minutes{1};

std::string mac_of(const Secret& key, std::string_view time) {
  return encoding::base64url(crypto::hmac_sha256(key.reveal_bytes(), as_bytes(time)));
}

std::string_view text_of(http::Proxies::Naming naming) {
  switch (naming) {
    case http::Proxies::Naming::known: return "known";
    case http::Proxies::Naming::missing: return "missing";
    case http::Proxies::Naming::unreadable: return "unreadable";
    case http::Proxies::Naming::unheard: return "unheard";
  }
  return "known";
}

std::string joined(const http::Headers& headers, std::string_view name) {
  return fmt::format("{}", fmt::join(http::list_items(headers, name), ", "));
}

}  // namespace

Secret doctor_key(const Settings& settings) { return crypto::derive_key(settings.secret, "cardea doctor"); }

std::string doctor_token(const Secret& key, Time now) {
  const std::string time = std::to_string(to_micros(now));
  return time + "." + mac_of(key, time);
}

bool is_doctor_token(const Secret& key, std::string_view token, Time now) {
  const auto dot = token.find('.');
  if (dot == std::string_view::npos) return false;
  const auto micros = text::parse_integer(token.substr(0, dot));
  if (!micros) return false;
  const auto span = std::int64_t{good_for.count()};
  const auto here = to_micros(now);
  if (*micros < here - span || *micros > here + span) return false;
  const std::string expected = mac_of(key, token.substr(0, dot));
  return crypto::constant_time_equal(as_bytes(token.substr(dot + 1)), as_bytes(expected));
}

Seen see(const Settings& settings, const http::Proxies& proxies, const http::Call& call) {
  const http::Request& request = call.request;
  const auto client = proxies.client_of(request);
  const std::string x_forwarded_for = joined(request.headers, "X-Forwarded-For");
  return {.version = CARDEA_VERSION,
          .time = call.now(),
          .url = settings.url,
          .trusted_proxies = settings.trusted_proxies,
          .proxy_protocol = settings.server.proxy_protocol,
          .tls = request.secure,
          .peer = request.peer,
          .peer_is_trusted = proxies.brought(request),
          .client = client.address,
          .naming = std::string{text_of(client.naming)},
          .forwarded_for = x_forwarded_for.empty() ? joined(request.headers, "Forwarded") : x_forwarded_for,
          .forwarded_proto = std::string{http::forwarded_scheme(request.headers)},
          .host = std::string{request.headers.get("Host")}};
}

}  // namespace cardea::app
