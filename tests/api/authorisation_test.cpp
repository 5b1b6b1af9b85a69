// The whole authorisation matrix: every route of the live table, with every role, on one's own and on somebody else's,
// with every kind of credential. Whatever is refused has changed nothing.

#include <map>

#include "email_address/email_address.hpp"
#include "encoding/base64.hpp"
#include "password_reset/password_reset.hpp"
#include "tests/api/authorisation_rows.hpp"
#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"
#include "tests/support/form_text.hpp"
#include "tests/support/unguarded.hpp"

namespace cardea::api_tests {
namespace {

enum class Kind {
  none,
  session_cookie,
  legacy_cookie,
  access_bearer,
  legacy_bearer,
  expired,      // a session whose time is over
  ended,        // one whose row is gone, and memory was not told
  aged,         // one that was opened with a password eleven minutes ago
  disagreeing,  // a good signature over a session of this account and the id of another
};
constexpr std::pair<Kind, const char*> kinds[] = {
    {Kind::none, "none"},
    {Kind::session_cookie, "session cookie"},
    {Kind::legacy_cookie, "legacy cookie"},
    {Kind::access_bearer, "access token"},
    {Kind::legacy_bearer, "legacy token"},
    {Kind::expired, "expired session"},
    {Kind::ended, "ended session"},
    {Kind::aged, "session of long ago"},
    {Kind::disagreeing, "token with sub of another"},
};

/// What a session can be shown by.
struct Keys {
  std::string cookie;  // of /v1 and the pages
  std::string access;
  std::string jwt;
};
struct Person {
  std::string uid;
  Role role;
  std::string account;
  std::string note;
  std::string session;  // one that it does not come with
  std::map<Kind, Keys> keys = {};
  std::string form_token = {};  // of a page that was shown to them
};

enum class Whose { own, other };

class Matrix {
 public:
  Matrix() {
    for (const auto& [role, name] : enum_texts(Role{})) people_.push_back(person("one-" + std::string{name}, role));
    other_ = person("another", Role::user);
    auto visitor = world_.client();
    visitor.get("/signin");
    form_cookie_ = visitor.cookie("__Host-cardea-form");
    for (auto& each : people_) {
      add_keys(each);
      visitor.set_cookie("__Host-cardea", each.keys.at(Kind::session_cookie).cookie);
      for (const auto& [name, value] : testing_support::hidden_fields(visitor.get("/account").body, "/account")) {
        if (name == "csrf") each.form_token = value;
      }
    }
    world_.take_back_writes(true);
    for (const auto& each : people_) remember_and_end(each);
  }

  /// Whether a token is refused or taken is what the rows say of each route that looks at one.
  void compare_declarations() {
    std::map<std::string, const Row*> rows;
    for (const auto& row : authorisation_rows()) rows[std::string{row.route}] = &row;
    for (const auto& route : world_.house().pipeline().routes()) {
      if (!http::takes_bearer(*route.surface) || route.requirement.who == Who::anyone) continue;
      const auto name = std::string{to_text(route.method)} + " " + without_hash(route.path);
      ASSERT_TRUE(rows.contains(name)) << name;
      EXPECT_EQ(route.requirement.bearer == Bearer::refused, rows[name]->by_cookie_alone) << name;
    }
  }

  void run() {
    const auto before = everything();
    std::map<std::string, const Row*> rows;
    for (const auto& row : authorisation_rows()) rows[std::string{row.route}] = &row;
    for (const auto& route : world_.house().pipeline().routes()) {
      const auto name = std::string{to_text(route.method)} + " " + without_hash(route.path);
      const auto at = rows.find(name);
      if (at == rows.end()) {
        ADD_FAILURE() << "no row says who may use " << name;
        continue;
      }
      for (const auto& person : people_) check_for(*at->second, route, person, before);
      rows.erase(at);
    }
    for (const auto& [name, row] : rows) ADD_FAILURE() << "there is no route " << name;
    world_.take_back_writes(false);
    EXPECT_EQ(everything(), before);
  }

 private:
  static void make_roomy(app::Settings& settings) {
    for (auto* budget :
         {&settings.authn_budgets.account, &settings.authn_budgets.known_browser, &settings.authn_budgets.address,
          &settings.authn_budgets.whole, &settings.authn_budgets.right, &settings.account_budgets.signup_address,
          &settings.account_budgets.signup_whole, &settings.account_budgets.profile_change}) {
      budget->free = 100'000;
    }
    settings.features.of<password_reset::Settings>().address.free = 100'000;
    settings.features.of<password_reset::Settings>().request.free = 100'000;
    settings.features.of<email_address::Settings>().address.free = 100'000;
    settings.metrics_token = Secret{std::string{"metrics-token-of-a-test"}};
  }

  Person person(const std::string& uid, Role role) {
    auto client = world_.client();
    Person made{.uid = uid, .role = role, .account = client.sign_up(uid).text("user/id"), .note = {}, .session = {}};
    if (role != Role::user) world_.give_role(uid, role);
    const auto picture = encoding::base64(as_bytes(one_pixel_png()));
    made.note = client.post("/v1/me/notes", {{"note", "mine"}, {"image", picture}}).text("id");
    made.session = client.get("/v1/session").text("session/id");
    return made;
  }

  Keys open(const std::string& uid) {
    auto client = world_.client();
    Keys keys{.access = client.sign_in(uid).text("access_token")};
    keys.cookie = client.cookie("__Host-cardea");
    keys.jwt =
        world_.client().post("/api/users/authenticate", {{"uid", uid}, {"password", good_password}}).text("data/jwt");
    return keys;
  }

  void add_keys(Person& person) {
    const auto now = world_.now();
    const auto at_last = [&](auto change) { world_.database().write([&](db::Tx& tx) { change(tx); }); };
    person.keys[Kind::aged] = open(person.uid);
    const auto long_ago = to_text(Assurance{.shown = {{AuthMethod::password, now - 11min}}});
    const auto id = AccountId::parse(person.account).value();
    const auto first = SessionId::parse(person.session).value();
    at_last([&](db::Tx& tx) {
      tx.run("UPDATE session SET shown = $1 WHERE account_id = $2 AND id <> $3", long_ago, id, first);
    });
    person.keys[Kind::expired] = open(person.uid);
    at_last([&](db::Tx& tx) {
      tx.run("UPDATE session SET expires_at = $1 WHERE account_id = $2 AND id <> $3 AND shown <> $4", now, id, first,
             long_ago);
    });
    person.keys[Kind::ended] = open(person.uid);
    person.keys[Kind::session_cookie] = open(person.uid);
    const auto& authn = world_.house().authn();
    const token::Claims claims{.subject = AccountId::parse(other_.account).value(),
                               .session = first,
                               .issued_at = now,
                               .expires_at = now + 15min,
                               .name = "another"};
    person.keys[Kind::disagreeing] = {.cookie = {},
                                      .access = authn.tokens.issue(access_token, claims),
                                      .jwt = authn.tokens.issue(signed_cookie_type(), claims)};
  }

  /// The type of token that some surface takes as a cookie.
  const TokenType& signed_cookie_type() {
    for (const auto& source : world_.house().authn().credentials) {
      if (source.place == CredentialPlace::cookie && source.token != nullptr) return *source.token;
    }
    throw std::runtime_error{"no surface takes a signed token as a cookie"};
  }

  /// Looked at once, so that memory has it; then the row goes, behind its back.
  void remember_and_end(const Person& person) {
    const auto& keys = person.keys.at(Kind::ended);
    auto browser = world_.client();
    browser.set_cookie("__Host-cardea", keys.cookie);
    const auto id = SessionId::parse(browser.get("/v1/session").text("session/id")).value();
    auto old = world_.client();
    old.set_cookie("jwt", keys.jwt);
    EXPECT_EQ(old.get("/api/notes").status, 200);
    const auto claims = world_.house().authn().tokens.verify(signed_cookie_type(), keys.jwt, world_.now());
    world_.database().write(
        [&](db::Tx& tx) { EXPECT_EQ(tx.run("DELETE FROM session WHERE id = $1 OR id = $2", id, claims->session), 2); });
  }

  static std::string without_hash(std::string_view path) {
    if (!path.starts_with("/assets/")) return std::string{path};
    return std::string{path.substr(0, path.find('.'))} + ".*" + std::string{path.substr(path.rfind('.'))};
  }

  void check_for(const Row& row, const http::Route& route, const Person& person, const std::string& before) {
    for (const Whose whose : {Whose::own, Whose::other}) {
      if (whose == Whose::other && row.other.empty()) continue;
      for (const auto& [kind, name] : kinds) {
        SCOPED_TRACE(std::string{row.route} + ", " + person.uid + (whose == Whose::own ? ", own, " : ", other's, ") +
                     name);
        const auto expected = outcome_for(row, route, person.role, whose, kind);
        const bool is_done = (expected[0] == '2' || expected == "303") && !is_feigned(row, person.role, whose);
        world_.take_back_writes(is_done);
        EXPECT_EQ(outcome_of(send(row, route, person, whose, kind)), expected);
        if (is_done || http::is_safe(route.method)) continue;
        ASSERT_EQ(everything(), before) << "what was refused has changed something";
      }
    }
  }

  /// Told as done, and nothing may have been.
  static bool is_feigned(const Row& row, Role role, Whose whose) {
    return whose == Whose::other && !row.mighty.contains(role);
  }

  static bool is_classic(const http::Route& route) { return route.surface->name == "classic"; }
  static bool is_page(const http::Route& route) { return route.surface->name == "page"; }

  static bool takes(const http::Route& route, Kind kind) {
    switch (kind) {
      case Kind::none:
      case Kind::expired:
      case Kind::disagreeing: return false;
      case Kind::session_cookie: return !is_classic(route);
      case Kind::legacy_cookie:
      case Kind::legacy_bearer: return is_classic(route);
      case Kind::access_bearer: return !is_classic(route) && !is_page(route);
      case Kind::ended:
      case Kind::aged: return true;
    }
    return false;
  }

  static std::string without_credentials(const Row& row, const http::Route& route, Kind kind) {
    if (row.asks != Asks::perhaps) return is_page(route) ? "303 signin" : "401";
    const bool has_cookie = kind == Kind::session_cookie || kind == Kind::legacy_cookie || kind == Kind::expired;
    if (has_cookie && !row.visitor_with_cookie.empty()) return std::string{row.visitor_with_cookie};
    return std::string{row.visitor.empty() ? row.own : row.visitor};
  }

  static std::string outcome_for(const Row& row, const http::Route& route, Role role, Whose whose, Kind kind) {
    if (row.asks == Asks::nothing) return std::string{row.own};
    if (!takes(route, kind)) return without_credentials(row, route, kind);
    if (kind == Kind::access_bearer && row.by_cookie_alone) return "403 session_cookie_required";
    if (kind == Kind::ended) {
      // Who may not is told so before anything is asked of the database.
      const bool is_refused_first = !row.only_for.contains(role) || is_told_first(row, role, whose);
      if ((!http::is_safe(route.method) || row.is_recorded) && !is_refused_first)
        return without_credentials(row, route, kind);
    }
    if (!row.only_for.contains(role)) return "403";
    const bool needs_proof = row.asks == Asks::proof || (row.own_needs_proof && whose == Whose::own);
    if (kind == Kind::aged && needs_proof) return is_page(route) ? "303 reauth" : "403";
    const bool is_others = whose == Whose::other && !row.mighty.contains(role);
    return std::string{is_others ? row.other : row.own};
  }

  /// Handlers that say no from what the principal holds, or from a read, before the transaction that would change.
  static bool is_told_first(const Row& row, Role role, Whose whose) {
    if (row.route == "POST /account/confirm") return true;  // a wrong password is told as such
    if (row.route == "POST /signin/verify") return true;    // who is in already is led on, and nothing changes
    if (row.route == "POST /signin/keep") return true;      // the same
    if (row.route == "POST /verify/address" || row.route == "POST /verify/continue") return true;  // the same
    if (whose == Whose::own || row.mighty.contains(role)) return false;
    return row.route == "PUT /api/users/{id}" || row.route == "PUT /api/notes/{id}";
  }

  static std::string outcome_of(const Answer& answer) {
    const auto location = answer.header("Location");
    const auto leads_to = [&](std::string_view page) { return location.starts_with(page); };
    if (answer.code() == "session_cookie_required") return std::to_string(answer.status) + " " + answer.code();
    return std::to_string(answer.status) + (leads_to("/signin?next=") ? " signin" : "") +
           (leads_to("/reauth?next=") ? " reauth" : "");
  }

  Answer send(const Row& row, const http::Route& route, const Person& person, Whose whose, Kind kind) {
    const Person& owner = whose == Whose::own ? person : other_;
    const bool of_session = row.route.find("/sessions/") != std::string_view::npos;
    const bool of_note = row.route.find("/notes/") != std::string_view::npos;
    const auto& id = of_session ? owner.session : of_note ? owner.note : owner.account;
    http::Request request{.method = route.method, .target = filled(route.path, id, person)};
    request.body = filled(row.body, id, person);
    if (!http::is_safe(route.method) && is_page(route)) {
      request.headers.add("Content-Type", "application/x-www-form-urlencoded");
      request.body += (request.body.empty() ? "csrf=" : "&csrf=") + person.form_token;
    } else if (!request.body.empty()) {
      request.headers.add("Content-Type", "application/json");
    }
    show(request, route, person, kind);
    return world_.client().send(std::move(request));
  }

  void show(http::Request& request, const http::Route& route, const Person& person, Kind kind) const {
    std::string cookies = "__Host-cardea-form=" + form_cookie_;
    const auto& usual = person.keys.at(Kind::session_cookie);
    const auto bearer = [&](const std::string& token) { request.headers.add("Authorization", "Bearer " + token); };
    const auto cookie = [&](const Keys& keys, bool is_legacy) {
      cookies += is_legacy ? "; jwt=" + keys.jwt : "; __Host-cardea=" + keys.cookie;
    };
    switch (kind) {
      case Kind::none: break;
      case Kind::session_cookie: cookie(usual, false); break;
      case Kind::legacy_cookie: cookie(usual, true); break;
      case Kind::access_bearer: bearer(usual.access); break;
      case Kind::legacy_bearer: bearer(usual.jwt); break;
      case Kind::expired:
      case Kind::ended:
      case Kind::aged: cookie(person.keys.at(kind), is_classic(route)); break;
      case Kind::disagreeing: bearer(is_classic(route) ? person.keys.at(kind).jwt : person.keys.at(kind).access); break;
    }
    request.headers.add("Cookie", cookies);
  }

  static std::string filled(std::string_view text, const std::string& id, const Person& person) {
    std::string out{text};
    const std::pair<const char*, std::string> values[] = {
        {"{id}", id}, {"{uid}", person.uid}, {"{code}", "not_found"}, {"{method}", "totp"}};
    for (const auto& [name, value] : values) {
      for (auto at = out.find(name); at != std::string::npos; at = out.find(name)) {
        out.replace(at, std::string_view{name}.size(), value);
      }
    }
    return out;
  }

  /// Every table that a refused request must leave alone: all but events, budgets and announcements.
  std::string everything() {
    return world_.database().read([](db::Tx& tx) {
      std::string all;
      const auto add = [&](const std::optional<db::Row>& row) { all += row->text(0) + "\n"; };
      add(tx.one(
          "SELECT COALESCE(group_concat(quote(id) || quote(uid) || quote(name) || quote(email) || status || role "
          "|| profile || updated_at), '') FROM account"));
      add(tx.one("SELECT COALESCE(group_concat(quote(account_id) || phc || revision), '') FROM password"));
      add(tx.one("SELECT COALESCE(group_concat(quote(id) || last_seen_at || expires_at || shown), '') FROM session"));
      add(tx.one("SELECT COALESCE(group_concat(quote(token_hash) || last_seen_at), '') FROM known_browser"));
      add(tx.one(
          "SELECT COALESCE(group_concat(quote(id) || quote(text) || quote(image) || updated_at), '') FROM note"));
      add(tx.one("SELECT COALESCE(group_concat(quote(token_hash) || step), '') FROM pending_signin"));
      add(tx.one("SELECT COALESCE(group_concat(quote(account_id) || field || value), '') FROM ranking"));
      return all;
    });
  }

  World world_{make_roomy, "sqlite", testing_support::unguarded};
  std::vector<Person> people_;
  Person other_;
  std::string form_cookie_;
};

// ASVS 6.3.4, 7.2.1
TEST(Authorisation, every_route_role_owner_and_credential_comes_to_what_is_written_down) { Matrix{}.run(); }

TEST(Authorisation, every_route_says_whether_an_access_token_will_do) { Matrix{}.compare_declarations(); }

TEST(Authorisation, accounts_of_owners_are_acted_on_by_owners_alone) {
  World world;
  auto root = world.client();
  const auto owner = root.sign_up("rita").text("user/id");
  auto admin = world.client();
  admin.sign_up("adam");
  world.make_admin("rita");
  world.give_role("adam", Role::admin);
  admin.post("/api/users/authenticate", {{"uid", "adam"}, {"password", good_password}});
  EXPECT_EQ(admin.patch("/v1/users/" + owner, {{"coins", 7}}).status, 403);
  EXPECT_EQ(admin.put("/api/users/" + owner, {{"id", owner}, {"tracking", "steps"}}).status, 403);
  EXPECT_EQ(admin.del("/api/users/" + owner).status, 403);
  EXPECT_EQ(root.get("/v1/me").json("coins"), 0);
  auto second = world.client();
  second.sign_up("second");
  world.make_admin("second");
  EXPECT_EQ(second.patch("/v1/users/" + owner, {{"coins", 7}}).status, 200);
}

TEST(Authorisation, page_that_confirms_a_change_asks_for_a_live_session) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  EXPECT_EQ(ann.get("/v1/session").status, 200);
  const auto page = ann.get("/account");
  world.database().write([](db::Tx& tx) { tx.run("DELETE FROM session WHERE address <> ''"); });
  const auto fields = testing_support::hidden_fields(page.body, "/account");
  testing_support::FormFields sent{{"name", "Annie"}, {"current_password", good_password}};
  for (const auto& field : fields) sent.push_back(field);
  EXPECT_EQ(ann.post_form("/account/confirm", sent).header("Location"), "/signin?next=%2Faccount");
}

}  // namespace
}  // namespace cardea::api_tests
