// Two processes on one database, a thousand requests with the same secret: it is redeemed exactly once; and of as many
// guesses as there are, no more are judged than are allowed.
#include <gtest/gtest.h>

#include <fstream>
#include <latch>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "base/time.hpp"
#include "tests/support/base32.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/program.hpp"
#include "tests/support/visitor.hpp"
#include "totp/one_time_password.hpp"

namespace cardea::crash {
namespace {

using testing_support::Folder;
using testing_support::Program;
using testing_support::RawAnswer;
using testing_support::Visitor;

constexpr int hands = 40;  // at once, half of them at each process
constexpr int requests = 1000;
constexpr int guesses = 500;
constexpr int guesses_judged = 5;

struct Request {
  std::string path;
  wire::Object body;
  std::string credential = {};
};
/// How often each status and code of a problem was answered: "200", "401 invalid_code".
using Tally = std::map<std::string, int>;

std::string text_of(const wire::Value& value, std::string_view member) {
  const auto* found = value.find(member);
  const auto* text = found == nullptr ? nullptr : found->get<std::string>();
  return text == nullptr ? std::string{} : *text;
}

wire::Value json_of(const RawAnswer& answer) {
  auto value = wire::parse(answer.body);
  return value ? *std::move(value) : wire::Value{};
}

std::string outcome_of(const std::optional<RawAnswer>& answer) {
  if (!answer) return "no answer";
  const auto status = std::to_string(answer->status);
  return answer->status < 400 ? status : status + " " + text_of(json_of(*answer), "code");
}

/// "name=value" of a cookie that the answer sets.
std::string cookie_of(const RawAnswer& answer, const std::string& name) {
  const auto at = answer.head.find("Set-Cookie: " + name + "=");
  if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + answer.head + answer.body);
  const auto begin = at + std::string_view{"Set-Cookie: "}.size();
  return "Cookie: " + answer.head.substr(begin, answer.head.find(';', begin) - begin);
}

class Rivals : public testing::TestWithParam<std::string> {
 protected:
  Rivals() {
    // Lifted, because they would hide a second redemption.
    std::ofstream config{config_};
    config << "[throttle]\n";
    for (const auto* budget : {"signin_secret", "signin_code", "signin_code_device", "password_reset_address"}) {
      config << budget << " = { free = 1000000 }\n";
    }
    config.close();
    restart();
  }

  void restart() {
    programs_.clear();
    for (int i = 0; i < 2; ++i) {
      programs_.push_back(std::make_unique<Program>(
          folder_,
          std::vector<std::string>{"dev", "--config", config_, "--database", database_.url(), "--data",
                                   folder_.path() / "data", "--listen", "127.0.0.1:0"},
          testing_support::Announced::port));
    }
  }
  /// From now on so many codes are judged for nothing, and the next only after days.
  void allow_guesses(int count) {
    std::ofstream{config_} << "[throttle]\nsignin_code = { free = " << count << " }\n";
    restart();
  }

  RawAnswer ask(const std::string& method, const Request& request) {
    Visitor visitor{programs_[0]->port()};
    auto answer = visitor.ask(method, request.path, request.body, request.credential);
    if (!answer) throw std::runtime_error("no answer to " + request.path);
    return *std::move(answer);
  }
  RawAnswer post(const Request& request) { return ask("POST", request); }

  /// Sends the requests, each to the other process than the one before; `all[i % all.size()]` is the i-th.
  Tally race(const std::vector<Request>& all, int count) {
    Tally tally;
    std::mutex mutex;
    std::latch ready{hands};
    {
      std::vector<std::jthread> threads;
      for (int hand = 0; hand < hands; ++hand) {
        threads.emplace_back([&, hand] {
          Visitor visitor{programs_[static_cast<std::size_t>(hand) % 2]->port()};
          (void)visitor.ask("GET", "/livez");  // the connection is there
          ready.arrive_and_wait();
          for (int i = hand; i < count; i += hands) {
            const Request& request = all[static_cast<std::size_t>(i) % all.size()];
            auto outcome = outcome_of(visitor.ask("POST", request.path, request.body, request.credential));
            const std::lock_guard lock{mutex};
            ++tally[outcome];
          }
        });
      }
    }
    return tally;
  }
  static int total(const Tally& tally) {
    int sum = 0;
    for (const auto& [outcome, count] : tally) sum += count;
    return sum;
  }
  /// Exactly one was `won`, and everybody else was told one of `lost`.
  static void expect_one(const Tally& tally, const std::string& won, const std::vector<std::string>& lost) {
    std::string text;
    int known = 0;
    for (const auto& [outcome, count] : tally) text += outcome + ": " + std::to_string(count) + "\n";
    for (const auto& outcome : lost) known += tally.contains(outcome) ? tally.at(outcome) : 0;
    EXPECT_EQ(tally.contains(won) ? tally.at(won) : 0, 1) << text;
    EXPECT_EQ(known, requests - 1) << text;
  }

  /// An account; its session cookie.
  std::string sign_up(const std::string& uid) {
    return cookie_of(post({"/v1/signup", *testing_support::sign_up_body(uid).get<wire::Object>()}), "__Host-cardea");
  }
  /// What the next letter to it holds: "--code" or "--link".
  std::string letter(const std::string& uid, const std::string& what) {
    const int status = testing_support::run(folder_, {"mail", "wait", "--to", uid + "@example.org", what, "--config",
                                                      config_, "--database", database_.url()});
    std::ostringstream text;
    text << std::ifstream{folder_.path() / "log-command"}.rdbuf();
    EXPECT_EQ(status, 0) << text.str();
    return text.str().substr(0, text.str().find_first_of("\r\n"));
  }
  /// Enrols an authenticator app by the code before the present one, which is left to be used. Its session cookie.
  std::string enrol(const std::string& uid) {
    const auto cookie = sign_up(uid);
    secret_ = testing_support::from_base32(text_of(json_of(post({"/v1/me/totp", {}, cookie})), "secret"));
    const auto answer = post({"/v1/me/totp/confirm", {{"code", code(-1)}}, cookie});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return cookie_of(answer, "__Host-cardea");
  }
  [[nodiscard]] std::string code(int steps_from_now) const {
    return totp::code_of(as_bytes(secret_), totp::step_of(now()) + steps_from_now);
  }
  static Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

  /// The same second step in many sign-ins that passed the first.
  std::vector<Request> second_steps(const std::string& uid, const std::string& method, const std::string& response) {
    std::vector<Request> all;
    for (int i = 0; i < hands; ++i) {
      Visitor visitor{programs_[0]->port()};
      const auto halfway = visitor.sign_in(uid).value();
      all.push_back({"/v1/signin/" + method, {{"code", response}}, cookie_of(halfway, "__Host-cardea-signin")});
    }
    return all;
  }

  Folder folder_;
  std::string config_ = (folder_.path() / "cardea.toml").string();
  testing_support::FreshDatabase database_{GetParam(), testing_support::Schema::migrated};
  std::vector<std::unique_ptr<Program>> programs_;
  std::string secret_;  // of the app
};
INSTANTIATE_TEST_SUITE_P(engines, Rivals, testing_support::both_engines(), testing_support::engine_name);

TEST_P(Rivals, an_app_shows_a_code_that_signs_in_once) {
  enrol("ann");
  const auto all = second_steps("ann", "totp", code(0));
  expect_one(race(all, requests), "200", {"401 invalid_code", "401 late_code", "401 signin_expired"});
}

TEST_P(Rivals, a_recovery_code_signs_in_once) {
  const auto cookie = enrol("ann");
  const auto made = post({"/v1/me/recovery-codes", {}, cookie});
  const auto codes = json_of(made);
  const auto first = codes.find("codes")->get<wire::Array>()->front();
  const auto all = second_steps("ann", "recovery_code", *first.get<std::string>());
  expect_one(race(all, requests), "200", {"401 invalid_code", "401 late_code", "401 signin_expired"});
}

TEST_P(Rivals, a_code_by_mail_confirms_once) {
  const auto cookie = sign_up("ann");
  const Request confirm{"/v1/verify", {{"code", letter("ann", "--code")}}, cookie};
  expect_one(
      race({confirm}, requests), "200",
      {"409 email.nothing_to_confirm", "410 challenge.not_valid", "422 challenge.wrong_code", "429 rate_limited"});
}

TEST_P(Rivals, a_link_sets_one_password) {
  const auto cookie = sign_up("ann");
  ASSERT_EQ(post({"/v1/verify", {{"code", letter("ann", "--code")}}, cookie}).status, 200);
  ASSERT_EQ(post({"/v1/recover", {{"uid", "ann"}}}).status, 204);
  auto link = letter("ann", "--link");
  while (link.find("link=") == std::string::npos) link = letter("ann", "--link");  // those before told of other things
  std::vector<Request> all;
  for (int i = 0; i < hands; ++i) {
    all.push_back(
        {"/v1/recover/complete",
         {{"link", link.substr(link.find("link=") + 5)}, {"password", "violet tractor lagoon " + std::to_string(i)}}});
  }
  expect_one(race(all, requests), "204", {"410 challenge.not_valid"});
}

TEST_P(Rivals, of_many_guesses_no_more_are_judged_than_are_free) {
  enrol("ann");
  allow_guesses(guesses_judged);
  const auto wrong = code(-40);
  const auto tally = race(second_steps("ann", "totp", wrong), guesses);
  int judged = 0;
  for (const auto* outcome : {"401 invalid_code", "401 late_code"})
    judged += tally.contains(outcome) ? tally.at(outcome) : 0;
  EXPECT_EQ(judged, guesses_judged);
  EXPECT_EQ(tally.contains("429 rate_limited") ? tally.at("429 rate_limited") : 0, guesses - guesses_judged);
  EXPECT_EQ(total(tally), guesses);
}

}  // namespace
}  // namespace cardea::crash
