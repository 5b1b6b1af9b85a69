// Somebody forgot the password: the link that the operator hands over, and what it may and may not do.

#include <algorithm>
#include <array>
#include <thread>

#include "crypto/opaque_token.hpp"
#include "http/problem.hpp"
#include "login/login.hpp"
#include "password_reset/password_reset.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* new_password = "nine lanterns on a river";

class PasswordReset : public ::testing::Test {
 protected:
  Context by_operator() {
    return {.now = world.now(),
            .origin = {.surface = "cli"},
            .principal = Principal{.permissions = Permissions{Role::owner}}};
  }
  /// "/password-reset?link=…"
  std::string link_for(std::string_view uid) {
    const auto made = password_reset::make_link(world.house().account(), by_operator(), world.id_of(uid));
    return password_reset::address_of("", *made.value().link);
  }
  static Answer set(Client& browser, const std::string& link, const char* password = new_password) {
    return browser.submit(link, {{"password", password}, {"password_confirm", password}}, "/password-reset");
  }
  /// The same without opening the page: with a form's token from another page.
  Answer set_unseen(Client& browser, const std::string& link) {
    return browser.post_form("/password-reset", {{"csrf", token_of(browser)},
                                                 {"link", link.substr(link.find('=') + 1)},
                                                 {"password", new_password},
                                                 {"password_confirm", new_password}});
  }
  static std::string token_of(Client& browser) {
    const auto body = browser.get("/signin").body;
    const auto at = body.find("name=\"csrf\" value=\"") + 19;
    return body.substr(at, body.find('"', at) - at);
  }

  World world;
};

TEST_F(PasswordReset, link_sets_a_new_password_once_and_opens_no_session) {
  world.client().sign_up("ann");
  const auto link = link_for("ann");
  auto browser = world.client();
  EXPECT_EQ(browser.get(link).status, 200);
  EXPECT_EQ(browser.get(link).status, 200) << "to look at it does not use it up";
  const auto answer = set(browser, link);
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.header("Location"), "/signin");
  EXPECT_NE(browser.follow(answer).body.find("Your new password is set"), std::string::npos);
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  EXPECT_EQ(world.client().sign_in("ann").status, 401) << "the old password is none any more";
  EXPECT_EQ(world.client().sign_in("ann", new_password).status, 200);
  EXPECT_EQ(browser.get(link).status, 410);
  EXPECT_EQ(set_unseen(browser, link).status, 410);
}

TEST_F(PasswordReset, ends_every_session_and_forgets_every_browser) {
  auto ann = world.client();
  ann.sign_up("ann");
  auto phone = world.client();
  phone.sign_in("ann");
  auto browser = world.client();
  set(browser, link_for("ann"));
  EXPECT_EQ(ann.get("/v1/session").status, 401);
  EXPECT_EQ(phone.get("/v1/session").status, 401);
  for (const auto& client : {ann, phone}) {
    const auto key = crypto::opaque_token_hash(client.cookie(known_browser::cookie_name)).value();
    EXPECT_FALSE(known_browser::is_known(world.database(), world.id_of("ann"), key, world.now()));
  }
}

// ASVS 6.4.1
TEST_F(PasswordReset, link_ends_after_twenty_minutes_or_with_the_next_one) {
  world.client().sign_up("ann");
  const auto first = link_for("ann");
  world.advance(19min);
  auto browser = world.client();
  EXPECT_EQ(browser.get(first).status, 200);
  world.advance(1min);
  EXPECT_EQ(browser.get(first).status, 410);
  const auto second = link_for("ann");
  const auto third = link_for("ann");
  EXPECT_EQ(browser.get(second).status, 410);
  EXPECT_EQ(browser.get(third).status, 200);
}

TEST_F(PasswordReset, link_of_two_at_once_is_used_by_one) {
  world.client().sign_up("ann");
  const auto link = link_for("ann");
  std::array<Client, 2> browsers{world.client(), world.client()};
  std::array<int, 2> statuses{};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 2; ++i) {
    threads.emplace_back([&, i] { statuses[i] = set_unseen(browsers[i], link).status; });
  }
  for (auto& thread : threads) thread.join();
  std::sort(statuses.begin(), statuses.end());
  EXPECT_EQ(statuses, (std::array{303, 410}));
}

TEST_F(PasswordReset, link_of_an_account_that_is_blocked_or_gone_is_none) {
  for (const char* uid : {"ann", "bob"}) world.client().sign_up(uid);
  const auto of_ann = link_for("ann");
  const auto of_bob = link_for("bob");
  (void)account::block(world.house().account(), by_operator(), world.id_of("ann"));
  (void)account::remove(world.house().account(), by_operator(), world.id_of("bob"));
  auto browser = world.client();
  for (const auto& link : {of_ann, of_bob}) {
    EXPECT_EQ(browser.get(link).status, 410);
    EXPECT_EQ(set_unseen(browser, link).status, 410);
  }
  const auto refused = password_reset::make_link(world.house().account(), by_operator(), world.id_of("ann"));
  EXPECT_TRUE(!refused && refused.error().is(password_reset::account_blocked));
}

TEST_F(PasswordReset, link_of_before_a_change_stays_none_when_it_is_changed_back) {
  for (const char* uid : {"ann", "bob", "cid", "dee"}) {
    world.client().sign_up(uid, {{"email", std::string{uid} + "@example.com"}});
  }
  const auto change_address = [this](const char* uid, std::string_view address) {
    world.database().write([&](db::Tx& tx) {
      const identity::Change change{.email = std::string{address}};
      EXPECT_TRUE(identity::update(tx, world.id_of(uid), change, world.now()).ok());
    });
  };
  const auto& accounts = world.house().account();
  const std::array links{link_for("ann"), link_for("bob"), link_for("cid")};
  const auto untouched = link_for("dee");
  EXPECT_TRUE(account::block(accounts, by_operator(), world.id_of("ann")).ok());
  EXPECT_TRUE(account::unblock(accounts, by_operator(), world.id_of("ann")).ok());
  EXPECT_TRUE(account::request_removal(accounts, by_operator(), world.id_of("bob")).ok());
  EXPECT_TRUE(account::restore(accounts, by_operator(), world.id_of("bob")).ok());
  change_address("cid", "other@example.com");
  change_address("cid", "cid@example.com");
  change_address("dee", "dee@example.com");
  auto browser = world.client();
  for (const auto& link : links) {
    EXPECT_EQ(browser.get(link).status, 410);
    EXPECT_EQ(set_unseen(browser, link).status, 410);
  }
  EXPECT_EQ(set(browser, untouched).status, 303) << "nothing changed";
  EXPECT_EQ(set(browser, link_for("ann")).status, 303) << "and a new one works";
}

TEST_F(PasswordReset, password_obeys_the_rules_and_a_refused_one_leaves_the_link) {
  world.client().sign_up("ann");
  const auto link = link_for("ann");
  auto browser = world.client();
  EXPECT_EQ(set(browser, link, "short").status, 422);
  EXPECT_EQ(
      browser.submit(link, {{"password", new_password}, {"password_confirm", "another"}}, "/password-reset").status,
      422);
  EXPECT_EQ(set(browser, link).status, 303);
}

// ASVS 6.4.6
TEST_F(PasswordReset, is_asked_for_by_the_operator_of_the_machine_alone) {
  world.client().sign_up("ann");
  auto bob = world.client();
  bob.sign_up("bob");
  world.make_admin("bob");
  const Context by_bob{.now = world.now(),
                       .principal = Principal{.account = world.id_of("bob"),
                                              .session = SessionId::parse(bob.get("/v1/session").text("session/id")),
                                              .permissions = Permissions{Role::owner}}};
  for (const auto& context : {by_bob, Context{.now = world.now()}}) {
    const auto made = password_reset::make_link(world.house().account(), context, world.id_of("ann"));
    EXPECT_TRUE(!made && made.error().is(http::forbidden));
  }
}

TEST_F(PasswordReset, tries_are_counted_by_network) {
  auto mallory = world.client();
  const std::string link = "/password-reset?link=" + std::string(43, 'A');
  for (int i = 0; i < 20; ++i) EXPECT_EQ(set_unseen(mallory, link).status, 410);
  set_unseen(mallory, link);
  const auto text = world.database().read(
      [](db::Tx& tx) { return tx.one("SELECT count(*) FROM throttle WHERE blocked_until > 0")->integer(0); });
  EXPECT_GT(text, 0) << "a wait has begun";
}

TEST_F(PasswordReset, token_is_neither_stored_nor_logged) {
  world.client().sign_up("ann");
  const auto link = link_for("ann");
  const auto token = link.substr(link.find('=') + 1);
  auto browser = world.client();
  set(browser, link);
  EXPECT_EQ(world.log().find(token), std::string::npos);
  const auto rows = world.database().read([&](db::Tx& tx) {
    return tx.one("SELECT count(*) FROM audit_event WHERE subject = $1 OR reason = $1", token)->integer(0);
  });
  EXPECT_EQ(rows, 0);
}

TEST_F(PasswordReset, sign_in_page_says_what_to_do_unless_it_is_turned_off) {
  EXPECT_NE(world.client().get("/signin").body.find("Ask your administrator for a link"), std::string::npos);
  world.restart([](app::Settings& settings) { settings.features.of<login::Settings>().forgot = "Call <555>."; });
  EXPECT_NE(world.client().get("/signin").body.find("Call &lt;555&gt;."), std::string::npos);
  world.restart([](app::Settings& settings) { settings.features.of<login::Settings>().forgot = ""; });
  EXPECT_EQ(world.client().get("/signin").body.find("Forgot"), std::string::npos);
}

TEST(ReservedNames, are_refused_on_every_road_on_which_a_stranger_signs_up) {
  World world{[](app::Settings& settings) { settings.identity.reserved = {"acme"}; }};
  for (const char* uid : {"admin", "Admin", "аdmin", "root", "..", "A.C.M.E", "usr_01KAT3W7XH3V4A5RD3RNZTT0SB"}) {
    const auto api = world.client().sign_up(uid, {{"name", "Somebody"}});
    EXPECT_EQ(api.status, 422) << uid;
    EXPECT_NE(api.body.find("\"uid_reserved\""), std::string::npos) << uid << api.body;
    const auto page = world.client().submit(
        "/signup",
        {{"name", "Somebody"}, {"uid", uid}, {"password", good_password}, {"password_confirm", good_password}});
    EXPECT_EQ(page.status, 422) << uid;
    EXPECT_NE(page.body.find("This user id is reserved"), std::string::npos) << uid;
    const auto older =
        world.curl().post("/api/users", {{"name", "Somebody"}, {"uid", uid}, {"password", good_password}});
    EXPECT_NE(older.status, 200) << uid;
  }
  EXPECT_EQ(world.accounts(), 0);
  EXPECT_EQ(world.client().sign_up("badminton").status, 201);
}

}  // namespace
}  // namespace cardea::api_tests
