// The authenticator between requests and sessions: whatever it remembers, a revoked session is refused from then on.
#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"

#include <atomic>

#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/passing_database.hpp"
#include "tests/support/random.hpp"

namespace cardea::authn {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

/// A database that lets something happen between a read and what its reader does next.
class Interrupted : public testing_support::PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;
  std::function<void()> after_read = {};

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    pass_on(access, work);
    if (access == db::Access::read && after_read) std::exchange(after_read, {})();
  }
};

/// Cannot be written to while it is broken.
class Breakable : public testing_support::PassingDatabase {
 public:
  using PassingDatabase::PassingDatabase;
  std::atomic<bool> is_broken = false;

 protected:
  void run_transaction(db::Access access, const Work& work) override {
    if (is_broken && access != db::Access::read) throw db::DatabaseError("the disk is full");
    pass_on(access, work);
  }
};

class AuthenticatorContract : public testing_support::OnEngine {
 protected:
  AuthenticatorContract() {
    log.redirect([](std::string_view) {});
    keyring.start(noon);
    testing_support::start_bus(database());
    cache.follow(database().bus(), identity::changed_topic);
    session_settings.trust_cache = 1h;
  }
  session::Opened opened() {
    return database().write([&](db::Tx& tx) {
      return session::open(tx, {.now = noon}, ann, {.shown = {{AuthMethod::password, noon}}}, session_settings, random);
    });
  }
  void revoke(const SessionId& id) {
    database().write([&](db::Tx& tx) { EXPECT_TRUE(session::revoke(tx, ann, id)); });
  }
  static http::Request with_cookie(const session::Opened& opened) {
    http::Request request;
    request.headers.add("Cookie", std::string{session_cookie.cookie} + "=" + std::string{opened.token.reveal()});
    return request;
  }
  http::Request with_bearer(const session::Opened& opened) {
    http::Request request;
    const std::string token = access_token(deps, opened.session, {.id = ann}, noon).access_token;
    request.headers.add("Authorization", "Bearer " + token);
    return request;
  }
  bool lets_in(const http::Request& request, Time now = noon) {
    return authenticator.identify(request, http::api_surface(), now).ok();
  }
  /// What memory alone says; absent: it would have to ask the database.
  std::optional<bool> recalls(const http::Request& request, Time now = noon,
                              const http::Surface& surface = http::api_surface()) {
    const auto known = authenticator.recall(request, surface, now);
    return known ? std::optional{known->ok()} : std::nullopt;
  }
  /// True when memory alone says yes.
  bool remembers(const http::Request& request, Time now = noon) {
    const auto known = authenticator.recall(request, http::api_surface(), now);
    return known && known->ok();
  }

  testing_support::SeededRandom random{51};
  observe::Log log{observe::Format::json, observe::Level::error};
  observe::Metrics metrics;
  Interrupted interrupted{database()};
  keyring::Keyring keyring{database(), crypto::derive_key(Secret{"server secret"}, "keyring"), {}, random};
  token::Tokens tokens{keyring, "https://auth.example.org", random};
  session::Cache cache{1000, 1h};
  password::Settings password_settings{.cost = {.memory_kib = 8, .passes = 1}};
  password::Hasher hasher{password_settings, random, metrics};
  audit::Trail trail{log, random, Secret{std::string(32, 's')}};
  identity::Settings identity_settings;
  session::Settings session_settings;
  Breakable breakable{database()};
  session::Touches touches{breakable, session_settings, metrics};
  token::Settings token_settings;
  Budgets budgets;
  account::Budgets account_budgets;
  throttle::Refusals refusals;
  account::Deps account_deps{.database = interrupted,
                             .trail = trail,
                             .identity = identity_settings,
                             .budgets = account_budgets,
                             .refusals = refusals,
                             .recent = session_settings.recent};
  Deps deps{.account = account_deps,
            .database = interrupted,
            .random = random,
            .cache = cache,
            .touches = touches,
            .hasher = hasher,
            .tokens = tokens,
            .trail = trail,
            .metrics = metrics,
            .identity = identity_settings,
            .password = password_settings,
            .session = session_settings,
            .token = token_settings,
            .budgets = budgets};
  Authenticator authenticator{deps};
  AccountId ann = testing_support::add_account(database(), noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, AuthenticatorContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(AuthenticatorContract, live_session_is_let_in_and_then_remembered) {
  const auto session = opened();
  for (const auto& request : {with_cookie(session), with_bearer(session)}) {
    const auto caller = authenticator.identify(request, http::api_surface(), noon);
    ASSERT_TRUE(caller.ok());
    EXPECT_EQ(caller->principal.account, ann);
    EXPECT_EQ(caller->principal.session, session.session.id);
    EXPECT_TRUE(remembers(request));
  }
}

TEST_P(AuthenticatorContract, revoked_session_is_refused_by_cookie_and_by_token_at_once) {
  const auto session = opened();
  const auto cookie_request = with_cookie(session);
  const auto bearer_request = with_bearer(session);
  ASSERT_TRUE(lets_in(cookie_request));
  revoke(session.session.id);
  for (const auto& request : {cookie_request, bearer_request}) {
    EXPECT_FALSE(remembers(request));
    EXPECT_FALSE(lets_in(request));
  }
}

TEST_P(AuthenticatorContract, load_that_a_revocation_overtook_is_not_remembered) {
  const auto session = opened();
  const auto request = with_cookie(session);
  interrupted.after_read = [&] { revoke(session.session.id); };
  (void)lets_in(request);  // its read came first, so either answer is true at some instant of the request
  EXPECT_FALSE(remembers(request));
  EXPECT_FALSE(lets_in(request));
  EXPECT_EQ(cache.size(), 0U);
}

TEST_P(AuthenticatorContract, load_that_a_change_of_the_account_overtook_is_not_remembered) {
  const auto session = opened();
  const auto request = with_cookie(session);
  interrupted.after_read = [&] {
    database().write(
        [&](db::Tx& tx) { EXPECT_TRUE(identity::set_status(tx, ann, identity::Status::disabled, noon).ok()); });
  };
  (void)lets_in(request);
  EXPECT_FALSE(remembers(request));
  EXPECT_FALSE(lets_in(request));
}

TEST_P(AuthenticatorContract, touch_does_not_bring_back_what_was_revoked_meanwhile) {
  const auto session = opened();
  const auto request = with_cookie(session);
  interrupted.after_read = [&] { revoke(session.session.id); };
  (void)lets_in(request, noon + 2min);  // due for a touch
  EXPECT_FALSE(lets_in(request, noon + 2min));
}

TEST_P(AuthenticatorContract, no_request_waits_until_it_is_written_that_a_session_was_used) {
  const auto session = opened();
  const auto request = with_cookie(session);
  EXPECT_TRUE(lets_in(request));
  const auto stored = [&] {
    return database().read([&](db::Tx& tx) { return session::find(tx, session.session.id, noon)->last_seen_at; });
  };
  breakable.is_broken = true;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(lets_in(request, noon + 2min + 1s * i)) << i;
  EXPECT_FALSE(touches.flush());
  EXPECT_EQ(stored(), noon);
  breakable.is_broken = false;
  EXPECT_TRUE(touches.flush()) << "it was kept";
  EXPECT_EQ(stored(), noon + 2min + 60s) << "once a minute";
}

TEST_P(AuthenticatorContract, session_in_use_does_not_go_idle) {
  const auto session = opened();
  const auto request = with_cookie(session);
  for (int day = 1; day < 30; ++day) {
    EXPECT_TRUE(lets_in(request, noon + 24h * day)) << day;
    EXPECT_TRUE(touches.flush());
  }
  EXPECT_FALSE(lets_in(request, noon + 24h * 44)) << "fifteen days unused";
}

TEST_P(AuthenticatorContract, what_is_worth_nothing_is_known_to_be_when_it_comes_again) {
  http::Request cookie_of_nobody;
  cookie_of_nobody.headers.add("Cookie", std::string{session_cookie.cookie} + "=" + std::string(43, 'A'));
  EXPECT_EQ(recalls(cookie_of_nobody), std::nullopt) << "only the database can tell";
  EXPECT_FALSE(lets_in(cookie_of_nobody));
  EXPECT_EQ(recalls(cookie_of_nobody), false);
  EXPECT_EQ(recalls(cookie_of_nobody, noon + session::Cache::trust_absent), std::nullopt);

  const auto ended = opened();
  const auto bearer = with_bearer(ended);
  revoke(ended.session.id);
  EXPECT_EQ(recalls(bearer), std::nullopt);
  EXPECT_FALSE(lets_in(bearer));
  EXPECT_EQ(recalls(bearer), false);
}

TEST_P(AuthenticatorContract, account_that_is_active_again_is_let_in_at_once) {
  const auto session = opened();
  for (const auto& request : {with_cookie(session), with_bearer(session)}) {
    const auto set = [&](identity::Status status) {
      database().write([&](db::Tx& tx) { (void)identity::set_status(tx, ann, status, noon); });
    };
    set(identity::Status::disabled);
    EXPECT_FALSE(lets_in(request));
    EXPECT_EQ(recalls(request), false);
    set(identity::Status::active);
    EXPECT_TRUE(lets_in(request));
  }
}

TEST_P(AuthenticatorContract, a_refusal_that_was_read_before_a_change_is_not_remembered_after_it) {
  const auto session = opened();
  const auto request = with_cookie(session);
  const auto set = [&](identity::Status status) {
    database().write([&](db::Tx& tx) { (void)identity::set_status(tx, ann, status, noon); });
  };
  set(identity::Status::disabled);
  interrupted.after_read = [&] { set(identity::Status::active); };
  EXPECT_FALSE(lets_in(request));
  EXPECT_TRUE(lets_in(request));
}

TEST_P(AuthenticatorContract, a_token_refused_where_another_type_belongs_is_good_where_its_own_does) {
  const auto request = with_bearer(opened());
  static constexpr TokenType other{.typ = "other+jwt", .audience_path = "/other"};
  static constexpr std::array sources{CredentialSource{.place = CredentialPlace::bearer, .token = &other}};
  http::Surface elsewhere = http::api_surface();
  elsewhere.credentials = sources;
  EXPECT_EQ(recalls(request, noon, elsewhere), false);
  EXPECT_TRUE(lets_in(request));
  EXPECT_TRUE(remembers(request));
  EXPECT_EQ(recalls(request, noon, elsewhere), false);
}

TEST_P(AuthenticatorContract, a_token_is_good_until_its_end_and_no_longer_though_it_is_remembered) {
  const auto request = with_bearer(opened());
  EXPECT_TRUE(lets_in(request));
  EXPECT_TRUE(remembers(request));
  const Time end = noon + token_settings.access_lifetime;
  EXPECT_TRUE(lets_in(request, end - 1s));
  EXPECT_FALSE(lets_in(request, end));
}

TEST_P(AuthenticatorContract, disabled_or_removed_account_is_refused) {
  const auto session = opened();
  const auto request = with_cookie(session);
  database().write([&](db::Tx& tx) { (void)identity::set_status(tx, ann, identity::Status::disabled, noon); });
  EXPECT_FALSE(lets_in(request));
  database().write([&](db::Tx& tx) { (void)identity::set_status(tx, ann, identity::Status::active, noon); });
  EXPECT_TRUE(lets_in(request));
  cache.drop_account(ann);
  database().write([&](db::Tx& tx) { EXPECT_TRUE(identity::remove(tx, ann)); });
  EXPECT_FALSE(lets_in(request));
}

TEST_P(AuthenticatorContract, revoked_session_is_never_remembered_however_requests_and_revocations_meet) {
  constexpr int rounds = 40;
  constexpr int visitors = 3;
  std::vector<http::Request> requests;
  std::vector<SessionId> ids;
  for (int i = 0; i < rounds; ++i) {
    const auto session = opened();
    requests.push_back(i % 2 == 0 ? with_cookie(session) : with_bearer(session));
    ids.push_back(session.session.id);
  }
  std::atomic<int> round = 0;
  std::atomic<int> let_in = 0;
  testing_support::race(visitors + 1, [&](int who) {
    if (who > 0) {
      for (int now = round; now < rounds; now = round) {
        if (lets_in(requests[static_cast<std::size_t>(now)])) ++let_in;
      }
      return;
    }
    for (int i = 0; i < rounds; ++i) {
      const auto at = static_cast<std::size_t>(i);
      EXPECT_TRUE(lets_in(requests[at]));
      revoke(ids[at]);
      EXPECT_FALSE(remembers(requests[at])) << i;
      EXPECT_FALSE(lets_in(requests[at])) << i;
      round = i + 1;
    }
  });
  EXPECT_EQ(cache.size(), 0U);
}

}  // namespace
}  // namespace cardea::authn
