// Signing in as a machine: random walks of three browsers of one person and whoever else knows the password, over two
// factors, changes and time, beside a model that says who is in. A walk that fails names its seed.

#include <algorithm>
#include <optional>
#include <random>
#include <set>

#include "app/house.hpp"
#include "tests/api/mfa_scene.hpp"
#include "tests/api/walks.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::size_t steps = 60;

void without_limits(app::Settings& settings) {
  auto& budgets = settings.authn_budgets;
  for (auto* budget : {&budgets.account, &budgets.known_browser, &budgets.address, &budgets.whole,
                       &budgets.account_whole, &budgets.right, &budgets.right_address, &budgets.codes.account,
                       &budgets.codes.known_browser, &budgets.codes.unguessable}) {
    budget->free = 1'000'000'000;
  }
}

std::string password_of(int number) { return "walking over " + std::to_string(number) + " grey hills"; }

/// What the model knows of a browser.
struct Browser {
  Client client;
  struct Pending {
    int password;  // which of the account's passwords was shown
    Time begun;
  };
  std::optional<Pending> pending = {};  // a sign-in that waits for a second factor
  std::optional<Time> in = {};          // since when
};

class Walk {
 public:
  Walk(std::string_view engine, unsigned seed) : scene_{engine, without_limits}, random_{seed} {
    auto first = world_.client();
    first.sign_up("ann", {{"password", password_of(0)}});
    browsers_.push_back({.client = first, .in = world_.now()});
    for (int i = 0; i < 2; ++i) browsers_.push_back({.client = world_.client()});
  }

  void step() {
    using Event = void (Walk::*)(Browser&);
    constexpr Event events[] = {&Walk::show_password,
                                &Walk::show_password,
                                &Walk::show_wrong_password,
                                &Walk::show_code,
                                &Walk::show_code,
                                &Walk::show_code,
                                &Walk::show_wrong_code,
                                &Walk::show_used_code,
                                &Walk::show_recovery_code,
                                &Walk::show_old_cookie,
                                &Walk::enrol,
                                &Walk::change_password,
                                &Walk::sign_out,
                                &Walk::wait};
    auto& browser = browsers_[below(browsers_.size())];
    (this->*events[below(std::size(events))])(browser);
    const auto rare = below(90);
    if (rare == 0) lose_factors();
    if (rare < 3) block_or_unblock();
    check();
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  [[nodiscard]] std::int64_t now_step() const { return to_seconds(world_.now()) / 30; }

  /// Whether a second factor that is right finishes what this browser has begun.
  [[nodiscard]] bool goes_on(const Browser& browser) const {
    return browser.pending && browser.pending->password == password_ && !is_blocked_ &&
           world_.now() < browser.pending->begun + std::chrono::minutes{10};
  }
  void come_in(Browser& browser) {
    browser.pending.reset();
    browser.in = world_.now();
  }
  void everybody_out() {
    for (auto& browser : browsers_) browser.in.reset();
  }

  void show_password(Browser& browser) {
    const auto answer = browser.client.sign_in("ann", password_of(password_));
    if (is_blocked_) {
      EXPECT_EQ(answer.status, 401);
    } else if (app_) {
      EXPECT_EQ(answer.json("state"), "mfa_required");
      browser.pending = {password_, world_.now()};
    } else {
      EXPECT_EQ(answer.json("state"), "complete");
      come_in(browser);
    }
  }

  void show_wrong_password(Browser& browser) {
    EXPECT_EQ(browser.client.sign_in("ann", password_of(password_ + 1)).status, 401);
    if (password_ > 0) {
      EXPECT_EQ(browser.client.sign_in("ann", password_of(static_cast<int>(below(static_cast<std::size_t>(password_)))))
                    .status,
                401);
    }
  }

  void show_code(Browser& browser) {
    if (!app_) return;
    const bool works = goes_on(browser) && now_step() > last_step_;
    const auto answer = send(browser.client, app_->code());
    EXPECT_EQ(answer.status == 200, works) << answer.body;
    if (!works) return;
    last_step_ = now_step();
    come_in(browser);
  }

  void show_wrong_code(Browser& browser) {
    if (app_) EXPECT_EQ(send(browser.client, app_->wrong_code()).status / 100, 4);
  }

  /// The code of the step before, after one of this step was used; or one of an app that was lost.
  void show_used_code(Browser& browser) {
    if (app_ && last_step_ == now_step()) {
      EXPECT_EQ(send(browser.client, app_->code()).status / 100, 4);
      EXPECT_EQ(send(browser.client, app_->code(std::chrono::seconds{30})).status / 100, 4);
    }
    if (lost_ && (!app_ || lost_->code() != app_->code())) {
      EXPECT_EQ(send(browser.client, lost_->code()).status / 100, 4);
    }
  }

  void show_recovery_code(Browser& browser) {
    if (used_code_) EXPECT_EQ(send(browser.client, *used_code_, "recovery_code").status / 100, 4);
    if (codes_.empty()) return;
    const bool works = goes_on(browser);
    const auto answer = send(browser.client, *codes_.begin(), "recovery_code");
    EXPECT_EQ(answer.status == 200, works) << answer.body;
    if (!works) return;
    used_code_ = *codes_.begin();
    codes_.erase(codes_.begin());
    come_in(browser);
  }

  /// The key of a sign-in that was finished, or given up, is worth nothing.
  void show_old_cookie(Browser& browser) {
    const auto cookie = browser.client.cookie(signin_cookie_name);
    if (!app_ || cookie.empty() || !goes_on(browser) || now_step() <= last_step_) return;
    auto copy = browser.client;
    show_code(browser);
    EXPECT_EQ(send(copy, app_->code()).status / 100, 4);
    if (!codes_.empty()) EXPECT_EQ(send(copy, *codes_.begin(), "recovery_code").status / 100, 4);
  }

  /// In a session that was opened a short while ago.
  [[nodiscard]] bool is_fresh(const Browser& browser) const {
    return browser.in && world_.now() < *browser.in + std::chrono::minutes{5};
  }

  void enrol(Browser& browser) {
    if (app_ || !is_fresh(browser)) return;
    app_ = scene_.enrol_app(browser.client);
    last_step_ = now_step();
    everybody_out();
    browser.in = world_.now();
    const auto made = scene_.make_codes(browser.client);
    codes_ = {made.begin(), made.end()};
    used_code_.reset();
  }

  void change_password(Browser& browser) {
    if (!is_fresh(browser)) return;
    const wire::Object change{{"current_password", password_of(password_)}, {"password", password_of(password_ + 1)}};
    EXPECT_EQ(browser.client.post("/v1/me/password", change).status, 200);
    ++password_;
    const auto since = browser.in;
    everybody_out();
    browser.in = since;
  }

  void sign_out(Browser& browser) {
    browser.client.post("/v1/signout");
    browser.in.reset();
    browser.pending.reset();
  }

  void wait(Browser&) { world_.advance(below(3) == 0 ? Duration{std::chrono::minutes{8}} : std::chrono::seconds{30}); }

  /// As the operator of the machine takes them away.
  void lose_factors() {
    const auto id = world_.id_of("ann");
    world_.database().write([&](db::Tx& tx) {
      for (const auto& feature : app::feature_entries()) {
        if (feature.remove_factor) feature.remove_factor(tx, id);
      }
    });
    lost_ = app_ ? app_ : lost_;
    app_.reset();
    codes_.clear();
  }

  void block_or_unblock() {
    const Context context{.now = world_.now(),
                          .origin = {.surface = "cli"},
                          .principal = Principal{.permissions = Permissions{Role::owner}}};
    const auto change = is_blocked_ ? &account::unblock : &account::block;
    EXPECT_TRUE(change(world_.house().account(), context, world_.id_of("ann")).ok());
    is_blocked_ = !is_blocked_;
    if (is_blocked_) everybody_out();
  }

  void check() {
    for (auto& browser : browsers_) EXPECT_EQ(browser.client.get("/v1/session").status, browser.in ? 200 : 401);
    const auto in = std::count_if(browsers_.begin(), browsers_.end(), [](const Browser& each) { return !!each.in; });
    EXPECT_LE(in, scene_.count("session"));
    EXPECT_EQ(scene_.count("totp"), app_ ? 1 : 0);
    EXPECT_EQ(scene_.count("recovery_code"), static_cast<std::int64_t>(codes_.size()));
  }

  MfaScene scene_;
  World& world_ = scene_.world;
  std::mt19937 random_;
  std::vector<Browser> browsers_;
  int password_ = 0;
  bool is_blocked_ = false;
  std::optional<App> app_, lost_;
  std::int64_t last_step_ = 0;
  std::set<std::string> codes_;
  std::optional<std::string> used_code_;
};

class SignInWalk : public ::testing::TestWithParam<Walks> {};

INSTANTIATE_TEST_SUITE_P(engines, SignInWalk, usual_walks());

TEST_P(SignInWalk, opens_no_session_without_what_is_asked_for) { make_walks<Walk>(GetParam(), steps); }

}  // namespace
}  // namespace cardea::api_tests
