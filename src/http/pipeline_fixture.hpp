#pragma once
// For this module's tests: a pipeline with a small route table and an authenticator that knows a few words.

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "http/authorization.hpp"
#include "http/cookie.hpp"
#include "http/pipeline.hpp"
#include "http/problem.hpp"
#include "tests/support/random.hpp"

namespace cardea::http {

inline constexpr Time noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23} + std::chrono::hours{12}};

inline constexpr Permission secrets_read{"secrets.read", {Role::admin}, "For these tests."};
inline constexpr Requirement recently = shown_within(std::chrono::minutes{10});

/// Knows sessions by their word, as cookie `s` or bearer token: "fresh", "stale" (authenticated an hour ago), "admin".
class FakeAuthenticator : public Authenticator {
 public:
  std::optional<Result<Authentication>> recall(const Request& request, const Surface&, Time now) override {
    if (recall_throws) throw std::runtime_error{"the memory is gone"};
    if (!remembers) return std::nullopt;
    return lookup(request, now);
  }
  Result<Authentication> identify(const Request& request, const Surface&, Time now) override {
    ++identified;
    return lookup(request, now);
  }

  bool remembers = true;
  bool recall_throws = false;
  int identified = 0;

 private:
  static Result<Authentication> lookup(const Request& request, Time now) {
    Authentication found;
    std::string_view word = cookie(request, "s").value_or("");
    if (const auto token = bearer_token(request.headers)) {
      word = *token;
      found.place = CredentialPlace::bearer;
    }
    if (word != "fresh" && word != "stale" && word != "admin") return unauthenticated;
    found.principal.account = AccountId{};
    found.principal.permissions = Permissions{word == "admin" ? Role::admin : Role::user};
    found.principal.assurance.add(AuthMethod::password, word == "stale" ? now - std::chrono::hours{1} : now);
    return found;
  }
};

inline Response test_page(const Call& call, const Error& error) {
  Response response{.status = error.kind->status, .body = "<h1>" + std::string{error.kind->title} + "</h1>"};
  response.headers.add("Content-Type", "text/html");
  response.headers.add("X-Route", call.route.path);
  add_retry_after(response, error);
  return response;
}

inline constexpr std::array cookie_alone{session_cookie};
inline constexpr std::array cookie_or_bearer{access_token_bearer, session_cookie};

/// Pages, as `page` has them, with `write_error` for errors.
inline Surface page_surface_with(ErrorWriter write_error) {
  return {.name = "page",
          .body = BodyKind::form,
          .credentials = cookie_alone,
          .cross_site = CrossSite::form_token,
          .write_error = std::move(write_error),
          .status_of = &own_status,
          .is_for_browsers = true};
}
inline const Surface& page_surface() {
  static const Surface surface = page_surface_with(&test_page);
  return surface;
}
/// A surface for old clients: a slash too many, few statuses, a `message`.
inline const Surface& lenient_surface() {
  static const auto few = [](const ErrorKind& kind) {
    return kind.status == 405 || kind.status == 409 || kind.status == 422 ? 400 : kind.status;
  };
  static const Surface surface{
      .name = "lenient",
      .credentials = cookie_or_bearer,
      .write_error =
          [](const Call& call, const Error& error) {
            return problem(call, error, few(*error.kind),
                           error.fields.empty() ? error.kind->title : std::string_view{error.fields[0].detail});
          },
      .status_of = few,
      .tolerates_trailing_slash = true,
      .root = "/api/"};
  return surface;
}

inline const RequestId test_request_id{RawId{1}};

/// The response to an error on a surface, for a request of that path.
inline Response problem_on(const Surface& surface, const Error& error, std::string path = "/") {
  const Request request{.path = std::move(path)};
  const Route route{
      .method = Method::get, .path = "/", .lane = Lane::quick, .requirement = anyone, .surface = &surface};
  return surface.write_error(
      Call{.request = request, .route = route, .context = {.now = noon, .origin = {.request = test_request_id}}},
      error);
}

/// The tools of a pipeline; the log's lines are kept.
class PipelineTest : public testing::Test {
 protected:
  PipelineTest() {
    log_.redirect([this](std::string_view line) { lines_.append(line).append("\n"); });
  }

  std::unique_ptr<Pipeline> make(std::vector<Route> routes, const Policy& policy = default_policy()) {
    return std::make_unique<Pipeline>(std::move(routes), policy,
                                      Pipeline::Tools{authenticator_, tokens_, random_, log_, metrics_});
  }
  static Policy default_policy() {
    return {.own_origins = {"https://auth.example"}, .cors_origins = {"https://app.example"}, .hsts = true};
  }
  static Route route(Method method, std::string_view path, const Surface& surface, Handler handler,
                     Requirement requirement = anyone, Lane lane = Lane::quick) {
    return {method, path, lane, requirement, &surface, std::move(handler)};
  }
  static Handler says(std::string text) {
    return [text](const Call&) { return json(200, text); };
  }
  static Request request(Method method, std::string_view target,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> fields = {},
                         std::string body = {}) {
    Request made{.method = method, .target = std::string{target}, .body = std::move(body), .peer = "192.0.2.1"};
    if (target == whole_server) {
      made.path = target;
    } else {
      EXPECT_TRUE(parse_target(made.target, made.path, made.query)) << target;
    }
    for (const auto& [name, value] : fields) made.headers.add(name, value);
    return made;
  }
  static std::string code(const Response& response) {
    const auto body = wire::parse(response.body.text());
    if (!body.ok() || body->find("code") == nullptr) return {};
    return *body->find("code")->get<std::string>();
  }

  FakeAuthenticator authenticator_;
  testing_support::SeededRandom random_;
  FormTokens tokens_{Secret{std::string(32, 'k')}, random_};
  std::string lines_;
  observe::Log log_{observe::Format::json, observe::Level::debug};
  observe::Metrics metrics_;
};

}  // namespace cardea::http
