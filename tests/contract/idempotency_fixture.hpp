#pragma once
// What the contract of idempotency starts from: requests with a key, and what stands for their handler.

#include <atomic>

#include "crypto/hash.hpp"
#include "http/problem.hpp"
#include "idempotency/idempotency.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::idempotency {

using namespace std::chrono_literals;

/// A request that is about to be carried out.
struct Sent {
  std::string key = "6b1f0f2e-8a43-4c7e-9f07-2b7d5f8c1e44";
  std::string body = R"({"uid":"ann","password":"violet tractor lagoon 93"})";
  std::string target = "/v1/signup";
  std::string address = "192.0.2.1";
  std::optional<AccountId> account = {};
  Duration after = {};  // noon
};

class IdempotencyFixture : public testing_support::OnEngine {
 protected:
  static constexpr Time noon{std::chrono::microseconds{1'800'000'000'000'000}};
  using Run = std::function<Result<http::Response>()>;

  Result<http::Response> send_to(Memory& process, const Sent& sent, const Run& run) {
    http::Request request{.method = http::Method::post, .target = sent.target, .body = sent.body};
    request.headers.add("Idempotency-Key", sent.key);
    Context context{.now = noon + sent.after, .origin = {.request = next_id(), .address = sent.address}};
    if (sent.account) context.principal = Principal{.account = sent.account};
    return process.once(http::Call{.request = request, .route = route, .params = {}, .context = std::move(context)},
                        run);
  }
  Result<http::Response> send(const Sent& sent, const Run& run) { return send_to(memory, sent, run); }
  void send_before(const Sent& sent = {}) { EXPECT_TRUE(send(sent).ok()); }
  /// With what makes another answer each time.
  Result<http::Response> send(const Sent& sent = {}) { return send(sent, count()); }
  Run count() {
    return [this]() -> Result<http::Response> { return created(++carried_out); };
  }
  static http::Response created(int number) {
    http::Response response{.status = 201, .headers = {}, .body = "{\"number\":" + std::to_string(number) + "}"};
    response.headers.add("Content-Type", "application/json");
    response.headers.add("Set-Cookie", "session=" + std::to_string(number));
    response.headers.add("Set-Cookie", "known=" + std::to_string(number));
    return response;
  }
  static bool is_replay(const Result<http::Response>& answer) {
    return answer.ok() && answer->headers.get("Idempotency-Replayed") == "true";
  }
  std::int64_t rows() { return database().read_one("SELECT count(*) FROM idempotency")->integer(0); }
  RequestId next_id() { return RequestId::make(noon, random); }

  testing_support::SeededRandom random{93};
  testing_support::SeededRandom nonces{94};
  observe::Log log{observe::Format::json, observe::Level::error};
  Memory memory{database(), Secret{std::string(32, 'k')}, nonces, log};
  http::Route route{.method = http::Method::post,
                    .path = "/v1/signup",
                    .lane = http::Lane::heavy,
                    .requirement = anyone,
                    .surface = nullptr,
                    .handler = {}};
  std::atomic<int> carried_out = 0;
};

}  // namespace cardea::idempotency
