// Front ends that were written for another server, on an origin of their own, work as they are.

#include "tests/api/front_ends.hpp"

#include "base/text.hpp"
#include "encoding/base64.hpp"
#include "tests/api/pictures.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr const char* front_end = "http://localhost:4100";

void let_in(app::Settings& settings) { settings.cors_origins = {front_end}; }

/// A browser with a page of the front end.
Client page_of(World& world, const char* origin = front_end) {
  auto client = world.client();
  client.header("Origin", origin).header("Sec-Fetch-Site", "cross-site").header("Referer", std::string{origin} + "/");
  return client;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

Answer ask(Client& client, std::string_view method, const std::string& path, const HeaderTexts& headers,
           const std::string& body) {
  http::Request request{.method = *http::parse_method(method), .target = path, .body = body};
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return client.send(std::move(request));
}

/// What the browser asks before: whether it may send these headers.
void expect_preflight_passes(Client& client, std::string_view method, const std::string& path,
                             const HeaderTexts& headers) {
  std::string names;
  for (const auto& [name, value] : headers) (names += names.empty() ? "" : ",") += text::lower(name);
  const auto answer = ask(client, "OPTIONS", path,
                          {{"Access-Control-Request-Method", method}, {"Access-Control-Request-Headers", names}}, "");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), front_end);
  EXPECT_EQ(answer.header("Access-Control-Allow-Credentials"), "true");
  EXPECT_NE(answer.header("Access-Control-Allow-Methods").find(method), std::string::npos);
  EXPECT_EQ(replaced(answer.header("Access-Control-Allow-Headers"), ", ", ","), names);
}

TEST(FrontEnds, sign_up_pages_of_the_older_contract_work_as_they_are) {
  World world{let_in};
  for (const auto& page : sign_up_pages()) {
    SCOPED_TRACE(page.name);
    auto browser = page_of(world);
    expect_preflight_passes(browser, "POST", std::string{page.path}, page.headers);
    const auto made = ask(browser, "POST", std::string{page.path}, page.headers, std::string{page.body});
    EXPECT_EQ(made.status, 200) << made.body;
    EXPECT_TRUE(made.mentions(page.shown)) << made.body;
    EXPECT_EQ(made.header("Access-Control-Allow-Origin"), front_end);
    EXPECT_EQ(made.text("role"), "user");
    const auto in = ask(browser, "POST", "/api/users/authenticate", usual_headers, std::string{page.sign_in});
    EXPECT_EQ(in.status, 200) << in.body;
    const auto notes = browser.get("/api/notes/");
    EXPECT_EQ(notes.status, 200) << notes.body;
    EXPECT_EQ(notes.header("Access-Control-Allow-Origin"), front_end);
  }
  EXPECT_EQ(world.accounts(), std::ssize(sign_up_pages()));
}

/// The text of an object without its braces and some members.
std::string inner_text(const wire::Value& object, std::initializer_list<std::string_view> without) {
  wire::Object members = *object.get<wire::Object>();
  for (const auto name : without) {
    std::erase_if(members, [&](const wire::Member& member) { return member.name == name; });
  }
  const auto text = wire::to_json(members);
  return text.substr(1, text.size() - 2);
}

TEST(FrontEnds, updates_and_deletes_of_the_older_contract_work_as_they_are) {
  for (const auto& change : changes()) {
    SCOPED_TRACE(change.name);
    World world{let_in};
    auto browser = page_of(world);
    const auto made = browser.post(
        "/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}, {"tracking", "walking"}});
    browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
    const auto id = made.text("id");
    const auto note = browser.post("/api/notes", {{"note", "Buy milk"}});
    const auto user = browser.get("/api/users/" + id);
    const auto filled = [&](std::string_view text) {
      auto out = replaced(std::string{text}, "$USER", inner_text(user.json(), {"tracking", "exercise"}));
      out = replaced(out, "$NOTE_ID", note.text("id"));
      out = replaced(out, "$NOTE", inner_text(note.json(), {"note"}));
      return replaced(out, "$ID", id);
    };
    expect_preflight_passes(browser, change.method, filled(change.path), change.headers);
    const auto answer = ask(browser, change.method, filled(change.path), change.headers, filled(change.body));
    EXPECT_EQ(answer.status, change.status) << answer.body;
    EXPECT_TRUE(answer.mentions(change.shown)) << answer.body;
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), front_end);
  }
}

TEST(FrontEnds, whole_user_sent_back_twice_is_no_conflict_and_writes_nothing_when_nothing_differs) {
  World world{let_in};
  auto browser = page_of(world);
  const auto id = browser.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}}).text("id");
  browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  const auto user = browser.get("/api/users/" + id);
  auto changed = *user.json().get<wire::Object>();
  for (auto& member : changed) {
    if (member.name == "tracking") member.value = wire::Array{wire::Object{{"km", 1.5}}};
  }
  world.advance(1min);
  EXPECT_EQ(browser.put("/api/users/" + id, changed).status, 200);
  const auto events = world.audit_kinds();
  EXPECT_EQ(browser.put("/api/users/" + id, changed).status, 200) << "updated_at is of before the first change";
  EXPECT_EQ(world.audit_kinds(), events);
  EXPECT_EQ(browser.get("/api/users/" + id).json("tracking"), (wire::Array{wire::Object{{"km", 1.5}}}));
  EXPECT_EQ(browser.get("/api/users?limit=5").json("0/tracking"), (wire::Array{wire::Object{{"km", 1.5}}}));
}

TEST(FrontEnds, v1_stays_strict_and_names_the_member) {
  World world{let_in};
  auto browser = page_of(world);
  const auto answer =
      browser.post("/v1/signup", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}, {"color", 5}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.problems(), Texts{"color:unknown_field"});
  EXPECT_EQ(answer.text("detail"), "color: This is not a known field.");
}

TEST(FrontEnds, cookies_on_another_site_have_a_jar_of_that_site_and_are_cleared_as_they_were_set) {
  World world{let_in};
  auto browser = page_of(world);
  const auto up = browser.post("/v1/signup", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  const auto in = browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  const auto out = browser.post("/v1/signout");
  for (const auto& field :
       {up.set_cookie("__Host-cardea"), in.set_cookie("jwt"), out.set_cookie("jwt"), out.set_cookie("__Host-cardea")}) {
    EXPECT_NE(field.find("; Secure; HttpOnly; SameSite=None; Partitioned"), std::string::npos) << field;
    EXPECT_NE(field.find("; Path=/;"), std::string::npos) << field;
  }
  EXPECT_NE(out.set_cookie("jwt").find("; Max-Age=0"), std::string::npos);
}

TEST(FrontEnds, cookie_from_before_the_setting_changed_does_not_stand_in_the_way) {
  World world{let_in};
  auto browser = world.client();
  browser.sign_up("ann");
  const auto first = browser.sign_in("ann");
  EXPECT_EQ(first.all("Set-Cookie")[0], "__Host-cardea=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
  EXPECT_EQ(browser.get("/v1/session").status, 200);
  world.restart([](app::Settings& settings) { settings.cors_origins.clear(); });
  const auto cookie = browser.cookie("__Host-cardea");
  browser.header("Cookie", "__Host-cardea=" + cookie + "; __Host-cardea=" + cookie);  // of both jars
  EXPECT_EQ(browser.get("/v1/session").status, 401);
  const auto again = browser.sign_in("ann");
  EXPECT_EQ(again.all("Set-Cookie")[0],
            "__Host-cardea=; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=0");
  browser.header("Cookie", "__Host-cardea=" + browser.cookie("__Host-cardea"));
  EXPECT_EQ(browser.get("/v1/session").status, 200);
}

TEST(FrontEnds, cookies_on_the_same_site_stay_lax) {
  World world{[](app::Settings& settings) { settings.cors_origins = {"https://app.auth.test:8443"}; }};
  auto browser = page_of(world, "https://app.auth.test:8443");
  browser.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  const auto in = browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_NE(in.set_cookie("jwt").find("; SameSite=Lax"), std::string::npos);
  EXPECT_EQ(in.set_cookie("jwt").find("Partitioned"), std::string::npos);
  EXPECT_EQ(browser.get("/api/notes").status, 200);
}

TEST(FrontEnds, picture_of_a_note_is_shown_by_a_listed_origin_alone) {
  World world{let_in};
  auto browser = page_of(world);
  browser.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  const auto note =
      browser.post("/api/notes", {{"note", "a dot"}, {"image", encoding::base64(as_bytes(one_pixel_png()))}});
  const auto address = note.text("image");
  const std::string origin = world.settings().url;
  ASSERT_TRUE(address.starts_with(origin + "/api/notes/not_")) << address;
  const auto path = address.substr(origin.size());
  const auto shown_on = [&](std::string_view page) {
    browser.header("Origin", "").header("Referer", page).header("Sec-Fetch-Dest", "image");
    const auto image = browser.get(path);
    EXPECT_EQ(image.body, one_pixel_png());
    EXPECT_EQ(image.all("Cross-Origin-Resource-Policy").size(), 1U);
    return image.header("Cross-Origin-Resource-Policy");
  };
  EXPECT_EQ(shown_on("http://localhost:4100/notes"), "cross-origin");
  EXPECT_EQ(shown_on("https://evil.example/"), "same-origin");
  browser.header("Origin", front_end);
  const auto kept = browser.put("/api/notes/" + note.text("id"), {{"note", "the dot"}, {"image", address}});
  EXPECT_EQ(kept.json("image"), address) << kept.body;
  EXPECT_EQ(browser.put("/api/notes/" + note.text("id"), {{"note", "a dot"}, {"image", path}}).json("image"), address);
}

struct Exit {
  const char* method;
  const char* path;
};

TEST(FrontEnds, older_token_as_bearer_ends_when_it_signs_out_wherever_that_is) {
  for (const auto& [method, path] :
       {Exit{"DELETE", "/api/users/authenticate"}, {"DELETE", "/api/users/authenticate/"}, {"POST", "/v1/signout"}}) {
    World world{let_in};
    auto app = world.curl();
    app.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
    const auto in = app.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
    auto elsewhere = world.curl();
    elsewhere.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
    auto bearer = world.curl();
    bearer.bearer(in.text("data/jwt"));
    EXPECT_EQ(bearer.get("/api/notes").status, 200);
    const auto out = ask(bearer, method, path, {}, "");
    EXPECT_EQ(out.status, std::string_view{path} == "/v1/signout" ? 204 : 200) << path;
    EXPECT_NE(out.set_cookie("jwt").find("Max-Age=0"), std::string::npos) << path;
    EXPECT_EQ(bearer.get("/api/notes").status, 401) << path;
    EXPECT_EQ(app.get("/api/notes").status, 401) << "the cookie is of the same session";
    EXPECT_EQ(elsewhere.get("/api/notes").status, 200) << "another session goes on";
    EXPECT_NE(world.audit_kinds().find("signout.completed"), std::string::npos);
  }
}

TEST(FrontEnds, signing_out_by_the_cookie_ends_the_copied_token_too_and_twice_is_fine) {
  World world{let_in};
  auto browser = page_of(world);
  browser.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  const auto in = browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  auto thief = world.curl();
  thief.bearer(in.text("data/jwt"));
  EXPECT_EQ(browser.del("/api/users/authenticate").status, 200);
  EXPECT_EQ(browser.cookie("jwt"), "");
  EXPECT_EQ(thief.get("/api/notes").status, 401);
  EXPECT_EQ(browser.del("/api/users/authenticate").status, 200);
  EXPECT_EQ(thief.del("/api/users/authenticate").status, 200);
}

TEST(FrontEnds, nobody_is_signed_out_by_a_page_that_is_not_listed) {
  World world{let_in};
  auto browser = page_of(world);
  browser.post("/api/users", {{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}});
  browser.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  browser.header("Origin", "https://evil.example");
  EXPECT_EQ(browser.del("/api/users/authenticate").status, 403);
  browser.header("Origin", front_end);
  EXPECT_EQ(browser.get("/api/notes").status, 200);
}

TEST(FrontEnds, errors_of_every_kind_can_be_read) {
  World world{[](app::Settings& settings) {
    let_in(settings);
    settings.account_budgets.signup_address.free = 1;
  }};
  auto browser = page_of(world);
  const wire::Object ann{{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}};
  const std::vector<std::pair<Answer, int>> answers{
      {browser.get("/api/nothing"), 404},
      {browser.get("/v1/nothing"), 404},
      {browser.put("/v1/session", {}), 405},
      {browser.get("/api/notes"), 401},
      {browser.post_text("/api/users", "{"), 400},
      {ask(browser, "POST", "/v1/signup", {{"Content-Type", "text/plain"}}, "{}"), 415},
      {browser.post("/v1/signup", ann), 201},
      {browser.post("/v1/signup", ann), 429},
  };
  for (const auto& [answer, status] : answers) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), front_end) << status;
    EXPECT_EQ(answer.header("Vary"), "Origin") << status;
  }
}

}  // namespace
}  // namespace cardea::api_tests
