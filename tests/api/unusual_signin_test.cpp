// A right password from a browser and a network that are both new to the account: whoever has stolen it is asked for
// what its owner alone receives, and the owner at home is not.

#include <atomic>

#include "tests/api/email_code_scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view elsewhere = "198.51.100.7";
constexpr std::string_view abroad = "2001:db8:7::1";

/// "ann" has signed up at 192.0.2.10 and confirmed her address.
class UnusualSignIn : public EmailCode {
 protected:
  UnusualSignIn() { world.run_queue(); }

  /// A browser that nobody has seen before, there.
  Client fresh(std::string_view address) {
    auto browser = world.client();
    browser.from(address);
    return browser;
  }
  std::string state_at(std::string_view address) { return fresh(address).sign_in("ann").text("state"); }
  /// One that has shown the password and is asked for more.
  Client asked(std::string_view address = elsewhere) {
    world.run_queue();
    auto browser = fresh(address);
    const auto answer = browser.sign_in("ann");
    EXPECT_EQ(answer.text("state"), "mfa_required") << answer.body;
    return browser;
  }
  std::string code() { return world.letter_to(ann_mail).code; }
  void execute(const char* kind) {
    world.database().write([&](db::Tx& tx) {
      if (std::string_view{kind} == "browsers") tx.run("DELETE FROM known_browser");
      if (std::string_view{kind} == "networks") tx.run("UPDATE known_browser SET network = NULL");
      if (std::string_view{kind} == "address") tx.run("UPDATE account SET email_verified_at = NULL");
    });
  }
  static World::Adjust with(const std::function<void(app::Settings&)>& more) {
    return [more](app::Settings& settings) {
      with_codes(settings);
      more(settings);
    };
  }

  static void without_mail(app::Settings& settings) {
    settings.mail.has_mailbox = false;
    settings.identity.can_send_mail = false;
  }

  Client ann = confirmed();
};
INSTANTIATE_TEST_SUITE_P(engines, UnusualSignIn, ::testing::Values("sqlite", "postgres"));

TEST_P(UnusualSignIn, stranger_with_the_password_is_asked_for_a_mailed_code) {
  auto thief = fresh(elsewhere);
  const auto answer = thief.sign_in("ann");
  EXPECT_EQ(answer.members(), (Texts{"expires_at", "methods", "state", "unusual"}));
  EXPECT_EQ(answer.json("state"), "mfa_required");
  EXPECT_EQ(answer.json("methods"), (wire::Value{wire::Array{"email_code"}}));
  EXPECT_EQ(answer.json("unusual"), wire::Value{true});
  EXPECT_EQ(thief.cookie(session_cookie_name), "");
  EXPECT_EQ(thief.cookie(known_cookie_name), "") << "he is no more known than before";
  const auto sent = code();
  ASSERT_EQ(sent.size(), 6U);
  EXPECT_EQ(send(thief, other_than(sent), "email_code").code(), "invalid_code");
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(scene.audit("signin.unusual"), (Texts{"email_code"}));
  EXPECT_EQ(state_at(elsewhere), "mfa_required") << "to have been asked makes nothing known";
}

TEST_P(UnusualSignIn, owner_who_reads_the_code_gets_in_and_is_known_there) {
  auto owner = asked();
  const auto in = send(owner, code(), "email_code");
  EXPECT_EQ(in.json("state"), "complete") << in.body;
  EXPECT_EQ(owner.get("/v1/session").status, 200);
  EXPECT_EQ(scene.audit("signin.succeeded").back(), "password+email_code");
  EXPECT_EQ(state_at("198.51.100.200"), "complete") << "of the same network";
  EXPECT_EQ(state_at("198.51.101.7"), "mfa_required") << "of the next one";
}

TEST_P(UnusualSignIn, owner_at_home_and_a_known_browser_anywhere_are_not_asked) {
  EXPECT_EQ(state_at("192.0.2.77"), "complete") << "a new browser in a network that is known";
  ann.drop_cookie(session_cookie_name);
  EXPECT_EQ(ann.from(elsewhere).sign_in("ann").json("state"), "complete") << "a known browser in a new network";
  EXPECT_EQ(state_at(elsewhere), "complete") << "which is known from now on";
  EXPECT_EQ(state_at("192.0.2.10"), "complete") << "and so is home";
  EXPECT_TRUE(scene.audit("signin.unusual").empty());
}

TEST_P(UnusualSignIn, networks_of_ipv6_are_those_of_a_site) {
  auto owner = asked(abroad);
  EXPECT_EQ(send(owner, code(), "email_code").status, 200);
  EXPECT_EQ(state_at("2001:db8:7:9::5"), "complete");
  EXPECT_EQ(state_at("2001:db8:8::1"), "mfa_required");
}

TEST_P(UnusualSignIn, another_account_of_the_network_makes_nothing_known) {
  fresh(elsewhere).sign_up("bob");
  EXPECT_EQ(state_at(elsewhere), "mfa_required");
}

TEST_P(UnusualSignIn, network_is_known_for_a_year) {
  world.advance(known_browser::lifetime);
  EXPECT_EQ(state_at("192.0.2.10"), "mfa_required") << "an account that slept is no account without a history";
}

TEST_P(UnusualSignIn, account_without_a_history_is_not_asked) {
  execute("networks");
  EXPECT_EQ(state_at(elsewhere), "complete") << "whose browsers are older than the record of networks";
  execute("browsers");
  EXPECT_EQ(state_at(abroad), "complete") << "that has none";
  EXPECT_EQ(state_at(elsewhere), "mfa_required") << "and has one now";
}

TEST_P(UnusualSignIn, who_can_be_asked_for_nothing_is_let_in_and_it_is_recorded) {
  execute("address");
  EXPECT_EQ(state_at(elsewhere), "complete");
  EXPECT_EQ(scene.audit("signin.unusual"), (Texts{"nothing"}));
}

TEST_P(UnusualSignIn, nobody_waits_for_a_letter_that_does_not_come) {
  world.database().write([&](db::Tx& tx) {
    tx.run("INSERT INTO mail_bounce (address_key, reply, bounced_at) VALUES ($1, 550, $2)", ann_mail, world.now());
  });
  EXPECT_EQ(state_at(elsewhere), "complete") << "the address takes no mail";
  EXPECT_EQ(scene.audit("signin.unusual").back(), "nothing");
  world.database().write([](db::Tx& tx) { tx.run("DELETE FROM mail_bounce"); });
  EXPECT_EQ(state_at(abroad), "mfa_required") << "it does again";
  world.restart(without_mail);
  EXPECT_EQ(state_at(abroad), "complete") << "this server sends none";
  EXPECT_EQ(scene.audit("signin.unusual").back(), "nothing");
}

// Fails closed for who was asked already: waiting until mail is off opens nothing.
TEST_P(UnusualSignIn, who_was_asked_is_asked_on) {
  auto thief = asked();
  world.restart(without_mail);
  EXPECT_EQ(thief.get("/signin/verify").status, 200);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_NE(thief.get("/verify").status, 200);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(send(thief, "000000", "email_code").code(), "invalid_code");
}

TEST_P(UnusualSignIn, who_has_a_second_factor_is_asked_for_that) {
  const auto app = scene.enrol_app(ann);
  scene.next_step();
  auto browser = fresh(elsewhere);
  const auto answer = browser.sign_in("ann");
  EXPECT_EQ(answer.members(), (Texts{"expires_at", "methods", "state"}));
  EXPECT_EQ(answer.json("methods"), (wire::Value{wire::Array{"totp"}}));
  EXPECT_EQ(send(browser, "000000", "email_code").status, 404) << "the code is none in its place";
  EXPECT_EQ(send(browser, app.code()).json("state"), "complete");
  EXPECT_EQ(scene.audit("signin.unusual"), (Texts{"totp"}));
}

TEST_P(UnusualSignIn, factor_that_is_enrolled_meanwhile_is_asked_for_instead) {
  auto thief = asked();
  const auto sent = code();
  const auto app = scene.enrol_app(ann);
  scene.next_step();
  EXPECT_EQ(send(thief, sent, "email_code").status, 404);
  EXPECT_EQ(thief.get("/v1/session").status, 401);
  EXPECT_EQ(send(thief, app.code()).json("state"), "complete");
}

TEST_P(UnusualSignIn, code_in_place_of_a_factor_is_none_where_one_is_required) {
  world.restart(with(with_mfa(authn::Mfa::required)));
  auto owner = asked();
  EXPECT_EQ(send(owner, code(), "email_code").json("state"), "enrol_required");
  EXPECT_EQ(owner.get("/v1/session").status, 401);
  const App app{world, owner.post("/v1/signin/enrol/totp").text("secret")};
  EXPECT_EQ(owner.post("/v1/signin/enrol/totp/confirm", {{"code", app.code()}}).json("state"), "complete");
}

TEST_P(UnusualSignIn, nobody_is_asked_where_it_is_off) {
  world.restart(with([](app::Settings& settings) { settings.signin.unusual = authn::Unusual::off; }));
  EXPECT_EQ(state_at(elsewhere), "complete");
  EXPECT_TRUE(scene.audit("signin.unusual").empty());
}

TEST_P(UnusualSignIn, wrong_password_is_told_the_same_from_anywhere) {
  auto here = fresh("192.0.2.99");
  auto there = fresh(elsewhere);
  const auto known = here.sign_in("ann", wrong_password);
  const auto unknown = there.sign_in("ann", wrong_password);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(unknown.members(), known.members());
  EXPECT_EQ(unknown.code(), known.code());
  EXPECT_TRUE(scene.audit("signin.unusual").empty());
}

// The link is a proof of the mailbox by itself: who has just shown it is not asked for it again, there.
TEST_P(UnusualSignIn, new_password_by_a_link_makes_its_place_known_and_no_other) {
  auto owner = fresh(elsewhere);
  world.run_queue();
  EXPECT_EQ(owner.post("/v1/recover", {{"uid", "ann"}}).status, 204);
  const auto link = link_in(world.letter_to(ann_mail), "/password-reset");
  ASSERT_NE(link, "");
  EXPECT_EQ(owner.post("/v1/recover/complete", {{"link", secret_in(link)}, {"password", other_password}}).status, 204);
  const auto state = [&](std::string_view address) {
    return fresh(address).sign_in("ann", other_password).text("state");
  };
  EXPECT_EQ(state("192.0.2.10"), "mfa_required") << "of before";
  EXPECT_EQ(state(elsewhere), "complete");
}

TEST_P(UnusualSignIn, place_that_was_disowned_is_not_known) {
  auto thief = asked();
  EXPECT_EQ(send(thief, code(), "email_code").status, 200) << "who read the mail, too";
  EXPECT_EQ(ann.post("/v1/activity/secure").status, 204);
  EXPECT_EQ(state_at(elsewhere), "mfa_required");
  EXPECT_EQ(state_at("192.0.2.10"), "complete") << "where it was said";
}

TEST_P(UnusualSignIn, one_code_opens_one_session_however_often_it_is_shown_at_once) {
  auto owner = asked();
  const auto sent = code();
  const auto before = scene.count("session");
  std::vector<Client> tabs(16, owner);
  std::atomic<int> opened = 0;
  testing_support::race(16, [&](int i) {
    if (send(tabs[static_cast<std::size_t>(i)], sent, "email_code").status == 200) ++opened;
  });
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(scene.count("session"), before + 1);
}

TEST_P(UnusualSignIn, code_is_good_in_its_own_sign_in_alone) {
  auto owner = asked();
  const auto sent = code();
  auto thief = asked();
  EXPECT_EQ(send(thief, sent, "email_code").code(), "invalid_code");
  EXPECT_EQ(send(owner, sent, "email_code").status, 200);
}

TEST_P(UnusualSignIn, pages_say_why_and_go_on_without_a_script) {
  auto owner = fresh(elsewhere);
  const auto to_verify = owner.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(to_verify.header("Location"), "/signin/verify?next=");
  const auto page = owner.follow(to_verify);
  EXPECT_TRUE(page.mentions("not how your account is usually signed in to"));
  EXPECT_EQ(owner.submit("/signin/verify", {{"code", "000000"}}).status, 401);
  EXPECT_EQ(owner.submit("/signin/verify", {{"code", code()}}).status, 303);
  EXPECT_EQ(owner.get("/v1/session").status, 200);
}

TEST_P(UnusualSignIn, surface_without_a_second_step_is_no_way_around) {
  auto program = world.curl();
  program.from(elsewhere);
  EXPECT_EQ(program.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}}).status, 403);
  EXPECT_EQ(program.get("/v1/session").status, 401);
}

}  // namespace
}  // namespace cardea::api_tests
