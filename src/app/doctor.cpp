#include "app/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/doctor_judge.hpp"
#include "app/listen_place.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "base/text.hpp"
#include "config/load.hpp"
#include "http/peers.hpp"

namespace cardea::app {
namespace {

/// What the doctor found out besides what is wrong.
struct Report {
  std::vector<Finding> findings;
  std::optional<edge::CertificateFacts> certificate;
  std::optional<Seen> seen;  // by url
};

std::string port_of(const std::string& listen) { return listen.substr(listen.rfind(':') + 1); }

/// Where a server that listens there is reached from this machine; empty: nowhere that is known beforehand.
std::string place_of(const std::string& listen) {
  if (!edge::problem_with_listen(listen).empty() || port_of(listen) == "0") return {};
  return reachable_place(listen);
}

/// The doctor speaks for itself where the server waits for a PROXY header: from an address that is a trusted proxy's.
std::string preamble_for(const Settings& settings, const std::string& place) {
  if (!settings.server.proxy_protocol) return {};
  return http::Peers{settings.trusted_proxies}.holds(address_in(place)) ? "PROXY UNKNOWN\r\n" : "";
}

/// A question by the address that the server listens on, as for `url`.
edge::Question own_question(const Settings& settings, const std::string& place, std::string path) {
  edge::Question question{.origin = settings.url,
                          .path = std::move(path),
                          .connect_to = place,
                          .preamble = preamble_for(settings, place),
                          .checks_certificate = false};  // that is asked by `url`, where people meet it
  if (settings.server.certificate_file.empty() && question.origin.starts_with("https://")) {
    question.origin = "http://" + question.origin.substr(std::string_view{"https://"}.size());
  }
  return question;
}

/// True when the server answers there.
bool ask_own(const Settings& settings, Findings& found) {
  const std::string place = place_of(settings.server.listen);
  if (place.empty()) {
    found.remark("server.listen: " + settings.server.listen + " is no address and port, so only url was asked");
    return false;
  }
  auto question = own_question(settings, place, "/healthz");
  question.headers.add(doctor_header, doctor_token(doctor_key(settings), RealClock{}.now()));
  const auto answer = edge::ask(question);
  judge_own(settings, answer, found);
  if (!seen_in(answer)) return false;
  judge_readiness(edge::ask(own_question(settings, place, "/readyz")), found);
  return true;
}

void ask_public(const Settings& settings, bool own_works, Findings& found, Report& report) {
  edge::Question question{.origin = settings.url, .path = "/healthz"};
  question.headers.add(doctor_header, doctor_token(doctor_key(settings), RealClock{}.now()));
  const auto answer = edge::ask(question);
  judge_public(settings, answer, own_works, RealClock{}.now(), found);
  report.certificate = answer.certificate;
  report.seen = seen_in(answer);
}

std::string days_left(const Report& report) { return days_text(report.certificate->not_after - RealClock{}.now()); }

void print_text(const Report& report, bool is_well) {
  for (const auto& [weight, text, fix] : report.findings) {
    fmt::print("{}{}\n", weight == Finding::Weight::problem ? "" : "note: ", text);
    if (!fix.empty()) fmt::print("  fix: {}\n", fix);
  }
  if (report.seen) {
    fmt::print("By url: the client is {}, the other end of the connection {}{}{}.\n", report.seen->client,
               report.seen->peer, report.seen->peer_is_trusted ? " (a trusted proxy)" : "",
               report.certificate ? "; the certificate has " + days_left(report) + " left" : "");
  }
  if (is_well) fmt::print("Everything is fine.\n");
}

void print_json(const Report& report, bool is_well) {
  wire::Array findings;
  for (const auto& [weight, text, fix] : report.findings) {
    findings.emplace_back(wire::Object{{"weight", weight == Finding::Weight::problem ? "problem" : "remark"},
                                       {"text", text},
                                       {"fix", fix.empty() ? wire::Value{} : wire::Value{fix}}});
  }
  wire::Object object{{"ok", is_well}, {"findings", std::move(findings)}};
  if (report.certificate) object.push_back({"certificate_not_after", rfc3339(report.certificate->not_after)});
  if (report.seen) object.push_back({"seen", wire::parse(wire::write(*report.seen)).value()});
  fmt::print("{}\n", wire::to_json(wire::Value{std::move(object)}));
}

/// What keeps the settings from being used, a finding for each line.
std::vector<Finding> findings_of(const Error& error) {
  Findings found;
  for (const auto line : text::split(error.detail, '\n')) found.problem(std::string{line});
  return std::move(found.all);
}

Report examine(const Options& options) {
  Report report;
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_to_serve(settings, root, options); !loaded) {
    report.findings = findings_of(loaded.error());
    return report;
  }
  Findings found{look_around(settings, options.config_file, RealClock{}.now())};
  const bool own_works = ask_own(settings, found);
  ask_public(settings, own_works, found, report);
  report.findings = std::move(found.all);
  for (auto& finding : report.findings) finding.text = config::located(root, std::move(finding.text));
  return report;
}

}  // namespace

int doctor(const Options& options, bool as_json) {
  const Report report = examine(options);
  const bool is_well = std::ranges::none_of(
      report.findings, [](const Finding& finding) { return finding.weight == Finding::Weight::problem; });
  as_json ? print_json(report, is_well) : print_text(report, is_well);
  return is_well ? 0 : 1;
}

}  // namespace cardea::app
