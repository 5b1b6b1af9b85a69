// Every journey once, and then the whole list of what was recorded: each kind of the catalogue, about whom, by whom,
// why.

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "audit/listing.hpp"
#include "authn/invitation.hpp"
#include "password_reset/password_reset.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/passkey_scene.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/hash_probe.hpp"
#include "tests/support/leaked_list.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* leaked = "nine lanterns on a river";

/// A second factor for whoever is named: the code is 123456.
Feature feature_with_factor(std::optional<AccountId>& enrolled) {
  return {.name = "codes",
          .factor = authn::Factor{
              .method = AuthMethod::totp,
              .is_enrolled = [&enrolled](const AccountId& id) { return db::Condition{"$? = 1", enrolled == id}; },
              .check = [](const Context& context, const AccountId& id, const Secret& code) -> Result<authn::Proof> {
                if (code.reveal() != "123456") return authn::invalid_code;
                return authn::Proof{.account = id,
                                    .evidence = {.method = AuthMethod::totp, .at = context.now},
                                    .still_holds = [](db::Tx&) { return true; }};
              },
              .still_holds = [](db::Tx&, const AccountId&, const authn::Evidence&) { return true; }}};
}

class AuditJourney : public ::testing::Test {
 protected:
  const testing_support::LeakedList list{leaked};
  const World::Adjust adjust = [this](app::Settings& settings) {
    settings.authn_budgets.account.free = 2;
    settings.session.per_account = 3;
    list.in_use()(settings);
  };
  World::More more = [this](World&) { return std::vector{feature_with_factor(enrolled)}; };

  void step() {
    collect();
    world.advance(1s);
  }
  /// Reads what is new: who is erased later cannot be read any more.
  void collect() {
    const auto& keys = world.house().account().trail.keys();
    for (auto& event : world.database().read([&](db::Tx& tx) { return audit::latest(tx, keys, {}, 1000); })) {
      const auto count = event.count;
      seen.try_emplace(event.id, std::move(event)).first->second.count = count;
    }
  }
  /// By the account's id, and by the name that the trail has for it.
  void know(const std::string& uid) {
    const auto id = world.id_of(uid);
    const auto row = world.database().read_one("SELECT pseudonym FROM audit_key WHERE account_id = $1", id);
    names[id.text()] = names[row.value().id<audit::Pseudonym>(0).text()] = uid;
  }
  Context by_operator() {
    return {.now = world.now(),
            .origin = {.surface = "cli"},
            .principal = Principal{.permissions = Permissions{Role::owner}}};
  }

  void sign_ups() {
    ann.sign_up("ann");
    know("ann");
    step();
    bob.submit("/signup",
               {{"name", "Bob"}, {"uid", "bob"}, {"password", good_password}, {"password_confirm", good_password}});
    know("bob");
    step();
    world.curl().post("/api/users", {{"name", "Cleo"}, {"uid", "cleo"}, {"password", good_password}});
    know("cleo");
  }
  void changes() {
    step();
    ann.patch("/v1/me", {{"name", "Annie"}, {"tracking", "steps"}});
    step();
    ann.patch("/v1/me", {{"email", "ann@example.org"}});
    step();
    ann.get("/v1/account/export");
  }
  void passkeys() {
    const SoftAuthenticator key;
    step();
    const auto one = "/v1/me/passkeys/" + PasskeyScene::add(ann, key, {.sign_count = 2}).text("id");
    step();
    ann.patch(one, {{"name", "Blue"}});
    step();
    const auto handle = encoding::base64url(world.id_of("ann").bytes());
    const auto challenge = PasskeyScene::sign_in_challenge(phone);
    PasskeyScene::send(phone, key.get({.challenge = challenge, .sign_count = 1}), handle);
    step();
    ann.del(one);
  }
  void failures() {
    auto mallory = world.client();
    for (int i = 0; i < 3; ++i) {
      step();
      mallory.sign_in("ann", wrong_password);
    }
    step();
    mallory.sign_in("nobody", wrong_password);
    world.advance(10min);
  }
  void sign_ins() {
    step();
    phone.sign_in("ann");
    step();
    phone.sign_in("ann");
    step();
    ann.reauthenticate();
    step();
    ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}});
    step();
    phone.sign_in("ann", other_password);
    step();
    ann.del("/v1/me/sessions/" + phone.get("/v1/session").text("session/id"));
    step();
    phone.sign_in("ann", other_password);
    step();
    ann.post("/v1/me/sessions/revoke-others");
    step();
    ann.del("/v1/me/sessions");
    for (int i = 0; i < 4; ++i) {
      step();
      ann.drop_cookie("__Host-cardea");
      ann.sign_in("ann", other_password);
    }
    step();
    ann.post("/v1/signout");
    step();
    const testing_support::DuringNextHash meanwhile{
        [&] { world.database().write([](db::Tx& tx) { tx.run("UPDATE password SET revision = revision + 1"); }); }};
    ann.sign_in("ann", other_password);
  }
  void second_steps() {
    enrolled = world.id_of("bob");
    auto tablet = world.client();
    step();
    tablet.sign_in("bob");
    step();
    tablet.post("/v1/signin/totp", {{"code", "000000"}});
    step();
    tablet.post("/v1/signin/totp", {{"code", "123456"}});
  }
  void administration() {
    const auto& deps = world.house().account();
    const auto id = world.id_of("ann");
    step();
    (void)account::block(deps, by_operator(), id);
    step();
    ann.sign_in("ann", other_password);
    step();
    (void)account::unblock(deps, by_operator(), id);
    step();
    (void)account::set_role(deps, by_operator(), id, Role::support);
    step();
    (void)account::set_role(deps, by_operator(), id, Role::user);
    step();
    world.make_admin("bob");
    step();
    bob.patch("/v1/users/" + id.text(), {{"coins", 7}});
    step();
    const auto cleo = world.id_of("cleo");
    world.database().write([&](db::Tx& tx) { tx.run("DELETE FROM password WHERE account_id = $1", cleo); });
    world.client().sign_in("cleo");
    step();
    const auto link = password_reset::make_link(deps, by_operator(), cleo).value();
    step();
    world.client().submit(password_reset::address_of("", *link.link),
                          {{"password", other_password}, {"password_confirm", other_password}}, "/password-reset");
    step();
    const auto& authn = world.house().authn();
    world.database().write([&](db::Tx& tx) {
      password::store(tx, cleo, authn.hasher.hash({.network = ClientNetwork{"192.0.2.1"}}, Secret{leaked}).value(),
                      world.now());
    });
    auto cleo_in = world.client();
    cleo_in.sign_in("cleo", leaked);
    step();
    cleo_in.post("/v1/activity/secure");
    step();
    (void)authn::invite(deps, identity::SignupMode::open, by_operator(), {.role = Role::support}, 24h);
  }
  void ends() {
    step();
    bob.post("/v1/reauth", {{"password", good_password}, {"method", "totp"}, {"code", "123456"}});
    Context by_bob{.now = world.now(),
                   .principal = Principal{.account = world.id_of("bob"),
                                          .session = SessionId::parse(bob.get("/v1/session").text("session/id")),
                                          .permissions = Permissions{Role::owner}}};
    step();
    (void)account::request_removal(world.house().account(), by_bob, world.id_of("cleo"));
    step();
    by_bob.now = world.now();
    (void)account::restore(world.house().account(), by_bob, world.id_of("cleo"));
    step();
    by_bob.now = world.now();
    (void)account::remove(world.house().account(), by_bob, world.id_of("cleo"));
    step();
    bob.del("/v1/me");
    collect();
    erase_closed(world);
    collect();
  }

  /// "signin.failed ann by - wrong_password": kind, whom, by whom and in which session, reason, subject, and how
  /// often. Sessions are numbered as they appear.
  Texts recorded() {
    std::vector<audit::Entry> events;
    for (const auto& [id, event] : seen) events.push_back(event);
    std::sort(events.begin(), events.end(), [](const audit::Entry& a, const audit::Entry& b) {
      return std::tie(a.at, a.kind, a.subject, a.id) < std::tie(b.at, b.kind, b.subject, b.id);
    });
    Texts texts;
    for (const auto& event : events) {
      std::string text = event.kind + " " + name_of(event.account, event.account_pseudonym) + " by " +
                         name_of(event.actor, event.actor_pseudonym);
      if (event.session) text += " in " + number_of(event.session->text());
      if (!event.reason.empty()) text += ", " + event.reason;
      const auto& subject = event.subject;
      if (!subject.empty())
        text += ": " + (subject.starts_with("ses_")   ? number_of(subject)
                        : subject.starts_with("pky_") ? "a passkey"
                                                      : subject);
      if (event.count > 1) text += ", " + std::to_string(event.count) + " times";
      texts.push_back(std::move(text));
    }
    return texts;
  }
  std::string name_of(const std::optional<AccountId>& id, const std::optional<audit::Pseudonym>& pseudonym) {
    if (id) return names[id->text()];
    return pseudonym ? names[pseudonym->text()] : "-";
  }
  std::string number_of(const std::string& session) {
    return "s" + std::to_string(sessions.try_emplace(session, sessions.size() + 1).first->second);
  }

  std::optional<AccountId> enrolled;
  World world{adjust, "sqlite", more};
  Client ann = world.client();
  Client bob = world.client();
  Client phone = world.client();
  std::map<EventId, audit::Entry> seen;
  std::map<std::string, std::string> names;
  std::map<std::string, std::size_t> sessions;
};

std::set<std::string> kinds_of(const Texts& events) {
  std::set<std::string> kinds;
  for (const auto& event : events) kinds.insert(event.substr(0, event.find(' ')));
  return kinds;
}

/// What `AuditJourney` leaves behind.
const char* const expected[] = {
    "signup.completed ann by ann",
    "signup.completed bob by bob",
    "signup.completed cleo by cleo",
    "user.updated ann by ann in s1: name,tracking",
    "user.email.changed ann by ann in s1: email",
    "user.data.exported ann by ann in s1",
    "passkey.created ann by ann in s1, passkey: a passkey",
    "passkey.renamed ann by ann in s1: a passkey",
    "passkey.cloned ann by -: a passkey",
    "signin.failed - by -, wrong_passkey",
    "passkey.removed ann by ann in s1: a passkey",
    "signin.failed ann by -, wrong_password, 3 times",
    "signin.throttled ann by -, too_many_tries: 1s",
    "signin.throttled ann by -, too_many_tries: 2s",
    "signin.failed - by -, unknown_account",
    "signin.succeeded ann by ann in s2, password",
    "session.revoked ann by ann, replaced: s2",
    "signin.succeeded ann by ann in s3, password",
    "session.revoked ann by ann in s1, replaced: s1",
    "signin.reauthenticated ann by ann in s4",
    "session.revoked ann by ann in s4: others",
    "session.revoked ann by ann in s4, replaced: s4",
    "user.password.changed ann by ann in s4",
    "signin.succeeded ann by ann in s5, password",
    "session.revoked ann by ann in s6: s5",
    "signin.succeeded ann by ann in s7, password",
    "session.revoked ann by ann in s6: others",
    "session.revoked ann by ann in s6: all",
    "signin.succeeded ann by ann in s8, password",
    "signin.succeeded ann by ann in s9, password",
    "signin.succeeded ann by ann in s10, password",
    "session.revoked ann by ann, too_many: s8",
    "signin.succeeded ann by ann in s11, password",
    "signout.completed ann by ann in s11",
    "signin.failed ann by -, changed_meanwhile",
    "signin.continued bob by -, password",
    "signin.failed bob by -, wrong_code",
    "signin.succeeded bob by bob in s12, password+totp",
    "user.blocked ann by -, command",
    "signin.failed ann by -, account_disabled",
    "user.unblocked ann by -, command",
    "admin.granted ann by -, command: support",
    "admin.revoked ann by -, command",
    "admin.granted bob by -, command: owner",
    "user.updated ann by bob in s13, admin: coins",
    "signin.failed cleo by -, no_password",
    "user.reset.issued cleo by -, command",
    "user.reset.completed cleo by -",
    "signin.succeeded cleo by cleo in s14, password",
    "user.password.breached cleo by cleo",
    "user.activity.disowned cleo by cleo in s14",
    "signup.invited - by -, command: support",
    "session.revoked bob by bob in s13, replaced: s13",
    "signin.reauthenticated bob by bob in s15, password+totp",
    "user.deletion.requested cleo by bob in s15, admin",
    "user.restored cleo by bob in s15, admin",
    "user.deleted cleo by bob in s15, admin",
    "user.deletion.requested bob by bob in s15",
    "user.deleted bob by -, due",
};

TEST_F(AuditJourney, records_exactly_what_happened) {
  sign_ups();
  changes();
  passkeys();
  failures();
  sign_ins();
  second_steps();
  administration();
  ends();
  const auto events = recorded();
  EXPECT_EQ(events.size(), std::size(expected));
  for (std::size_t i = 0; i < std::min(events.size(), std::size(expected)); ++i) EXPECT_EQ(events[i], expected[i]) << i;

  std::set<std::string> catalogue;
  for (const auto& feature : world.house().features()) {
    for (const auto& kind : feature.events) catalogue.emplace(kind.name);
  }
  catalogue.erase("session.device_bound");  // in browsers that can do so: tests/api/device_session_test.cpp
  catalogue.erase("database.restored");  // by a command, while no server runs: tests/crash/backup_test.cpp
  // Of factors that have secrets, unlike the one here: tests/api/totp_test.cpp, tests/api/recovery_code_test.cpp.
  std::erase_if(catalogue, [](const std::string& kind) { return kind.starts_with("mfa."); });
  catalogue.erase("user.password.removed");  // of who has a passkey: tests/api/passkey_again_test.cpp
  catalogue.erase("signin.unusual");  // from elsewhere: tests/api/unusual_signin_test.cpp
  // Of a world with mail: tests/api/email_address_test.cpp.
  for (const char* kind : {"requested", "verified", "refused", "undone"}) {
    catalogue.erase("user.email." + std::string{kind});
  }
  EXPECT_EQ(kinds_of(events), catalogue);
}

}  // namespace
}  // namespace cardea::api_tests
