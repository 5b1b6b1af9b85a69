#include "tests/wire/house.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/problem.hpp"

namespace cardea::wire_tests {

namespace {

constexpr std::chrono::seconds patience{20};

}  // namespace

void Gate::pass() {
  std::unique_lock lock{mutex_};
  ++arrivals_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return is_open_; });
}

void Gate::wait_for(int arrivals) {
  std::unique_lock lock{mutex_};
  const auto have_come = [this, arrivals] { return arrivals_ >= arrivals; };
  if (!changed_.wait_for(lock, patience, have_come)) throw std::runtime_error{"fewer came to the gate than expected"};
}

void Gate::open() {
  const std::lock_guard lock{mutex_};
  is_open_ = true;
  changed_.notify_all();
}

std::optional<Result<http::Authentication>> NobodyKnown::recall(const http::Request& request, const http::Surface&,
                                                                Time) {
  if (request.headers.has("Cookie")) return std::nullopt;
  return Result<http::Authentication>{http::unauthenticated};
}
Result<http::Authentication> NobodyKnown::identify(const http::Request&, const http::Surface&, Time) {
  return http::unauthenticated;
}

void Lines::add(std::string_view line) {
  const std::lock_guard lock{mutex_};
  lines_ += line;
  lines_ += '\n';
}

bool Lines::mention(std::string_view text) const {
  const std::lock_guard lock{mutex_};
  return lines_.find(text) != std::string::npos;
}

bool Lines::mention_together(std::string_view one, std::string_view other) const {
  const std::lock_guard lock{mutex_};
  const auto has_both = [&](std::string_view line) {
    return line.find(one) != std::string_view::npos && line.find(other) != std::string_view::npos;
  };
  return std::ranges::any_of(text::split(lines_, '\n'), has_both);
}

namespace {

http::Response plain(std::string body) {
  http::Response response{.status = 200, .body = std::move(body)};
  response.headers.add("Content-Type", "text/plain");
  return response;
}

Result<http::Response> echo(const http::Call& call) { return plain(call.request.body); }

Result<http::Response> seen(const http::Call& call) {
  return plain(call.request.peer + (call.request.secure ? " secure " : " open ") + call.request.target);
}

http::Response write_error(const http::Call&, const Error& error) {
  return http::Response{.status = error.kind->status, .body = std::string{House::error_text}};
}

// What a browser sees when a path is unknown.
const http::Surface& page_surface() {
  static const http::Surface surface{
      .name = "page", .write_error = &write_error, .status_of = &http::own_status, .is_for_browsers = true};
  return surface;
}

http::Route route(http::Method method, std::string_view path, http::Lane lane, http::Handler handler) {
  return {.method = method,
          .path = path,
          .lane = lane,
          .requirement = anyone,
          .surface = &http::api_surface(),
          .handler = std::move(handler),
          .body_limit = 100'000};
}

/// What may be asked of a route that shows what it was asked.
struct SeenQuery {
  std::optional<std::string> a;
};
template <class D>
void describe(D& d, wire::Of<D, SeenQuery>& query) {
  d.optional("a", query.a);
}

http::Route with_query(http::Route route) {
  route.query = &http::query_of<SeenQuery>();
  return route;
}

http::Route export_route(std::string_view path, http::Lane lane, Exports& exports) {
  auto made = route(http::Method::get, path, lane, exports.handler());
  made.query = &http::query_of<ExportQuery>();
  return made;
}

http::Route on(const http::Surface& surface, http::Route route) {
  route.surface = &surface;
  return route;
}

}  // namespace

std::vector<http::Route> House::routes() {
  const auto instant = [](const http::Call&) -> Result<http::Response> { return plain("hello"); };
  const auto held = [this](const http::Call&) -> Result<http::Response> {
    gate.pass();
    return plain("held");
  };
  const auto large = [](const http::Call&) -> Result<http::Response> { return plain(std::string(large_size, 'x')); };
  const auto split = [](const http::Call&) -> Result<http::Response> {
    http::Response response = plain("split");
    response.headers.add("X-Split", "a\r\nSet-Cookie: planted=1");
    return response;
  };
  using http::Lane, http::Method;
  http::Route hidden = route(Method::post, "/private", Lane::quick, echo);
  hidden.requirement = signed_in;
  return {std::move(hidden),
          route(Method::get, "/instant", Lane::instant, instant),
          route(Method::post, "/echo", Lane::instant, echo),
          route(Method::post, "/echo-quick", Lane::quick, echo),
          with_query(route(Method::post, "/seen", Lane::instant, seen)),
          route(Method::get, "/held", Lane::heavy, held),
          route(Method::get, "/large", Lane::instant, large),
          export_route("/export", Lane::quick, exports),
          export_route("/export-heavy", Lane::heavy, exports),
          export_route("/export-instant", Lane::instant, exports),
          route(Method::get, "/split", Lane::instant, split),
          on(page_surface(), route(Method::get, "/page", Lane::instant, instant))};
}

edge::Settings House::small() {
  edge::Settings settings;
  settings.listen = "127.0.0.1:0";
  settings.io_threads = 1;
  settings.quick_threads = 2;
  settings.heavy_threads = 1;
  settings.heavy_queue = 1;
  return settings;
}

House::House(edge::Settings settings, const std::vector<http::Route>& more_routes) {
  if (settings.certificate_file.empty()) {
    clock_ = std::make_unique<FixedClock>();
  } else {
    clock_ = std::make_unique<PresentClock>();
  }
  log_.redirect([this](std::string_view line) { lines.add(line); });
  const http::Policy policy{.own_origins = {"https://auth.example.org"}, .cors_origins = {"https://app.example.org"}};
  const http::Pipeline::Tools tools{authenticator_, form_tokens_, random_, log_, metrics};
  auto all = routes();
  all.insert(all.end(), more_routes.begin(), more_routes.end());
  pipeline_ = std::make_unique<http::Pipeline>(std::move(all), policy, tools);
  server = std::make_unique<edge::Server>(std::move(settings), *pipeline_, *clock_, log_, metrics);
  const auto started = server->start();
  if (!started.ok()) throw std::runtime_error{started.error().detail};
}

House::~House() {
  gate.open();
  server.reset();
}

std::string get(std::string_view path, std::string_view fields) {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{fields} + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view fields) {
  return "POST " + std::string{path} +
         " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + std::string{fields} + "\r\n" + std::string{body};
}

}  // namespace cardea::wire_tests
