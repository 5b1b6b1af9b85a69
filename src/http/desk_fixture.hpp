#pragma once
// For this module's tests: a desk with a small route table and a gatekeeper that knows a few words.

#include <gtest/gtest.h>

#include <set>

#include "http/cookie.hpp"
#include "http/desk.hpp"
#include "http/problem.hpp"
#include "tests/support/random.hpp"

namespace cardea::http {

inline constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12}};

/// Knows sessions by their word, as cookie `s` or bearer token: "fresh", "stale" (authenticated an hour ago), "admin".
class FakeGatekeeper : public Gatekeeper {
 public:
  std::optional<Result<Caller>> recall(const Request& request, Style style, Time now) override {
    if (recall_throws) throw std::runtime_error{"the memory is gone"};
    if (!remembers) return std::nullopt;
    return lookup(request, style, now);
  }
  Result<Caller> identify(const Request& request, Style style, Time now) override {
    ++identified;
    return lookup(request, style, now);
  }

  bool remembers = true;
  bool recall_throws = false;
  int identified = 0;

 private:
  static Result<Caller> lookup(const Request& request, Style, Time now) {
    Caller caller{.authenticated_at = now};
    std::string word = cookie(request, "s").value_or("");
    const std::string_view authorization = request.headers.get("Authorization");
    if (authorization.starts_with("Bearer ")) {
      word = authorization.substr(7);
      caller.via = Via::bearer;
    }
    if (word != "fresh" && word != "stale" && word != "admin") return unauthenticated;
    if (word == "stale") caller.authenticated_at = now - std::chrono::hours{1};
    caller.is_admin = word == "admin";
    return caller;
  }
};

/// The tools of a desk; the log's lines are kept.
class DeskTest : public testing::Test {
 protected:
  DeskTest() {
    log_.redirect([this](std::string_view line) { lines_.append(line).append("\n"); });
  }

  std::unique_ptr<Desk> make(std::vector<Route> routes, Policy policy = default_policy(),
                             ErrorPage page = error_page()) {
    return std::make_unique<Desk>(std::move(routes), std::move(policy),
                                  Desk::Tools{gatekeeper_, tokens_, random_, log_, metrics_}, std::move(page));
  }
  static Policy default_policy() {
    return {.own_origins = {"https://auth.example"}, .cors_origins = {"https://app.example"}, .hsts = true};
  }
  static ErrorPage error_page() {
    return [](const Call& call, const Error& error) {
      Response response{.status = error.kind->status, .body = "<h1>" + std::string{error.kind->title} + "</h1>"};
      response.headers.add("Content-Type", "text/html");
      response.headers.add("X-Route", call.route.path);
      return response;
    };
  }
  static Route route(Method method, std::string_view path, Style style, Handler handler, Access access = Access::anyone,
                     Lane lane = Lane::quick) {
    return {method, path, lane, access, style, std::move(handler)};
  }
  static Handler says(std::string text) {
    return [text](const Call&) { return json(200, text); };
  }
  static Request request(Method method, std::string_view target,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {},
                         std::string body = {}) {
    Request made{.method = method, .target = std::string{target}, .body = std::move(body), .peer = "192.0.2.1"};
    EXPECT_TRUE(parse_target(made.target, made.path, made.query)) << target;
    for (const auto& [name, value] : fields) made.headers.add(name, value);
    return made;
  }
  static std::string code(const Response& response) {
    const auto body = wire::parse(response.body.text());
    if (!body.ok() || body->find("code") == nullptr) return {};
    return *body->find("code")->get<std::string>();
  }

  FakeGatekeeper gatekeeper_;
  testing_support::SeededRandom random_;
  FormTokens tokens_{Secret{std::string(32, 'k')}, random_};
  std::string lines_;
  observe::Log log_{observe::Format::json, observe::Level::debug};
  observe::Metrics metrics_;
};

}  // namespace cardea::http
