// What the doctor makes of answers.
#include "app/doctor_judge.hpp"

#include <gtest/gtest.h>

namespace cardea::app {
namespace {

using namespace std::chrono_literals;
using Weight = Finding::Weight;

const Time noon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 26} + 12h};

Settings usual() {
  Settings settings;
  settings.url = "https://auth.example.com";
  settings.trusted_proxies = {"127.0.0.1/32"};
  settings.server.public_host = "auth.example.com";
  return settings;
}

Seen good() {
  return {.version = "0.1.0",
          .time = noon,
          .url = "https://auth.example.com",
          .trusted_proxies = {"127.0.0.1/32"},
          .peer = "127.0.0.1",
          .peer_is_trusted = true,
          .client = "203.0.113.7",
          .naming = "known",
          .forwarded_for = "203.0.113.7",
          .forwarded_proto = "https",
          .host = "auth.example.com"};
}

edge::Answer answer_with(const Seen& seen) {
  edge::Answer answer{.stage = edge::Stage::done, .status = 200, .body = wire::write(seen)};
  answer.own_address = "203.0.113.7";
  answer.headers.add("Date", "Thu, 26 Nov 2026 12:00:00 GMT");
  answer.certificate = edge::CertificateFacts{.not_before = noon - 24h, .not_after = noon + 60 * 24h};
  return answer;
}

struct Told {
  std::string text;  // of all findings
  std::string fix;
  std::size_t count = 0;
  bool is_problem = false;
};
Told told(const Findings& found) {
  Told out{.count = found.all.size()};
  for (const auto& [weight, text, fix] : found.all) {
    EXPECT_FALSE(fix.empty()) << text;
    EXPECT_EQ(fix.find('\n'), std::string::npos) << fix;
    out.text += text + "\n";
    out.fix += fix + "\n";
    out.is_problem = out.is_problem || weight == Weight::problem;
  }
  return out;
}
Told of_public(const edge::Answer& answer, const Settings& settings = usual(), bool own_works = true) {
  Findings found;
  judge_public(settings, answer, own_works, noon, found);
  return told(found);
}

/// One problem, in whose text and fix these stand.
void expect_problem(const Told& told, std::string_view text, std::string_view fix) {
  EXPECT_EQ(told.count, 1U) << told.text;
  EXPECT_TRUE(told.is_problem) << told.text;
  EXPECT_NE(told.text.find(text), std::string::npos) << told.text;
  EXPECT_NE(told.fix.find(fix), std::string::npos) << told.fix;
}

TEST(Doctor, finds_nothing_where_all_is_well) {
  EXPECT_EQ(of_public(answer_with(good())).count, 0U);
  Settings direct = usual();
  direct.trusted_proxies.clear();
  Seen seen = good();
  seen.trusted_proxies.clear();
  seen.tls = true;
  seen.peer = seen.client = "203.0.113.7";
  seen.peer_is_trusted = false;
  seen.forwarded_for = seen.forwarded_proto = "";
  EXPECT_EQ(of_public(answer_with(seen), direct).count, 0U) << "a server that speaks TLS itself";
}

TEST(Doctor, a_proxy_that_says_too_little_is_told_what_to_send) {
  Seen silent = good();
  silent.naming = "missing";
  silent.forwarded_for = "";
  expect_problem(of_public(answer_with(silent)), "does not say who its clients are",
                 "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;");
  Seen strange = good();
  strange.naming = "unreadable";
  strange.forwarded_for = "_hidden";
  expect_problem(of_public(answer_with(strange)), "\"_hidden\"", "X-Forwarded-For");
  Seen without_scheme = good();
  without_scheme.forwarded_proto = "";
  expect_problem(of_public(answer_with(without_scheme)), "X-Forwarded-Proto",
                 "proxy_set_header X-Forwarded-Proto $scheme;");
  Seen second = good();
  second.forwarded_proto = "http";
  expect_problem(of_public(answer_with(second)), "\"http\" though url is https://", "$http_x_forwarded_proto");
}

TEST(Doctor, a_proxy_that_is_not_trusted_is_named_beside_those_that_are) {
  Seen seen = good();
  seen.peer = "10.0.0.5";
  seen.peer_is_trusted = false;
  expect_problem(of_public(answer_with(seen)), "come from 10.0.0.5",
                 R"(trusted_proxies = ["127.0.0.1/32", "10.0.0.5/32"])");
  seen.peer = "unix:";
  expect_problem(of_public(answer_with(seen)), "come from unix:", R"(trusted_proxies = ["127.0.0.1/32", "unix:"])");
  seen.peer = "2001:db8::5";
  seen.forwarded_for = seen.forwarded_proto = "";
  expect_problem(of_public(answer_with(seen)), "come from 2001:db8::5", "2001:db8::5/128");
}

TEST(Doctor, a_proxy_that_passes_bytes_on_and_one_that_renames_the_host_are_remarks) {
  Seen bytes = good();
  bytes.tls = true;
  bytes.peer = "10.0.0.5";
  bytes.peer_is_trusted = false;
  bytes.forwarded_for = bytes.forwarded_proto = "";
  auto said = of_public(answer_with(bytes));
  EXPECT_EQ(said.fix, "proxy_protocol = true\n");
  EXPECT_FALSE(said.is_problem);
  Seen renamed = good();
  renamed.host = "cardea";
  said = of_public(answer_with(renamed));
  EXPECT_EQ(said.fix, "proxy_set_header Host $host;\n");
  EXPECT_FALSE(said.is_problem);
  renamed.host = "AUTH.example.com:443";
  EXPECT_EQ(of_public(answer_with(renamed)).count, 0U) << "the port of the scheme";
}

TEST(Doctor, says_how_far_a_request_by_url_came) {
  const std::vector<std::tuple<edge::Stage, std::string, std::string>> cases{
      {edge::Stage::look_up, "cannot be looked up", "getent hosts auth.example.com"},
      {edge::Stage::connect, "nothing can be reached", "curl -v https://auth.example.com/healthz"},
      {edge::Stage::handshake, "certificate or TLS", "openssl s_client -connect auth.example.com:443"},
      {edge::Stage::answer, "gave no answer", "curl -v"},
  };
  for (const auto& [stage, text, fix] : cases) {
    const auto said = of_public({.stage = stage, .problem = "the reason"});
    expect_problem(said, text, fix);
    EXPECT_NE(said.text.find("the reason"), std::string::npos) << said.text;
  }
  Settings announced = usual();
  announced.server.proxy_protocol = true;
  expect_problem(of_public({.stage = edge::Stage::answer, .problem = "closed"}, announced), "server.proxy_protocol",
                 "proxy_protocol on;");
}

TEST(Doctor, an_answer_of_somebody_else_is_told_from_ours) {
  const auto answer = [](int status) { return edge::Answer{.stage = edge::Stage::done, .status = status}; };
  expect_problem(of_public(answer(502)), "does not reach the server, which does answer at 127.0.0.1:8025",
                 "proxy_pass http://127.0.0.1:8025;");
  expect_problem(of_public(answer(502), usual(), false), "does not answer it", "systemctl restart cardea");
  expect_problem(of_public(answer(400)), "PROXY header", "proxy_protocol = true");
  expect_problem(of_public(answer(200)), "is not this server with this secret", "proxy_pass");
  edge::Answer moved = answer(301);
  moved.headers.add("Location", "https://www.example.com/");
  expect_problem(of_public(moved), "https://www.example.com/", "curl -sI");
}

TEST(Doctor, clocks_and_certificates_are_compared_with_this_machine) {
  edge::Answer late = answer_with(good());
  late.headers.set("Date", "Thu, 26 Nov 2026 11:57:00 GMT");
  expect_problem(of_public(late), "180 seconds behind", "timedatectl set-ntp true");
  late.headers.set("Date", "Thu, 26 Nov 2026 12:00:59 GMT");
  EXPECT_EQ(of_public(late).count, 0U);
  late.headers.set("Date", "yesterday");
  EXPECT_EQ(of_public(late).count, 0U);
  edge::Answer old = answer_with(good());
  old.certificate->not_after = noon + 5 * 24h;
  const auto said = of_public(old);
  EXPECT_NE(said.text.find("5 days left"), std::string::npos) << said.text;
  EXPECT_FALSE(said.is_problem);
}

TEST(Doctor, a_server_that_runs_with_other_settings_is_to_be_restarted) {
  Seen seen = good();
  seen.url = "https://old.example.com";
  seen.trusted_proxies.clear();
  Findings found;
  judge_own(usual(), answer_with(seen), found);
  expect_problem(told(found), "another value of url, server.trusted_proxies", "systemctl restart cardea");
}

TEST(Doctor, a_server_that_does_not_answer_or_is_another_is_a_problem) {
  Findings gone;
  judge_own(usual(), {.stage = edge::Stage::connect, .problem = "Connection refused"}, gone);
  expect_problem(told(gone), "no server answers at 127.0.0.1:8025 (Connection refused)", "systemctl start cardea");
  Findings other;
  judge_own(usual(), {.stage = edge::Stage::done, .status = 200, .body = "ok\n"}, other);
  expect_problem(told(other), "is not this server", "ss -ltnp");
}

TEST(Doctor, what_does_not_work_is_named) {
  Findings found;
  judge_readiness({.stage = edge::Stage::done,
                   .status = 503,
                   .body = R"({"code":"not_ready","errors":[{"pointer":"/database","detail":"The disk is full."}]})"},
                  found);
  expect_problem(told(found), "503, so no platform sends it requests. The disk is full.", "journalctl");
  Findings well;
  judge_readiness({.stage = edge::Stage::done, .status = 200, .body = "ready\n"}, well);
  EXPECT_TRUE(well.all.empty());
}

}  // namespace
}  // namespace cardea::app
