// Who may sign up: everybody, those who are invited, or nobody; and with addresses of which domains. One rule on every
// surface.

#include <atomic>
#include <filesystem>
#include <fstream>

#include "authn/invitation.hpp"
#include "http/problem.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/unguarded.hpp"

namespace cardea::api_tests {
namespace {

using identity::SignupMode;

World::Adjust in_mode(SignupMode mode) {
  return [mode](app::Settings& settings) { settings.identity.signup_mode = mode; };
}

Context by_operator(const World& world) {
  return {.now = world.now(),
          .origin = {.surface = "cli"},
          .principal = Principal{.permissions = Permissions{Role::owner}}};
}

/// The token of a link.
std::string invite(World& world, const authn::Invitation& invitation = {}, Duration lifetime = 24h) {
  const auto issued = authn::invite(world.house().account(), world.settings().identity.signup_mode, by_operator(world),
                                    invitation, lifetime);
  return std::string{issued.value().link->reveal()};
}

Answer sign_up_with(Client client, const std::string& token, std::string_view uid = "ann", wire::Object more = {}) {
  more.push_back({"invitation", token});
  return client.sign_up(uid, std::move(more));
}

struct Refusal {
  int status;
  const char* code;
};

void expect_refused_everywhere(World& world, const Refusal& refusal) {
  const auto api = world.client().sign_up("ann");
  EXPECT_EQ(api.status, refusal.status) << api.body;
  EXPECT_EQ(api.code(), refusal.code);
  const auto classic = world.curl().post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(classic.status, refusal.status) << classic.body;
  auto browser = world.client();
  EXPECT_EQ(browser.get("/signup").status, refusal.status);
  EXPECT_FALSE(browser.get("/signup").mentions("name=\"password\"")) << "there is no form";
  EXPECT_EQ(world.accounts(), 0);
}

TEST(SignUpMode, closed_is_closed_on_every_surface) {
  World world{in_mode(SignupMode::closed)};
  expect_refused_everywhere(world, {.status = 403, .code = "signup_closed"});
  for (const char* page : {"/", "/signin"}) {
    EXPECT_FALSE(world.client().get(page).mentions("href=\"/signup")) << page;
  }
  const auto refused = authn::invite(world.house().account(), SignupMode::closed, by_operator(world), {}, 24h);
  EXPECT_TRUE(!refused && refused.error().is(authn::signup_closed));
}

TEST(SignUpMode, closed_takes_no_invitation_either) {
  World world;
  const auto token = invite(world);
  world.restart(in_mode(SignupMode::closed));
  EXPECT_EQ(sign_up_with(world.client(), token).code(), "signup_closed");
  EXPECT_EQ(world.client().get("/invite?link=" + token).status, 403);
}

TEST(SignUpMode, by_invitation_takes_those_alone) {
  World world{in_mode(SignupMode::invite)};
  expect_refused_everywhere(world, {.status = 403, .code = "invitation_required"});
  EXPECT_FALSE(world.client().get("/signin").mentions("href=\"/signup"));
  const auto token = invite(world);
  EXPECT_EQ(sign_up_with(world.client(), std::string(43, 'A')).code(), "invitation_not_valid");
  EXPECT_EQ(sign_up_with(world.client(), token).status, 201);
  EXPECT_EQ(sign_up_with(world.client(), token, "bob").code(), "invitation_not_valid");
  EXPECT_EQ(world.accounts(), 1);
  EXPECT_EQ(world.audit_kinds(), "signup.completed signup.invited");
}

TEST(SignUpMode, open_pages_lead_to_the_form) {
  World world;
  for (const char* page : {"/", "/signin"}) {
    EXPECT_TRUE(world.client().get(page).mentions("href=\"/signup")) << page;
  }
}

TEST(Invitation, is_followed_in_a_browser) {
  World world{in_mode(SignupMode::invite)};
  const auto link = "/invite?link=" + invite(world);
  auto browser = world.client();
  const testing_support::FormFields form{
      {"name", "Ann"}, {"uid", "ann"}, {"password", good_password}, {"password_confirm", good_password}};
  auto short_password = form;
  short_password[2].second = "short";
  const auto again = browser.submit(link, short_password, "/signup");
  EXPECT_EQ(again.status, 422);
  EXPECT_TRUE(again.mentions("name=\"invitation\"")) << "what was refused can be corrected";
  const auto answer = browser.submit(link, form, "/signup");
  EXPECT_EQ(answer.status, 303) << answer.body;
  EXPECT_EQ(browser.get("/v1/session").status, 200);
  EXPECT_EQ(world.client().get(link).status, 410);
  EXPECT_EQ(world.client().get("/invite").status, 410);
}

TEST(Invitation, gives_its_role_and_says_so_in_the_trail) {
  World world;
  auto ann = world.client();
  const auto answer = sign_up_with(ann, invite(world, {.role = Role::support}));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.json("user/role"), "support");
  EXPECT_EQ(world.client().sign_in("ann").json("user/role"), "support");
  EXPECT_NE(world.audit_kinds().find("admin.granted"), std::string::npos);
}

TEST(Invitation, for_an_address_makes_an_account_with_it) {
  World world{[](app::Settings& settings) { settings.identity.addresses.allowed = {"corp.example"}; }};
  const auto token = invite(world, {.email = "Ann@Guests.Example"});
  EXPECT_EQ(sign_up_with(world.client(), token, "ann", {{"email", "eve@corp.example"}}).problems(),
            Texts{"email:email_not_invited"});
  const auto answer = sign_up_with(world.client(), token);
  EXPECT_EQ(answer.status, 201) << answer.body << "whoever invites may take any domain";
  EXPECT_EQ(answer.json("user/email"), "Ann@guests.example");
  const auto taken = authn::invite(world.house().account(), SignupMode::open, by_operator(world),
                                   {.email = "ann@guests.example"}, 24h);
  EXPECT_TRUE(!taken && taken.error().fields.at(0).code == "email_taken");
}

// ASVS 6.4.1
TEST(Invitation, ends_with_its_time_and_is_left_by_a_refused_sign_up) {
  World world{in_mode(SignupMode::invite)};
  const auto token = invite(world, {}, 48h);
  EXPECT_EQ(sign_up_with(world.client(), token, "a").status, 422);
  world.advance(47h);
  EXPECT_EQ(world.client().get("/invite?link=" + token).status, 200);
  world.run_jobs();
  world.advance(1h);
  EXPECT_EQ(sign_up_with(world.client(), token).code(), "invitation_not_valid");
}

TEST(Invitation, is_made_by_the_operator_of_the_machine_alone) {
  World world;
  auto bob = world.client();
  bob.sign_up("bob");
  world.make_admin("bob");
  const Context by_bob{.now = world.now(),
                       .principal = Principal{.account = world.id_of("bob"), .permissions = Permissions{Role::owner}}};
  for (const auto& context : {by_bob, Context{.now = world.now()}}) {
    const auto made = authn::invite(world.house().account(), SignupMode::open, context, {.role = Role::owner}, 24h);
    EXPECT_TRUE(!made && made.error().is(http::forbidden));
  }
}

TEST(Invitation, guesses_are_paid_for_before_they_are_judged) {
  World world{[](app::Settings& settings) {
    settings.identity.signup_mode = SignupMode::invite;
    settings.account_budgets.signup_address.free = 3;
  }};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sign_up_with(world.client(), std::string(43, 'A')).code(), "invitation_not_valid");
  }
  EXPECT_EQ(sign_up_with(world.client(), std::string(43, 'A')).status, 429);
  EXPECT_EQ(sign_up_with(world.client(), invite(world)).status, 429) << "a right one too";
}

class InvitationRace : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(engines, InvitationRace, testing_support::both_engines(), testing_support::engine_name);

TEST_P(InvitationRace, of_a_thousand_sign_ups_with_one_link_one_makes_an_account) {
  World world{[](app::Settings& settings) {
                settings.identity.signup_mode = SignupMode::invite;
                settings.account_budgets.signup_address.free = 2000;
              },
              GetParam(), testing_support::unguarded};
  const auto token = invite(world);
  constexpr int threads = 20;
  constexpr int each = 50;
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  testing_support::race(threads, [&](int i) {
    for (int k = 0; k < each; ++k) {
      const auto answer = sign_up_with(world.client(), token, "user." + std::to_string(1000 + i * each + k));
      if (answer.status == 201) ++made;
      if (answer.status == 410) ++refused;
    }
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, threads * each - 1);
  EXPECT_EQ(world.accounts(), 1);
}

TEST(SignUpAddresses, of_refused_domains_are_refused_on_every_surface) {
  World world{[](app::Settings& settings) { settings.identity.addresses.refused = {"evil.example"}; }};
  const auto refused = world.client().sign_up("ann", {{"email", "ann@EVIL.example"}});
  EXPECT_EQ(refused.problems(), Texts{"email:email_domain_refused"});
  const auto classic = world.curl().post(
      "/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"email", "ann@evil.example"}, {"password", good_password}});
  EXPECT_NE(classic.status, 200);
  EXPECT_TRUE(classic.mentions("email_domain_refused")) << classic.body;
  const auto page = world.client().submit("/signup", {{"name", "Ann"},
                                                      {"uid", "ann"},
                                                      {"email", "ann@evil.example"},
                                                      {"password", good_password},
                                                      {"password_confirm", good_password}});
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(page.mentions("Addresses of this domain are not taken here"));
  EXPECT_EQ(world.accounts(), 0);

  auto ann = world.client();
  ann.sign_up("ann", {{"email", "ann@good.example"}});
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "ann@evil.example"}}).problems(), Texts{"email:email_domain_refused"});
  EXPECT_TRUE(ann.submit("/account", {{"name", "Ann"}, {"email", "ann@evil.example"}})
                  .mentions("Addresses of this domain are not taken here"));
}

TEST(SignUpAddresses, that_somebody_has_already_can_stay) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann", {{"email", "ann@old.example"}});
  world.restart([](app::Settings& settings) { settings.identity.addresses.allowed = {"new.example"}; });
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann Lee"}, {"email", "ann@old.example"}}).status, 200);
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "ann@other.example"}}).problems(), Texts{"email:email_domain_not_allowed"});
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "ann@new.example"}}).status, 200);
}

TEST(SignUpAddresses, of_any_domain_may_be_given_by_the_operator) {
  World world{[](app::Settings& settings) { settings.identity.addresses.allowed = {"new.example"}; }};
  world.client().sign_up("bob");
  const auto changed = account::change_profile(world.house().account(), by_operator(world), world.id_of("bob"),
                                               {.email = "bob@old.example"});
  EXPECT_TRUE(changed.ok());
}

TEST(SignUpAddresses, of_disposable_domains_are_refused_as_soon_as_the_file_says_so) {
  const auto path = std::filesystem::temp_directory_path() / ("signup_rules." + std::to_string(::getpid()));
  std::ofstream{path} << "other.example\n";
  World world{[&](app::Settings& settings) { settings.identity.addresses.disposable_file = path; }};
  EXPECT_EQ(world.client().sign_up("ann", {{"email", "ann@bin.example"}}).status, 201);
  std::ofstream{path} << "bin.example\nother.example\n";
  EXPECT_EQ(world.client().sign_up("bob", {{"email", "bob@bin.example"}}).problems(), Texts{"email:email_disposable"});
  std::filesystem::remove(path);
  EXPECT_ANY_THROW(world.restart());
}

TEST(SignUpAddresses, of_a_domain_that_takes_no_mail_are_refused_where_that_is_asked) {
  using testing_support::FakeNameServer;
  const FakeNameServer server{{{"good.example", {.records = {FakeNameServer::mx("\4mail")}}},
                               {"null.example", {.records = {FakeNameServer::null_mx()}}},
                               {"broken.example", {.says = FakeNameServer::Says::failure}}}};
  World world{[&](app::Settings& settings) {
    settings.identity.addresses.mx = true;
    settings.identity.addresses.mx_server = server.address();
  }};
  const Texts refused{"email:email_no_mail"};
  auto ann = world.client();
  EXPECT_EQ(ann.sign_up("ann", {{"email", "ann@good.example"}}).status, 201);
  for (const auto* address : {"bob@nowhere.example", "bob@null.example"}) {
    EXPECT_EQ(world.client().sign_up("bob", {{"email", address}}).problems(), refused) << address;
  }
  EXPECT_EQ(ann.patch("/v1/me", {{"email", "ann@nowhere.example"}}).problems(), refused);
  EXPECT_EQ(ann.patch("/v1/me", {{"name", "Ann Lee"}}).status, 200);
  EXPECT_EQ(world.client().sign_up("cleo", {{"email", "cleo@broken.example"}}).status, 201) << "nobody knows";
  EXPECT_EQ(world.client().sign_up("dora").status, 201) << "without an address nobody is asked";
  EXPECT_EQ(server.questions(), 4);
  const auto given = account::change_profile(world.house().account(), by_operator(world), world.id_of("dora"),
                                             {.email = "dora@nowhere.example"});
  EXPECT_TRUE(given.ok()) << "the operator knows";
}

TEST(SignUpAddresses, name_server_is_asked_only_what_is_paid_for) {
  using testing_support::FakeNameServer;
  const FakeNameServer server{{}};
  World world{[&](app::Settings& settings) {
    settings.identity.addresses.mx = true;
    settings.identity.addresses.mx_server = server.address();
    settings.account_budgets.signup_address.free = 3;
  }};
  for (int i = 0; i < 20; ++i) {
    const auto number = std::to_string(i);
    EXPECT_GE(world.client().sign_up("ann" + number, {{"email", "ann@d" + number + ".example"}}).status, 422);
    EXPECT_GE(world.client().sign_up("ann", {{"email", "ann@e" + number + ".example"}, {"password", "short"}}).status,
              422);
  }
  EXPECT_LE(server.questions(), 5);
}

}  // namespace
}  // namespace cardea::api_tests
