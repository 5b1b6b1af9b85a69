// Codes by text message as a second factor: how a number is added, what its codes are worth, and for whom they are not.

#include <atomic>

#include "sms/sms.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/mfa_scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* number = "+4915112345678";

void keep_messages(app::Settings& settings) {
  settings.mail.has_mailbox = true;
  settings.features.of<sms::Settings>().is_for_development = true;
}

class Sms : public ::testing::TestWithParam<std::string> {
 protected:
  /// The last code that was sent to this number; empty: none was.
  std::string code_to(std::string_view to = number) {
    world.run_queue();
    const auto found =
        world.database().read([&](db::Tx& tx) { return mailbox::latest_to(tx, {.recipient_key = std::string{to}}); });
    return found ? found->code : "";
  }
  std::string wrong_code(std::string_view right) { return right == "123456" ? "123457" : "123456"; }
  /// Signs up and adds the number.
  Client with_number(std::string_view uid, std::string_view to = number) {
    auto client = world.client();
    client.sign_up(uid);
    EXPECT_EQ(client.post("/v1/me/sms", {{"number", std::string{to}}}).status, 202);
    EXPECT_EQ(client.post("/v1/me/sms/confirm", {{"code", code_to(to)}}).status, 200);
    return client;
  }
  std::string sent_for(Client& browser) {
    const auto sent = browser.post("/v1/sms/send");
    EXPECT_EQ(sent.status, 202) << sent.body;
    return code_to();
  }
  std::int64_t rows(std::string_view table) {
    return world.database().read([&](db::Tx& tx) {
      return table == "sms_factor" ? tx.one("SELECT count(*) FROM sms_factor")->integer(0)
                                   : tx.one("SELECT count(*) FROM sms_enrolment")->integer(0);
    });
  }

  MfaScene scene{GetParam(), keep_messages};
  World& world = scene.world;
};
INSTANTIATE_TEST_SUITE_P(engines, Sms, testing_support::both_engines(), testing_support::engine_name);

// ASVS 6.6.1
TEST_P(Sms, number_is_added_by_its_code_and_asked_for_from_then_on) {
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.get("/v1/me/sms").json("enrolled"), false);
  EXPECT_EQ(ann.get("/v1/me/sms").json("available"), true);
  const auto sent = ann.post("/v1/me/sms", {{"number", "+49 1511 234-5678"}});
  EXPECT_EQ(sent.status, 202);
  EXPECT_EQ(sent.text("sent_to"), "•••• 78");
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete") << "one that is not confirmed is none";
  const auto code = code_to();
  EXPECT_EQ(code.size(), 6U);
  EXPECT_EQ(ann.post("/v1/me/sms/confirm", {{"code", wrong_code(code)}}).code(), "invalid_code");
  EXPECT_EQ(ann.post("/v1/me/sms/confirm", {{"code", code}}).json("state"), "complete");
  EXPECT_EQ(ann.get("/v1/me/sms").text("number"), "•••• 78");
  EXPECT_EQ(scene.audit("mfa.enrolled"), Texts{"sms_code"});

  auto browser = world.client();
  EXPECT_EQ(browser.sign_in("ann").json("methods"), (wire::Value{wire::Array{"sms_code"}}));
  const auto in = send(browser, sent_for(browser), "sms_code");
  EXPECT_EQ(in.json("state"), "complete") << in.body;
  EXPECT_EQ(browser.get("/v1/me/sms").status, 200);
}

// ASVS 6.5.5
TEST_P(Sms, code_works_once_and_for_ten_minutes) {
  with_number("ann");
  auto browser = scene.halfway("ann");
  const auto code = sent_for(browser);
  auto copy = browser;
  EXPECT_EQ(send(browser, code, "sms_code").json("state"), "complete");
  EXPECT_NE(send(copy, code, "sms_code").status, 200);

  auto late = scene.halfway("ann");
  const auto old_code = sent_for(late);
  const auto new_code = sent_for(late);
  if (old_code != new_code) EXPECT_EQ(send(late, old_code, "sms_code").code(), "invalid_code") << "a newer was sent";
  world.advance(9min);
  auto again = late;
  EXPECT_EQ(send(late, new_code, "sms_code").json("state"), "complete");
  auto later = scene.halfway("ann");
  const auto last = sent_for(later);
  world.advance(10min);
  EXPECT_NE(send(later, last, "sms_code").status, 200);
}

// ASVS 6.6.2
TEST_P(Sms, code_is_worth_nothing_elsewhere) {
  auto ann = with_number("ann");
  auto bob = with_number("bob", "+4915187654321");
  auto mine = scene.halfway("ann");
  const auto code = sent_for(mine);
  auto thief = scene.halfway("ann");
  EXPECT_NE(send(thief, code, "sms_code").status, 200) << "of another sign-in";
  auto other = scene.halfway("bob");
  EXPECT_NE(send(other, code, "sms_code").status, 200) << "of another account";
  const auto again = ann.post("/v1/reauth", {{"method", "sms_code"}, {"code", code}});
  EXPECT_NE(again.status, 200) << "of no session";
  EXPECT_NE(ann.post("/v1/me/sms/confirm", {{"code", code}}).status, 200) << "of no enrolment";
  EXPECT_EQ(send(mine, code, "sms_code").json("state"), "complete");
}

// ASVS 6.6.3
TEST_P(Sms, code_is_guessed_five_times_at_most_and_sign_ins_share_their_guesses) {
  with_number("ann");
  auto stranger = scene.halfway("ann");
  stranger.drop_cookie(known_cookie_name);
  const auto code = sent_for(stranger);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(stranger, wrong_code(code), "sms_code").code(), "invalid_code");
  EXPECT_NE(send(stranger, code, "sms_code").status, 200) << "it is spent";
  auto next = scene.halfway("ann");
  next.drop_cookie(known_cookie_name);
  const auto second = sent_for(next);
  EXPECT_EQ(send(next, wrong_code(second), "sms_code").code(), "invalid_code");
  EXPECT_EQ(send(next, second, "sms_code").code(), "rate_limited") << "of the budget that counts a year";
}

// ASVS 6.5.1
TEST_P(Sms, of_many_at_once_with_one_code_exactly_one_signs_in) {
  with_number("ann");
  const auto browser = scene.halfway("ann");
  auto asking = browser;
  const auto code = sent_for(asking);
  const auto before = scene.count("session");
  std::atomic<int> opened = 0;
  testing_support::race(8, [&](int) {
    auto copy = browser;
    if (send(copy, code, "sms_code").status == 200) ++opened;
  });
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(scene.count("session"), before + 1);
}

TEST_P(Sms, of_many_at_once_with_the_first_code_exactly_one_enrols) {
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/v1/me/sms", {{"number", number}});
  const auto code = code_to();
  std::atomic<int> enrolled = 0;
  testing_support::race(8, [&](int) {
    auto copy = ann;
    if (copy.post("/v1/me/sms/confirm", {{"code", code}}).status == 200) ++enrolled;
  });
  EXPECT_EQ(enrolled, 1);
  EXPECT_EQ(rows("sms_factor"), 1);
  EXPECT_EQ(rows("sms_enrolment"), 0);
}

TEST_P(Sms, guesses_at_once_are_no_more_than_one_after_the_other) {
  with_number("ann");
  const auto browser = scene.halfway("ann");
  auto asking = browser;
  const auto code = sent_for(asking);
  std::atomic<int> judged = 0;
  testing_support::race(8, [&](int) {
    for (int i = 0; i < 4; ++i) {
      auto copy = browser;
      if (send(copy, wrong_code(code), "sms_code").code() == "invalid_code") ++judged;
    }
  });
  EXPECT_LE(judged, 5);
  EXPECT_NE(send(asking, code, "sms_code").status, 200);
}

// ASVS 6.6.1
TEST_P(Sms, is_nothing_beside_an_authenticator_app) {
  auto ann = with_number("ann");
  auto waiting = scene.halfway("ann");
  const auto code = sent_for(waiting);
  const auto app = scene.enrol_app(ann);
  scene.next_step();
  EXPECT_NE(send(waiting, code, "sms_code").status, 200) << "sent before the app was there";
  auto browser = world.client();
  EXPECT_EQ(browser.sign_in("ann").json("methods"), (wire::Value{wire::Array{"totp"}}));
  EXPECT_EQ(browser.post("/v1/sms/send").code(), "not_found");
  EXPECT_EQ(send(browser, "123456", "sms_code").code(), "not_found");
  EXPECT_EQ(ann.post("/v1/sms/send").code(), "not_found");
  EXPECT_EQ(ann.del("/v1/me/totp").status, 204);
  EXPECT_EQ(world.client().sign_in("ann").json("methods"), (wire::Value{wire::Array{"sms_code"}})) << "again";
}

TEST_P(Sms, that_was_shown_does_not_change_what_is_stronger) {
  with_number("ann");
  auto browser = scene.halfway("ann");
  EXPECT_EQ(send(browser, sent_for(browser), "sms_code").json("state"), "complete");
  EXPECT_EQ(browser.post("/v1/me/recovery-codes").status, 201) << "while there is nothing stronger";
  // Whichever way it came there.
  world.database().write([&](db::Tx& tx) {
    tx.run("INSERT INTO totp (account_id, secret_sealed, last_step, enrolled_at) VALUES ($1, $2, 0, 0)",
           world.id_of("ann"), Bytes{1, 2, 3});
  });
  EXPECT_EQ(browser.del("/v1/me/totp").code(), "reauth_required");
  EXPECT_EQ(browser.post("/v1/me/recovery-codes").code(), "reauth_required");
  EXPECT_EQ(browser.post("/v1/me/sms", {{"number", "+4915187654321"}}).code(), "reauth_required");
  EXPECT_EQ(browser.post("/v1/passkeys/register/options", {{"kind", "security_key"}}).code(), "reauth_required");
  EXPECT_TRUE(browser.get("/reauth").mentions("authenticator app")) << "and is asked for that";
}

TEST_P(Sms, is_added_replaced_and_removed_by_who_has_just_shown_all) {
  auto ann = with_number("ann");
  world.advance(11min);
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915187654321"}}).code(), "reauth_required");
  EXPECT_EQ(ann.del("/v1/me/sms").code(), "reauth_required");
  EXPECT_EQ(ann.reauthenticate().status, 200);
  EXPECT_EQ(ann.del("/v1/me/sms").code(), "reauth_required") << "the password alone is not all";
  const auto code = sent_for(ann);
  const auto shown = ann.post("/v1/reauth", {{"password", good_password}, {"method", "sms_code"}, {"code", code}});
  EXPECT_EQ(shown.status, 200) << shown.body;
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915187654321"}}).status, 202);
  EXPECT_EQ(ann.post("/v1/me/sms/confirm", {{"code", code_to("+4915187654321")}}).status, 200);
  EXPECT_EQ(ann.get("/v1/me/sms").text("number"), "•••• 21") << "one number for each account";
  EXPECT_EQ(rows("sms_factor"), 1);
  EXPECT_EQ(ann.del("/v1/me/sms").status, 204);
  EXPECT_EQ(ann.del("/v1/me/sms").code(), "not_found");
  EXPECT_EQ(world.client().sign_in("ann").json("state"), "complete");
}

TEST_P(Sms, code_to_a_number_is_nothing_once_there_is_another) {
  auto ann = with_number("ann");
  auto thief = scene.halfway("ann");
  const auto code = sent_for(thief);
  world.advance(1s);
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915187654321"}}).status, 202);
  EXPECT_EQ(ann.post("/v1/me/sms/confirm", {{"code", code_to("+4915187654321")}}).status, 200);
  EXPECT_NE(send(thief, code, "sms_code").status, 200);
}

TEST_P(Sms, messages_to_one_number_have_a_budget_whoever_asks) {
  with_number("ann");
  for (int i = 0; i < 3; ++i) {
    auto browser = scene.halfway("ann");
    EXPECT_EQ(browser.post("/v1/sms/send").status, 202);
  }
  auto browser = scene.halfway("ann");
  const auto refused = browser.post("/v1/sms/send");
  EXPECT_EQ(refused.code(), "rate_limited");
  EXPECT_NE(refused.header("Retry-After"), "");
  auto mallory = world.client();
  mallory.from("198.51.100.99").sign_up("mallory");
  EXPECT_EQ(mallory.post("/v1/me/sms", {{"number", number}}).code(), "rate_limited") << "from elsewhere";
  EXPECT_EQ(mallory.post("/v1/me/sms", {{"number", "+4915187654321"}}).status, 202);
}

TEST_P(Sms, messages_to_a_block_of_numbers_and_of_a_network_have_a_budget) {
  world.restart([](app::Settings& settings) {
    settings.features.of<sms::Settings>().block.free = 3;
    settings.features.of<sms::Settings>().network.free = 5;
  });
  int sent = 0;
  const auto ask = [&](const std::string& to, const std::string& from) {
    auto client = world.client();
    client.from(from).sign_up("user" + std::to_string(++sent));
    return client.post("/v1/me/sms", {{"number", to}}).status;
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(ask("+491511234500" + std::to_string(i), "198.51.100." + std::to_string(i)), 202);
  }
  EXPECT_EQ(ask("+4915112345009", "198.51.100.9"), 429) << "the block is spent";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(ask("+49151" + std::to_string(i) + "1234567", "203.0.113.5"), 202);
  EXPECT_EQ(ask("+4915191234567", "203.0.113.5"), 429) << "the network is";
  EXPECT_EQ(ask("+4915191234567", "203.0.113.6"), 202);
}

TEST_P(Sms, number_and_code_lie_sealed_and_are_in_no_log) {
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/v1/me/sms", {{"number", number}});
  const auto waiting = world.database().read(
      [](db::Tx& tx) { return tx.one("SELECT payload FROM job WHERE kind = 'sms.send'")->text(0); });
  const auto code = code_to();
  EXPECT_EQ(waiting.find(code), std::string::npos);
  EXPECT_EQ(waiting.find("15112345678"), std::string::npos);
  ann.post("/v1/me/sms/confirm", {{"code", code}});
  const auto stored =
      world.database().read([](db::Tx& tx) { return tx.one("SELECT number_sealed FROM sms_factor")->bytes(0); });
  EXPECT_EQ(as_text(stored).find("15112345678"), std::string::npos);
  EXPECT_EQ(world.log().find("15112345678"), std::string::npos);
  EXPECT_EQ(world.log().find(code), std::string::npos);
}

TEST_P(Sms, goes_with_its_account_and_what_was_begun_with_time) {
  auto ann = with_number("ann");
  auto bob = world.client();
  bob.sign_up("bob");
  bob.post("/v1/me/sms", {{"number", "+4915187654321"}});
  EXPECT_EQ(rows("sms_enrolment"), 1);
  world.advance(10min);
  EXPECT_EQ(bob.post("/v1/me/sms/confirm", {{"code", code_to("+4915187654321")}}).code(), "sms.not_started");
  world.run_jobs();
  EXPECT_EQ(rows("sms_enrolment"), 0);
  world.advance(-10min);
  EXPECT_EQ(ann.del("/v1/me").status, 204);
  erase_closed(world);
  EXPECT_EQ(rows("sms_factor"), 0);
}

}  // namespace
}  // namespace cardea::api_tests
