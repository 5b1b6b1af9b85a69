// Codes by text message on pages, without scripts; and what is sent by the operator's gateway.

#include "sms/sms.hpp"
#include "tests/api/mfa_scene.hpp"
#include "tests/support/fake_server.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FakeServer;
using testing_support::http_reply;

constexpr const char* own_page = "/account/security/sms";

std::string code_to(World& world, std::string_view to) {
  world.run_queue();
  const auto found =
      world.database().read([&](db::Tx& tx) { return mailbox::latest_to(tx, {.recipient_key = std::string{to}}); });
  return found ? found->code : "";
}

World::Adjust kept() {
  return [](app::Settings& settings) {
    settings.mail.has_mailbox = true;
    settings.features.of<sms::Settings>().is_for_development = true;
  };
}

TEST(SmsPages, add_a_number_sign_in_by_it_and_remove_it) {
  MfaScene scene{"sqlite", kept()};
  World& world = scene.world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_TRUE(ann.get("/account/security").mentions("Code by text message"));
  EXPECT_TRUE(ann.get("/account/security").mentions("(weaker)"));
  const auto wrong = ann.submit(own_page, {{"number", "0151 12345678"}}, own_page);
  EXPECT_EQ(wrong.status, 422);
  EXPECT_TRUE(wrong.mentions("Write the number with a plus"));
  EXPECT_TRUE(wrong.mentions("0151 12345678")) << "what was typed stays";
  EXPECT_EQ(ann.submit(own_page, {{"number", "+49 151 12345678"}}, own_page).header("Location"), own_page);
  const auto page = ann.get(own_page);
  EXPECT_TRUE(page.mentions("A code is on its way."));
  EXPECT_TRUE(page.mentions("•••• 78"));
  const std::string confirm = "/account/security/sms/confirm";
  const auto code = code_to(world, "+4915112345678");
  EXPECT_EQ(ann.submit(own_page, {{"code", code == "123456" ? "123457" : "123456"}}, confirm).status, 401);
  EXPECT_EQ(ann.submit(own_page, {{"code", code}}, confirm).status, 303);
  EXPECT_TRUE(ann.get(own_page).mentions("Your number ends in"));

  auto browser = world.client();
  const auto to_code =
      browser.submit("/signin?next=/account/sessions", {{"uid", "ann"}, {"password", good_password}}, "/signin");
  ASSERT_EQ(to_code.status, 303);
  const auto verify = to_code.header("Location");
  EXPECT_TRUE(browser.get(verify).mentions("Send a code to my phone"));
  const auto sent = browser.submit(verify, {}, "/signin/verify/sms_code/send");
  EXPECT_EQ(sent.header("Location"), "/signin/verify/sms_code?next=%2Faccount%2Fsessions");
  EXPECT_TRUE(browser.get(sent.header("Location")).mentions("A code is on its way to your phone."));
  const auto in = browser.submit("/signin/verify/sms_code?next=%2Faccount%2Fsessions",
                                 {{"code", code_to(world, "+4915112345678")}}, "/signin/verify");
  EXPECT_EQ(in.header("Location"), "/account/sessions");

  EXPECT_EQ(browser.submit(own_page, {}, "/account/security/sms/remove").status, 303);
  EXPECT_TRUE(browser.get(own_page).mentions("Your number is removed."));
}

TEST(SmsPages, ask_for_a_code_again_before_something_that_needs_it) {
  MfaScene scene{"sqlite", kept()};
  World& world = scene.world;
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/v1/me/sms", {{"number", "+4915112345678"}});
  ann.post("/v1/me/sms/confirm", {{"code", code_to(world, "+4915112345678")}});
  world.advance(11min);
  const auto sent = ann.submit("/reauth?next=%2Faccount%2Fsecurity%2Fsms", {}, "/reauth/sms_code/send");
  EXPECT_EQ(sent.header("Location"), "/reauth/sms_code?next=%2Faccount%2Fsecurity%2Fsms");
  const auto shown = ann.submit(sent.header("Location"),
                                {{"password", good_password}, {"code", code_to(world, "+4915112345678")}}, "/reauth");
  EXPECT_EQ(shown.header("Location"), own_page) << shown.body;
  EXPECT_EQ(ann.submit(own_page, {}, "/account/security/sms/remove").status, 303);
}

TEST(SmsPages, offer_nothing_where_there_is_no_gateway) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_FALSE(ann.get("/account/security").mentions("Code by text message"));
  EXPECT_TRUE(ann.get(own_page).mentions("Text messages cannot be sent here."));
  EXPECT_EQ(ann.get("/v1/me/sms").json("available"), false);
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915112345678"}}).code(), "sms.not_set_up");
}

/// A world with a gateway, for these countries.
World::Adjust by(const FakeServer& gateway, std::vector<std::string> countries) {
  return [&gateway, countries = std::move(countries)](app::Settings& settings) {
    auto& sms = settings.features.of<sms::Settings>();
    sms.gateway.url = gateway.url("/send");
    sms.gateway.sender = "Acme";
    sms.gateway.allow_private = true;
    sms.countries = countries;
  };
}

TEST(SmsGateway, is_asked_for_the_countries_of_the_settings_alone) {
  const FakeServer gateway{[](const std::string&) { return FakeServer::Reply{http_reply(200, "")}; }};
  World world{by(gateway, {})};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915112345678"}}).code(), "sms.not_set_up") << "no country is named";
  world.restart(by(gateway, {"+49", "+1"}));
  for (const char* to : {"+4366412345678", "+18765550100", "+882123456789", "+491"}) {
    EXPECT_EQ(ann.post("/v1/me/sms", {{"number", to}}).status, 422) << to;
  }
  EXPECT_EQ(ann.post("/v1/me/sms", {{"number", "+4915112345678"}}).status, 202);
  world.run_queue();
  ASSERT_EQ(gateway.requests().size(), 1U);
  const auto request = gateway.requests().front();
  EXPECT_NE(request.find("to=%2B4915112345678&from=Acme&text="), std::string::npos) << request;
  EXPECT_NE(request.find("is%20your%20code%20for%20Cardea"), std::string::npos) << request;
  EXPECT_NE(request.find("%0A%0A%40auth.test%20%23"), std::string::npos) << "bound to this server: " << request;
}

TEST(SmsGateway, that_fails_is_asked_again_until_the_code_has_ended) {
  std::atomic<int> status = 503;
  const FakeServer gateway{[&](const std::string&) { return FakeServer::Reply{http_reply(status, "")}; }};
  World world{by(gateway, {"+49"})};
  auto ann = world.client();
  ann.sign_up("ann");
  ann.post("/v1/me/sms", {{"number", "+4915112345678"}});
  EXPECT_ANY_THROW(world.run_queue());
  EXPECT_ANY_THROW(world.run_queue());
  EXPECT_EQ(gateway.requests().size(), 2U);
  status = 200;
  world.run_queue();
  EXPECT_EQ(gateway.requests().size(), 3U);

  status = 503;
  ann.post("/v1/me/sms", {{"number", "+4915112345678"}});
  EXPECT_ANY_THROW(world.run_queue());
  world.advance(11min);
  world.run_queue();
  EXPECT_EQ(gateway.requests().size(), 4U) << "nobody gets a code that has ended";
  status = 400;
  ann.reauthenticate();
  ann.post("/v1/me/sms", {{"number", "+4915112345678"}});
  world.run_queue();
  EXPECT_EQ(gateway.requests().size(), 5U) << "what is refused for good is given up";
  const auto log = world.log();
  EXPECT_NE(log.find("sms.refused"), std::string::npos);
  EXPECT_EQ(log.find("15112345678"), std::string::npos);
}

TEST(SmsSwitch, leaves_nothing_behind) {
  World world{[](app::Settings& settings) { settings.switches["sms"] = false; }};
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.get(own_page).status, 404);
  EXPECT_EQ(ann.get("/v1/me/sms").status, 404);
}

}  // namespace
}  // namespace cardea::api_tests
