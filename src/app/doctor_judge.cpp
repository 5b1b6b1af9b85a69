#include "app/doctor_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "http/peers.hpp"

namespace cardea::app {
namespace {

constexpr std::string_view restart = "sudo systemctl restart cardea";
constexpr std::string_view forwarded_for_fix = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;";
constexpr std::string_view forwarded_proto_fix = "proxy_set_header X-Forwarded-Proto $scheme;";

std::string_view authority_of(std::string_view url) { return url.substr(std::min(url.size(), url.find("://") + 3)); }

/// Without a port that the scheme has anyway.
std::string_view without_usual_port(std::string_view authority) {
  for (const std::string_view port : {":443", ":80"}) {
    if (authority.ends_with(port)) return authority.substr(0, authority.size() - port.size());
  }
  return authority;
}

std::string as_network(const std::string& address) {
  if (address == http::unix_peer) return address;
  return address + (address.find(':') == std::string::npos ? "/32" : "/128");
}

/// The line for [server] that trusts `proxy` too.
std::string trusting(const Settings& settings, const std::string& proxy) {
  auto networks = settings.trusted_proxies;
  networks.push_back(as_network(proxy));
  return fmt::format("trusted_proxies = [\"{}\"]", fmt::join(networks, "\", \""));
}

/// The time in a Date header (RFC 9110 §5.6.7); absent when there is none that can be read.
std::optional<Time> date_of(const http::Headers& headers) {
  tm fields{};
  const std::string text{headers.get("Date")};
  if (strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &fields) == nullptr) return std::nullopt;
  return Time{std::chrono::seconds{timegm(&fields)}};
}

void judge_clock(std::string_view whose, Duration ahead, Findings& found) {
  if (std::chrono::abs(ahead) <= clock_tolerance) return;
  found.problem(
      fmt::format("clock: {} is {} seconds {} this machine's; let NTP set both", whose,
                  std::chrono::abs(ahead) / std::chrono::seconds{1}, ahead > Duration{0} ? "ahead of" : "behind"),
      std::string{clock_fix});
}

void judge_certificate(const edge::Answer& answer, Time now, Findings& found) {
  if (!answer.certificate) return;
  const auto left = answer.certificate->not_after - now;
  if (left >= Duration{0} && left < certificate_is_old) {
    found.remark(fmt::format("url: its certificate has {} left; renew it", days_text(left)), "sudo certbot renew");
  }
}

/// Why no answer came by `url`.
void judge_failure(const Settings& settings, const edge::Answer& answer, Findings& found) {
  const std::string host{authority_of(settings.url)};
  switch (answer.stage) {
    case edge::Stage::look_up:
      return found.problem(fmt::format("url: {} cannot be looked up here ({}); make an entry in the DNS, or on this "
                                       "machine alone in /etc/hosts",
                                       host, answer.problem),
                           "getent hosts " + settings.server.public_host);
    case edge::Stage::connect:
      return found.problem(fmt::format("url: nothing can be reached at {} ({}); start the proxy, or open the port in "
                                       "the firewall",
                                       settings.url, answer.problem),
                           "curl -v " + settings.url + "/healthz");
    case edge::Stage::handshake:
      return found.problem(
          fmt::format("url: the certificate or TLS of {} is not good: {}{}", host, answer.problem,
                      answer.certificate && !answer.certificate->covers_host ? "; it does not name the host" : ""),
          "openssl s_client -connect " + host + (host.find(':') == std::string::npos ? ":443" : "") + " -servername " +
              settings.server.public_host + " </dev/null");
    case edge::Stage::answer:
      if (settings.server.proxy_protocol) {
        return found.problem(fmt::format("server.proxy_protocol: no answer came by url ({}); the proxy must begin each "
                                         "connection with a PROXY header, or the setting must be false",
                                         answer.problem),
                             "proxy_protocol on;");
      }
      return found.problem(fmt::format("url: {} took the request and gave no answer ({})", host, answer.problem),
                           "curl -v " + settings.url + "/healthz");
    case edge::Stage::done: return;
  }
}

std::string upstream_of(const Settings& settings) {
  return std::string{"proxy_pass "} + (settings.server.certificate_file.empty() ? "http://" : "https://") +
         settings.server.listen + ";";
}

/// An answer by `url` that is none of this server's.
void judge_stranger(const Settings& settings, const edge::Answer& answer, bool own_works, Findings& found) {
  const int status = answer.status;
  if (status >= 300 && status < 400) {
    return found.problem(fmt::format("url: it leads elsewhere, to {}; write that address, or end the redirection",
                                     std::string{answer.headers.get("Location")}),
                         fmt::format("curl -sI {}/healthz", settings.url));
  }
  if (status == 502 || status == 503 || status == 504) {
    return found.problem(
        fmt::format("url: the proxy answers {}: {}", status,
                    own_works ? "it does not reach the server, which does answer at " + settings.server.listen
                              : "the server does not answer it"),
        own_works ? upstream_of(settings) : std::string{restart});
  }
  if (status == 400 && own_works && !settings.server.proxy_protocol) {
    return found.problem(
        "server.proxy_protocol: by url the server answers 400 and by itself it does not; the proxy probably begins its "
        "connections with a PROXY header, which this setting is for",
        "proxy_protocol = true");
  }
  found.problem(fmt::format("url: what answers {}/healthz with {} is not this server with this secret; the proxy must "
                            "pass every path on, and url must lead here",
                            settings.url, status),
                upstream_of(settings));
}

void judge_running_settings(const Settings& settings, const Seen& seen, Findings& found) {
  std::string differing;
  const auto compare = [&differing](std::string_view key, bool is_same) {
    if (!is_same) differing += (differing.empty() ? "" : ", ") + std::string{key};
  };
  compare("url", seen.url == settings.url);
  compare("server.trusted_proxies", seen.trusted_proxies == settings.trusted_proxies);
  compare("server.proxy_protocol", seen.proxy_protocol == settings.server.proxy_protocol);
  if (differing.empty()) return;
  found.problem("the running server was started with another value of " + differing + "; restart it",
                std::string{restart});
}

/// A proxy that is believed.
void judge_trusted(const Settings& settings, const Seen& seen, Findings& found) {
  if (seen.naming == "missing") {
    found.problem(fmt::format("proxy: {} does not say who its clients are, so that all of them share the budgets of "
                              "one; let it send X-Forwarded-For",
                              seen.peer),
                  std::string{forwarded_for_fix});
  } else if (seen.naming == "unreadable") {
    found.problem(
        fmt::format("proxy: {} names its client in a way that is no address: \"{}\"", seen.peer, seen.forwarded_for),
        std::string{forwarded_for_fix});
  }
  if (!settings.url.starts_with("https://") || seen.tls) return;
  if (seen.forwarded_proto.empty()) {
    found.problem(fmt::format("proxy: {} does not say whether its client came over TLS; let it send X-Forwarded-Proto",
                              seen.peer),
                  std::string{forwarded_proto_fix});
  } else if (!text::equals_ignoring_case(seen.forwarded_proto, "https")) {
    found.problem(fmt::format("proxy: {} says that this request came over \"{}\" though url is https://, so people "
                              "would be refused; the second of two proxies must pass on what the first saw",
                              seen.peer, seen.forwarded_proto),
                  "proxy_set_header X-Forwarded-Proto $http_x_forwarded_proto;");
  }
}

/// Whoever is at the other end is not believed: the client itself, or a proxy that should be.
void judge_untrusted(const Settings& settings, const Seen& seen, const std::string& own_address, Findings& found) {
  const bool says_something = !seen.forwarded_for.empty() || !seen.forwarded_proto.empty();
  const bool comes_plain = settings.url.starts_with("https://") && !seen.tls;
  if (says_something || comes_plain) {
    found.problem(fmt::format("server.trusted_proxies: by url requests come from {}, which is not among them; what it "
                              "says of its clients is not believed, and all of them count as one",
                              seen.peer),
                  trusting(settings, seen.peer));
  } else if (seen.peer != own_address) {
    found.remark(fmt::format("server.proxy_protocol: the server sees {} where this machine is {}; that is in order "
                             "behind NAT, but a proxy that passes bytes on should name its clients in a PROXY header",
                             seen.peer, own_address),
                 "proxy_protocol = true");
  }
}

void judge_host(const Settings& settings, const Seen& seen, Findings& found) {
  const auto wanted = authority_of(settings.url);
  if (text::equals_ignoring_case(without_usual_port(seen.host), without_usual_port(wanted))) return;
  found.remark(
      fmt::format("proxy: it passes requests to {} on as for \"{}\"; let it keep the Host header", wanted, seen.host),
      "proxy_set_header Host $host;");
}

}  // namespace

std::optional<Seen> seen_in(const edge::Answer& answer) {
  if (answer.stage != edge::Stage::done || answer.status != 200) return std::nullopt;
  auto seen = wire::read<Seen>(answer.body);
  return seen ? std::optional{std::move(seen).value()} : std::nullopt;
}

void judge_own(const Settings& settings, const edge::Answer& answer, Findings& found) {
  const std::string& listen = settings.server.listen;
  if (answer.stage != edge::Stage::done) {
    found.problem(
        fmt::format("server.listen: no server answers at {} ({}); start it, or see its log", listen, answer.problem),
        "sudo systemctl start cardea");
  } else if (const auto seen = seen_in(answer)) {
    judge_running_settings(settings, *seen, found);
  } else {
    found.problem(fmt::format("server.listen: what answers at {} with {} is not this server with this secret", listen,
                              answer.status),
                  "sudo ss -ltnp");
  }
}

void judge_readiness(const edge::Answer& answer, Findings& found) {
  if (answer.stage != edge::Stage::done || answer.status == 200) return;
  std::string parts;
  const auto body = wire::parse(answer.body);
  const wire::Value* errors = body ? body->find("errors") : nullptr;
  if (const auto* list = errors != nullptr ? errors->get<wire::Array>() : nullptr) {
    for (const auto& each : *list) {
      const auto* detail = each.find("detail");
      const auto* text = detail != nullptr ? detail->get<std::string>() : nullptr;
      if (text != nullptr) parts += " " + *text;
    }
  }
  found.problem(fmt::format("server: it answers /readyz with {}, so no platform sends it requests.{}", answer.status,
                            parts.empty() ? " Its log says why." : parts),
                "journalctl -u cardea -n 50");
}

void judge_public(const Settings& settings, const edge::Answer& answer, bool own_works, Time now, Findings& found) {
  judge_certificate(answer, now, found);
  if (answer.stage != edge::Stage::done) return judge_failure(settings, answer, found);
  if (const auto date = date_of(answer.headers)) judge_clock("the clock of what answers by url", *date - now, found);
  const auto seen = seen_in(answer);
  if (!seen) return judge_stranger(settings, answer, own_works, found);
  if (!own_works) judge_running_settings(settings, *seen, found);
  judge_view(settings, *seen, answer.own_address, found);
}

void judge_view(const Settings& settings, const Seen& seen, const std::string& own_address, Findings& found) {
  if (seen.peer_is_trusted) {
    judge_trusted(settings, seen, found);
  } else {
    judge_untrusted(settings, seen, own_address, found);
  }
  judge_host(settings, seen, found);
}

}  // namespace cardea::app
