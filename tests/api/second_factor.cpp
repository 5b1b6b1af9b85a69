#include "tests/api/second_factor.hpp"

#include "http/problem.hpp"

namespace cardea::api_tests {
namespace {

std::string backwards(std::string_view uid) { return {uid.rbegin(), uid.rend()}; }

Result<http::Response> say_ok(const http::Call&) { return http::json(200, R"({"ok":true})"); }

}  // namespace

void TestFactors::enrol(const AccountId& account, AuthMethod method) {
  const std::lock_guard lock{mutex_};
  enrolled_.emplace(account, method);
}
void TestFactors::remove(const AccountId& account, AuthMethod method) {
  const std::lock_guard lock{mutex_};
  enrolled_.erase({account, method});
}
bool TestFactors::has(const AccountId& account, AuthMethod method) const {
  const std::lock_guard lock{mutex_};
  return enrolled_.contains({account, method});
}
void TestFactors::once_judged(std::function<void()> act) {
  const std::lock_guard lock{mutex_};
  once_judged_ = std::move(act);
}

Result<authn::Proof> TestFactors::check(World& world, AuthMethod method, const Context& context,
                                        const AccountId& account, const Secret& response) {
  const auto found = world.database().read([&](db::Tx& tx) { return identity::find(tx, account); });
  if (!found || response.reveal() != backwards(found->uid.value_or(""))) return authn::invalid_code;
  std::function<void()> act;
  {
    const std::lock_guard lock{mutex_};
    act = std::exchange(once_judged_, nullptr);
  }
  if (act) act();
  return authn::Proof{.account = account,
                      .evidence = {.method = method, .at = context.now},
                      .still_holds = [](db::Tx&) { return true; },
                      .use = [this](db::Tx&) -> Result<Done> {
                        if (are_spent_) return authn::invalid_code;
                        return done;
                      }};
}

authn::Factor TestFactors::factor(World& world, AuthMethod method) {
  return {
      .method = method,
      .is_enrolled = [this, method](const AccountId& account) { return db::Condition{"$? = 1", has(account, method)}; },
      .check = [this, &world, method](const Context& context, const AccountId& account, const Secret& response)
          -> Result<authn::Proof> { return check(world, method, context, account, response); },
      .still_holds = [this, method](db::Tx&, const AccountId& account,
                                    const authn::Evidence&) { return has(account, method); }};
}

std::vector<Feature> TestFactors::features(World& world) {
  Feature strong{.name = "test_strong"};
  http::Routes api{http::api_surface(), strong.routes};
  api.get("/v1/test/strong", http::Lane::quick, or_token({.level = Level::aal2}), say_ok);
  api.get("/v1/test/fresh", http::Lane::quick, Requirement{.level = Level::aal2, .max_age = 10min}, say_ok);
  return {{.name = "test_totp", .factor = factor(world, AuthMethod::totp)},
          {.name = "test_recovery_code", .factor = factor(world, AuthMethod::recovery_code)},
          std::move(strong)};
}

void SecondFactorScene::enrol(std::string_view uid, AuthMethod method) {
  world.client().sign_up(uid);
  world.database().write([&](db::Tx& tx) { tx.run("DELETE FROM session"); });
  factors.enrol(world.id_of(uid), method);
}

Client SecondFactorScene::halfway() {
  auto browser = world.client();
  EXPECT_EQ(browser.sign_in("ann").json("state"), "mfa_required");
  return browser;
}

std::int64_t SecondFactorScene::count(std::string_view table) {
  return world.database().read([&](db::Tx& tx) {
    return (table == "session" ? tx.one("SELECT COUNT(*) FROM session") : tx.one("SELECT COUNT(*) FROM pending_signin"))
        ->integer(0);
  });
}

}  // namespace cardea::api_tests
