// A reverse proxy asks about requests to applications on other hosts.
#include "forward_auth/forward_auth.hpp"
#include "encoding/base64.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

const std::string app_host = "https://app.example.com";
const std::string other_host = "https://other.example.com";

void list_hosts(app::Settings& settings) {
  settings.features.of<forward_auth::Settings>().hosts = {app_host, other_host};
}

/// A browser as an application's host sees it: it has cookies of its own there. Every request goes by way of the proxy.
class AtApp {
 public:
  explicit AtApp(World& world, std::string origin = app_host) : jar_(world.curl()), origin_(std::move(origin)) {}

  /// What the proxy is told about opening a page.
  Answer open(std::string_view target, std::string_view question = "/v1/forward-auth") {
    jar_.header("Accept", "text/html,application/xhtml+xml").header("Sec-Fetch-Dest", "document");
    return ask("GET", target, question);
  }
  /// And about a request of a program.
  Answer fetch(std::string_view method, std::string_view target) {
    jar_.header("Accept", "*/*").header("Sec-Fetch-Dest", "");
    return ask(method, target, "/v1/forward-auth");
  }
  /// As nginx asks, which cannot pass on a redirect.
  Answer ask_without_method(std::string_view target) {
    jar_.header("Accept", "text/html").header("Sec-Fetch-Dest", "document");
    return ask("", target, "/v1/forward-auth");
  }
  /// As a browser asks for what becomes an image, or the answer of fetch().
  Answer ask_for(std::string_view destination, std::string_view target) {
    jar_.header("Accept", "text/html").header("Sec-Fetch-Dest", destination);
    return ask("GET", target, "/v1/forward-auth");
  }
  Client& jar() { return jar_; }

 private:
  Answer ask(std::string_view method, std::string_view target, std::string_view question) {
    const auto scheme = origin_.find("://");
    jar_.header("X-Forwarded-Proto", origin_.substr(0, scheme));
    jar_.header("X-Forwarded-Host", origin_.substr(scheme + 3));
    jar_.header("X-Forwarded-Uri", target).header("X-Forwarded-Method", method);
    return jar_.get(question);
  }

  Client jar_;
  std::string origin_;
};

/// The path on our host, or on the application's, of a Location or Refresh field.
std::string path_of(const Answer& answer, std::string_view base) {
  std::string address = answer.header("Location");
  if (address.empty()) address = answer.header("Refresh").substr(std::string_view{"0;url="}.size());
  EXPECT_TRUE(address.starts_with(std::string{base} + "/")) << address;
  return address.substr(base.size());
}

struct ForwardAuth : testing::Test {
  World world{list_hosts};
  Client ann = world.client();
  AtApp app{world};

  ForwardAuth() { ann.sign_up("ann", {{"name", "Ann Ö"}, {"email", "ann@example.com"}}); }

  /// The address on the application's host to which a browser comes back, with its code.
  std::string callback_for(AtApp& at, std::string_view target) {
    return path_of(ann.get(path_of(at.open(target), world.settings().url)), at_host_);
  }
  void let_in(AtApp& at) { EXPECT_EQ(at.open(callback_for(at, "/")).status, 302); }
  std::string at_host_ = app_host;
};

TEST_F(ForwardAuth, lets_in_who_is_signed_in_here) {
  const auto away = app.open("/reports?year=2026&q=a%20b");
  EXPECT_EQ(away.status, 302);
  const auto back = ann.get(path_of(away, world.settings().url));
  EXPECT_EQ(back.status, 200) << "no redirect: the policy of the sign-in form would stop it";
  EXPECT_TRUE(back.mentions("href=\"https://app.example.com/.cardea/callback?code="));
  const auto in = app.open(path_of(back, app_host));
  EXPECT_EQ(in.header("Location"), app_host + "/reports?year=2026&q=a%20b");
  EXPECT_TRUE(in.set_cookie("__Host-cardea-app").ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200"));
  const auto known = app.open("/reports");
  EXPECT_EQ(known.status, 200);
  EXPECT_EQ(known.header("Remote-User"), "ann");
  EXPECT_EQ(known.header("Remote-Name"), "Ann Ö");
  EXPECT_EQ(known.header("Remote-Groups"), "user");
  EXPECT_EQ(known.header("Cache-Control"), "no-store");
  EXPECT_EQ(known.text("user"), "ann");
  EXPECT_EQ(known.members(), (Texts{"email", "name", "role", "user"}));
  EXPECT_EQ(app.fetch("POST", "/reports").status, 200);
}

TEST_F(ForwardAuth, sends_visitors_to_sign_in_and_back_to_where_they_were) {
  auto visitor = world.client();
  const auto start = path_of(app.open("/reports"), world.settings().url);
  const auto sign_in = visitor.get(start);
  EXPECT_EQ(sign_in.status, 303);
  const auto in = visitor.submit(sign_in.header("Location"), {{"uid", "ann"}, {"password", good_password}}, "/signin");
  EXPECT_EQ(in.header("Location"), start);
  EXPECT_EQ(app.open(path_of(visitor.follow(in), app_host)).header("Location"), app_host + "/reports");
  EXPECT_EQ(app.open("/reports").status, 200);
}

TEST_F(ForwardAuth, tells_programs_and_nginx_401) {
  EXPECT_EQ(app.fetch("GET", "/api").status, 401);
  EXPECT_EQ(app.fetch("POST", "/api").status, 401);
  EXPECT_EQ(app.ask_without_method("/").status, 401);
  EXPECT_EQ(app.ask_for("image", "/").status, 401);
  EXPECT_EQ(app.ask_for("empty", "/").status, 401) << "fetch() of a page";
  EXPECT_EQ(app.ask_for("document", "/").status, 302);
  app.jar().header("Authorization", "Bearer of-the-application");
  EXPECT_EQ(app.fetch("GET", "/api").code(), "unauthenticated");
}

TEST_F(ForwardAuth, a_session_that_ends_is_out_at_once) {
  let_in(app);
  EXPECT_EQ(app.open("/").status, 200);
  ann.post("/v1/signout");
  EXPECT_EQ(app.open("/").status, 302);
  EXPECT_EQ(app.fetch("GET", "/").status, 401);
}

TEST_F(ForwardAuth, an_account_that_is_blocked_is_out_at_once) {
  let_in(app);
  world.disable("ann");
  EXPECT_EQ(app.fetch("GET", "/").status, 401);
}

TEST_F(ForwardAuth, the_cookie_of_one_host_is_worth_nothing_on_another) {
  let_in(app);
  AtApp other{world, other_host};
  other.jar().set_cookie("__Host-cardea-app", app.jar().cookie("__Host-cardea-app"));
  EXPECT_EQ(other.fetch("GET", "/").status, 401);
  EXPECT_EQ(app.fetch("GET", "/").status, 200);
  auto here = world.client();
  here.set_cookie("__Host-cardea", app.jar().cookie("__Host-cardea-app"));
  EXPECT_EQ(here.get("/v1/session").status, 401);
  here.drop_cookies();
  here.bearer(app.jar().cookie("__Host-cardea-app"));
  EXPECT_EQ(here.get("/v1/session").status, 401);
}

TEST_F(ForwardAuth, the_session_cookie_counts_on_our_own_host_alone) {
  AtApp own{world, world.settings().url};
  EXPECT_EQ(own.open("/wiki?x=1").header("Location"), world.settings().url + "/signin?next=%2Fwiki%3Fx%3D1");
  own.jar().set_cookie("__Host-cardea", ann.cookie("__Host-cardea"));
  EXPECT_EQ(own.open("/wiki").header("Remote-User"), "ann");
  app.jar().set_cookie("__Host-cardea", ann.cookie("__Host-cardea"));
  EXPECT_EQ(app.fetch("GET", "/").status, 401) << "an application that was given it has no use for it";
}

TEST_F(ForwardAuth, a_code_works_once) {
  const auto callback = callback_for(app, "/");
  EXPECT_FALSE(app.open(callback).set_cookie("__Host-cardea-app").empty());
  const auto again = app.open(callback);
  EXPECT_TRUE(again.set_cookie("__Host-cardea-app").empty());
  EXPECT_EQ(again.header("Location"), world.settings().url + "/forward-auth/failed?to=https%3A%2F%2Fapp.example.com");
}

TEST_F(ForwardAuth, a_code_is_good_for_a_minute) {
  const auto callback = callback_for(app, "/");
  world.advance(61s);
  EXPECT_TRUE(app.open(callback).set_cookie("__Host-cardea-app").empty());
}

TEST_F(ForwardAuth, a_code_is_good_in_its_browser_alone) {
  const auto callback = callback_for(app, "/");
  AtApp victim{world};
  EXPECT_TRUE(victim.open(callback).set_cookie("__Host-cardea-app").empty()) << "no state at all";
  (void)victim.open("/");
  EXPECT_TRUE(victim.open(callback).set_cookie("__Host-cardea-app").empty()) << "a state of its own";
}

TEST_F(ForwardAuth, a_code_is_good_on_its_host_alone) {
  AtApp other{world, other_host};
  (void)app.open("/");
  other.jar().set_cookie("__Host-cardea-app-state", app.jar().cookie("__Host-cardea-app-state"));
  const auto callback = callback_for(app, "/");
  EXPECT_TRUE(other.open(callback).set_cookie("__Host-cardea-app").empty());
}

TEST_F(ForwardAuth, a_code_of_a_session_that_has_ended_is_worth_nothing) {
  const auto callback = callback_for(app, "/");
  ann.post("/v1/signout");
  EXPECT_TRUE(app.open(callback).set_cookie("__Host-cardea-app").empty());
}

TEST_F(ForwardAuth, leads_nowhere_but_to_listed_hosts) {
  const std::string state(43, 'A');
  for (const char* to : {"https%3A%2F%2Fevil.example%2F", "https%3A%2F%2Fapp.example.com.evil.example%2F",
                         "https%3A%2F%2Fapp.example.com%40evil.example%2F", "%2F%2Fapp.example.com", "javascript%3Ax",
                         "http%3A%2F%2Fapp.example.com%2F", "https%3A%2F%2Fauth.test%2F", ""}) {
    EXPECT_EQ(ann.get("/forward-auth?to=" + std::string{to} + "&state=" + state).status, 403) << to;
    EXPECT_EQ(ann.get("/forward-auth/failed?to=" + std::string{to}).status, 403) << to;
  }
  EXPECT_EQ(ann.get("/forward-auth?to=https%3A%2F%2Fapp.example.com%2F&state=short").status, 400);
  const auto callback = callback_for(app, "/");
  const auto astray = callback.substr(0, callback.find("&to=")) + "&to=%2F%2Fevil.example";
  EXPECT_EQ(app.open(astray).header("Location"), app_host + "/");
  AtApp evil{world, "https://evil.example"};
  EXPECT_EQ(evil.open("/").code(), "forward_auth.unknown_host");
  EXPECT_EQ(ann.get("/v1/forward-auth").code(), "forward_auth.unclear");
}

TEST_F(ForwardAuth, lists_every_port_of_this_machine_where_that_is_wanted) {
  const auto of_local = [this](const char* origin) { return AtApp{world, origin}.open("/").status; };
  EXPECT_EQ(of_local("http://localhost:5000"), 403);
  world.restart([](app::Settings& settings) { settings.features.of<forward_auth::Settings>().local_hosts = true; });
  EXPECT_EQ(of_local("http://localhost:5000"), 302);
  EXPECT_EQ(of_local("http://app.localhost"), 302);
  for (const char* origin : {"http://localhost.evil.example", "http://evillocalhost:5000", "https://localhost:5000",
                             "http://localhost@evil.example", "http://10.0.0.1:5000", "null"}) {
    EXPECT_NE(of_local(origin), 302) << origin;
  }
}

TEST_F(ForwardAuth, asks_for_a_role) {
  let_in(app);
  const auto as = [&](const char* rule) {
    return app.open("/", std::string{"/v1/forward-auth?require="} + rule).status;
  };
  EXPECT_EQ(as("role:user"), 200);
  EXPECT_EQ(as("role:admin"), 403);
  world.give_role("ann", Role::admin);
  EXPECT_EQ(as("role:admin"), 200);
  EXPECT_EQ(as("role:support"), 403);
  world.give_role("ann", Role::owner);
  EXPECT_EQ(as("role:admin"), 200);
  for (const char* slip : {"admin", "role:", "role:admins", "rolle:admin", ""}) EXPECT_EQ(as(slip), 400) << slip;
  EXPECT_EQ(app.open("/", "/v1/forward-auth?requires=role:admin").status, 422);
  EXPECT_EQ(app.open("/", "/v1/forward-auth?require=role:owner&x=1").status, 422);
}

TEST_F(ForwardAuth, replaces_every_header_that_a_client_could_have_sent) {
  let_in(app);
  for (const char* name : {"Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups", "X-Cardea-Assertion"}) {
    EXPECT_TRUE(app.open("/").headers.has(name)) << name;
  }
}

TEST_F(ForwardAuth, tells_an_address_that_nobody_has_verified_only_where_that_is_wanted) {
  let_in(app);
  EXPECT_EQ(app.open("/").header("Remote-Email"), "");
  world.restart([](app::Settings& settings) {
    list_hosts(settings);
    settings.features.of<forward_auth::Settings>().unverified_email = true;
  });
  EXPECT_EQ(app.open("/").header("Remote-Email"), "ann@example.com");
}

TEST_F(ForwardAuth, asserts_for_one_host_and_a_minute) {
  let_in(app);
  const auto jwt = app.open("/").header("X-Cardea-Assertion");
  const auto first = jwt.find('.');
  const auto payload = encoding::parse_base64url(jwt.substr(first + 1, jwt.find('.', first + 1) - first - 1)).value();
  const Answer claims{.body = std::string{as_text(payload)}};
  EXPECT_EQ(claims.text("aud"), app_host);
  EXPECT_EQ(claims.text("user"), "ann");
  EXPECT_EQ(claims.text("role"), "user");
  EXPECT_EQ(claims.json("exp").get<std::int64_t>()[0] - claims.json("iat").get<std::int64_t>()[0], 60);
  auto here = world.client();
  here.bearer(jwt);
  EXPECT_EQ(here.get("/v1/session").status, 401) << "it is no access token";
}

TEST_F(ForwardAuth, several_tabs_can_begin_at_a_time) {
  const auto one = callback_for(app, "/one");
  const auto two = callback_for(app, "/two");
  EXPECT_EQ(app.open(two).header("Location"), app_host + "/two");
  EXPECT_EQ(app.open(one).header("Location"), app_host + "/one");
}

}  // namespace
}  // namespace cardea::api_tests
