#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "http/cookie.hpp"
#include "page/language_page.hpp"
#include "page/page.hpp"
#include "tests/support/random.hpp"

namespace cardea::page {
namespace {

http::Response no_errors(const http::Call&, const Error&) { throw std::logic_error{"no error was expected"}; }

struct World {
  testing_support::SeededRandom random;
  http::FormTokens form_tokens{Secret{std::string_view{"0123456789abcdef0123456789abcdef"}}, random};
  http::Route route{.method = http::Method::get,
                    .path = "/",
                    .lane = http::Lane::quick,
                    .requirement = if_signed_in,
                    .surface = &http::api_surface(),
                    .handler = {}};
  http::Request request{.path = "/"};
  bool signed_in = false;

  http::Call call() {
    http::Call call{.request = request, .route = route, .context = {.now = Time{}, .origin = {.address = "127.0.0.1"}}};
    if (signed_in) call.context.principal.emplace();
    return call;
  }
  http::Response render(std::vector<Asset> assets, Data data, std::string_view name = "home") {
    return Pages{assets, {.brand = "Acme"}, form_tokens, no_errors}.render(name, call(), std::move(data));
  }
};

std::vector<Asset> one_page(std::string_view text) {
  return {{"shared/layout.html", "{{> page}}"},
          {"shared/home.html", text},
          {"shared/strings/en.json", R"({"home":{"title":"Welcome {{name}}"}})"}};
}

TEST(Pages, values_are_escaped_in_content_and_attributes) {
  World world;
  const auto response = world.render(one_page("<a title=\"{{x}}\">{{x}}</a>"), wire::Object{{"x", "<b>\"'&"}});
  EXPECT_EQ(response.body, "<a title=\"&lt;b&gt;&quot;&#39;&amp;\">&lt;b&gt;&quot;&#39;&amp;</a>");
  EXPECT_EQ(response.headers.get("Content-Type"), "text/html; charset=utf-8");
}

TEST(Pages, mustache_inside_a_value_stays_text) {
  World world;
  const auto response = world.render(one_page("{{x}}"), wire::Object{{"x", "{{brand}} {{{brand}}}"}});
  EXPECT_EQ(response.body, "{{brand}} {{{brand}}}");
}

TEST(Pages, empty_text_null_and_empty_lists_and_objects_make_a_section_false) {
  World world;
  for (const Data& nothing : {Data{""}, Data{}, Data{false}, Data{wire::Array{}}, Data{wire::Object{}}}) {
    EXPECT_EQ(world.render(one_page("{{#x}}yes{{/x}}{{^x}}no{{/x}}"), wire::Object{{"x", nothing}}).body, "no");
  }
  EXPECT_EQ(world.render(one_page("{{#x}}yes{{/x}}"), wire::Object{{"x", 0}}).body, "yes");
}

TEST(Pages, the_type_of_an_object_can_be_asked) {
  World world;
  const auto data = wire::Object{{"f", wire::Array{wire::Object{{"type", "date"}}, wire::Object{{"type", "text"}}}}};
  EXPECT_EQ(world.render(one_page("{{#f}}{{#is_date}}d{{/is_date}}{{^is_date}}-{{/is_date}}{{/f}}"), data).body, "d-");
}

TEST(Pages, a_form_token_sets_its_cookie_once_and_only_where_it_is_printed) {
  World world;
  const auto with_form = world.render(one_page("{{csrf}} {{csrf}}"), wire::Object{});
  const auto cookies =
      std::ranges::count_if(with_form.headers.fields(), [](const auto& field) { return field.name == "Set-Cookie"; });
  EXPECT_EQ(cookies, 1);
  const auto token = with_form.body.text().substr(0, with_form.body.text().find(' '));
  const auto cookie = std::string{with_form.headers.get("Set-Cookie")};
  world.request.headers.add("Cookie", cookie.substr(0, cookie.find(';')));
  EXPECT_TRUE(world.form_tokens.matches(world.request, token));
  EXPECT_FALSE(world.render(one_page("{{csrf}}"), wire::Object{}).headers.has("Set-Cookie"));
  EXPECT_FALSE(World{}.render(one_page("no form"), wire::Object{}).headers.has("Set-Cookie"));
}

TEST(Pages, only_a_known_theme_is_taken_from_the_cookie) {
  for (const auto& [cookie, shown] :
       {std::pair{"dark", "dark"}, {"light", "light"}, {"pink", ""}, {"\"><script>", ""}}) {
    World world;
    world.request.headers.add("Cookie", std::string{"cardea-theme="} + cookie);
    EXPECT_EQ(world.render(one_page("{{theme}}"), wire::Object{}).body, shown);
  }
}

TEST(Pages, next_travels_in_links_encoded) {
  World world;
  EXPECT_EQ(world.render(one_page("/signin{{next_query}}"), wire::Object{{"next", "/users?a=b&c=d"}}).body,
            "/signin?next=%2Fusers%3Fa%3Db%26c%3Dd");
  EXPECT_EQ(world.render(one_page("/signin{{next_query}}"), wire::Object{}).body, "/signin");
}

TEST(Pages, strings_are_found_and_filled) {
  World world;
  const auto assets = one_page("x");
  const Pages pages{assets, {.brand = "Acme"}, world.form_tokens, no_errors};
  EXPECT_EQ(pages.english().text("home.title", {{"name", "Ada"}}), "Welcome Ada");
  EXPECT_EQ(pages.english().text("home.nothing"), "home.nothing");
  EXPECT_TRUE(pages.english().has("home.title"));
  EXPECT_FALSE(pages.english().has("home.nothing"));
}

TEST(Pages, a_template_that_could_print_unescaped_stops_the_start) {
  World world;
  for (const std::string_view text : {"{{{x}}}", "{{& x}}", "{{=| |=}}", "{{#x}}", "{{t.no.such}}", "{{asset.no}}"}) {
    const auto assets = one_page(text);
    EXPECT_THROW(Pages(assets, {.brand = "Acme"}, world.form_tokens, no_errors), std::logic_error) << text;
  }
}

#ifndef NDEBUG
TEST(Pages, a_forgotten_value_is_a_bug_in_debug_builds) {
  World world;
  EXPECT_THROW((void)world.render(one_page("{{x}}"), wire::Object{}), std::logic_error);
  EXPECT_NO_THROW((void)world.render(one_page("{{values.x}}{{errors.x}}"), wire::Object{}));
}
#endif

TEST(Pages, an_unknown_page_is_a_bug) {
  World world;
  EXPECT_THROW((void)world.render(one_page("x"), wire::Object{}, "nothing"), std::out_of_range);
  EXPECT_THROW((void)world.render(one_page("x"), wire::Object{}, "layout"), std::out_of_range);
}

std::string read(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream{path}.rdbuf();
  return text.str();
}

bool is_page(std::string_view path) {
  return path.ends_with(".html") && path.find("/parts/") == std::string_view::npos && path != "shared/layout.html";
}

std::string_view folder_of(std::string_view path) { return path.substr(0, path.find('/')); }

/// The menus of a whole house, as the folders' samples/navigation.json have them. Views `texts`.
std::vector<NavItem> sample_navigation(std::vector<wire::Value>& texts) {
  std::set<std::string_view> folders;
  for (const auto& [path, content] : embedded_assets()) folders.insert(folder_of(path));
  for (const auto folder : folders) {
    const auto text = read("web/" + std::string{folder} + "/samples/navigation.json");
    if (!text.empty()) texts.push_back(wire::parse(text).value());
  }
  std::vector<NavItem> items;
  for (const auto& links : texts) {
    for (const auto& link : *links.get<wire::Array>()) {
      const auto member = [&](std::string_view name) -> std::string_view {
        return *link.find(name)->get<std::string>();
      };
      items.push_back({.menu = member("menu") == "site" ? Menu::site : Menu::account,
                       .key = member("key"),
                       .href = member("href"),
                       .page = member("page")});
    }
  }
  return items;
}

TEST(EmbeddedPages, are_those_of_every_folder_below_web) {
  std::set<std::string> expected;
  for (const auto& folder : std::filesystem::directory_iterator{"web"}) {
    const auto name = folder.path().filename().string();
    if (!folder.is_directory() || name == "node_modules" || name.starts_with('.')) continue;
    for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
      if (file.path().extension() == ".html") expected.insert(name + "/" + file.path().filename().string());
    }
  }
  std::set<std::string> embedded{"shared/layout.html"};
  for (const auto& [path, content] : embedded_assets()) {
    if (is_page(path)) embedded.emplace(path);
  }
  EXPECT_EQ(embedded, expected);
}

/// Every page with its sample. With CARDEA_SHOW=<folder> the pages are also written there, for `npm run show`.
TEST(EmbeddedPages, every_page_has_a_sample_and_renders_it) {
  World world;
  Pages pages{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  std::vector<wire::Value> texts;
  pages.set_navigation(sample_navigation(texts));
  const char* show = std::getenv("CARDEA_SHOW");  // NOLINT(concurrency-mt-unsafe): no other thread runs
  int rendered = 0;
  for (const auto& [path, content] : embedded_assets()) {
    if (!is_page(path)) continue;
    const std::string name = std::filesystem::path{path}.stem();
    const auto sample = wire::parse(read("web/" + std::string{folder_of(path)} + "/samples/" + name + ".json"));
    ASSERT_TRUE(sample.ok()) << name;
    world.signed_in = name != "signup" && name != "signin";
    const auto response = pages.render(name, world.call(), sample.value());
    EXPECT_TRUE(response.body.text().starts_with("<!doctype html>")) << name;
    EXPECT_EQ(response.body.text().find("{{"), std::string::npos) << name;
    EXPECT_NE(response.body.text().find("</html>"), std::string::npos) << name;
    if (show != nullptr) std::ofstream{std::filesystem::path{show} / (name + ".html")} << response.body;
    ++rendered;
  }
  EXPECT_GE(rendered, 4);  // those of web/shared and the start page; every feature adds its own
}

TEST(EmbeddedPages, link_to_what_the_navigation_holds_and_to_nothing_else) {
  World world;
  world.signed_in = true;
  const Pages without{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  Pages with{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  with.set_navigation({{.menu = Menu::site, .key = "security", .href = "/there", .page = "account_security"}});
  const std::string link = "<a class=\"item\" href=\"/there\">Security</a>";
  const std::string card = "<strong class=\"title\">Security</strong> <span class=\"hint\">Your password";
  const auto home = with.render("home", world.call(), wire::Object{});
  EXPECT_NE(home.body.text().find(link), std::string::npos);
  EXPECT_NE(home.body.text().find(card), std::string::npos);
  EXPECT_EQ(without.render("home", world.call(), wire::Object{}).body.text().find("/there"), std::string::npos);
}

/// Every page in every language: no string of it is missing there, nor a variable in one of them.
TEST(EmbeddedPages, every_page_renders_in_every_language) {
  World world;
  Pages pages{embedded_assets(), {.brand = "Acme", .languages = all_tags()}, world.form_tokens, no_errors};
  std::vector<wire::Value> texts;
  pages.set_navigation(sample_navigation(texts));
  for (const auto& language : languages()) {
    world.request.headers.set("Accept-Language", language.tag);
    for (const auto& [path, content] : embedded_assets()) {
      if (!is_page(path)) continue;
      const std::string name = std::filesystem::path{path}.stem();
      const auto sample = wire::parse(read("web/" + std::string{folder_of(path)} + "/samples/" + name + ".json"));
      ASSERT_TRUE(sample.ok()) << name;
      const auto response = pages.render(name, world.call(), sample.value());
      const auto& body = response.body.text();
      const auto head = "<html lang=\"" + std::string{language.tag} + "\"" + (language.is_rtl ? " dir=\"rtl\"" : "");
      EXPECT_NE(body.find(head + ">"), std::string::npos) << name;
      EXPECT_EQ(body.find("{{"), std::string::npos) << language.tag << " " << name;
      EXPECT_EQ(response.headers.get("Content-Language"), language.tag);
    }
  }
}

std::string language_of(World& world, const Pages& pages) {
  return std::string{pages.words(world.call()).language().tag};
}

TEST(PageLanguage, is_what_was_chosen_here_before_what_the_browser_asks_for) {
  const std::vector<std::string> offered{"fr", "en", "ja"};
  World world;
  const auto assets = one_page("x");
  const Pages pages{assets, {.brand = "Acme", .languages = offered}, world.form_tokens, no_errors};
  EXPECT_EQ(language_of(world, pages), "fr");  // the first, for who asks for none
  world.request.headers.set("Accept-Language", "de, ja;q=0.5");
  EXPECT_EQ(language_of(world, pages), "ja");
  world.request.headers.set("Cookie", "cardea-language=en");
  EXPECT_EQ(language_of(world, pages), "en");
  for (const auto* cookie : {"cardea-language=de", "cardea-language=", "cardea-language=\"><script>"}) {
    world.request.headers.set("Cookie", cookie);
    EXPECT_EQ(language_of(world, pages), "ja") << cookie;  // not offered, or not a language
  }
}

TEST(PageLanguage, has_a_page_to_choose_it_only_where_there_is_a_choice) {
  World world;
  for (const auto& [offered, has_link] : {std::pair{std::vector<std::string>{"en"}, false}, {all_tags(), true}}) {
    const Pages pages{embedded_assets(), {.brand = "Acme", .languages = offered}, world.form_tokens, no_errors};
    const auto body = pages.render("home", world.call(), wire::Object{}).body.text();
    EXPECT_EQ(body.find("href=\"/language") != std::string::npos, has_link);
    EXPECT_EQ(language_routes(pages).empty(), !has_link);
  }
}

TEST(PageLanguage, without_a_translation_is_english) {
  World world;
  auto assets = one_page("{{t.home.title}} {{t.home.more}}");
  assets[2] = {"shared/strings/en.json", R"({"home":{"title":"Welcome","more":"More"}})"};
  assets.push_back({"shared/strings/de.json", R"({"home":{"title":"Willkommen"}})"});
  const Pages pages{assets, {.brand = "Acme", .languages = {"en", "de"}}, world.form_tokens, no_errors};
  world.request.headers.set("Accept-Language", "de");
  EXPECT_EQ(pages.render("home", world.call(), wire::Object{}).body, "Willkommen More");
}

TEST(Words, of_a_sentence_without_one_of_its_values_are_not_said) {
  const wire::Object data{{"limit", 5}, {"name", "Ada"}};
  EXPECT_EQ(fill("{{name}}: at most {{limit}}.", data), "Ada: at most 5.");
  EXPECT_EQ(fill("Up to {{size}}.", data), std::nullopt);
  EXPECT_EQ(fill("No values.", {}), "No values.");
}

TEST(Words, count_in_the_forms_of_their_language) {
  World world;
  const Pages pages{embedded_assets(), {.brand = "Acme", .languages = all_tags()}, world.form_tokens, no_errors};
  const auto wait = [&](std::string_view tag, std::int64_t seconds) {
    world.request.headers.set("Accept-Language", tag);
    return wait_text(pages.words(world.call()), std::chrono::seconds{seconds});
  };
  EXPECT_EQ(wait("en", 0), "1 second");
  EXPECT_EQ(wait("en", 40), "40 seconds");
  EXPECT_EQ(wait("en", 121), "3 minutes");
  EXPECT_EQ(wait("de", 1), "1 Sekunde");
  EXPECT_EQ(wait("ar", 1), "ثانية واحدة");
  EXPECT_EQ(wait("ar", 2), "ثانيتين");
  EXPECT_EQ(wait("ar", 5), "5 ثوانٍ");
  EXPECT_EQ(wait("ar", 40), "40 ثانية");
}

TEST(Pages, navigation_to_what_is_not_there_stops_the_start) {
  World world;
  const auto assets = one_page("x");
  Pages pages{assets, {.brand = "Acme"}, world.form_tokens, no_errors};
  EXPECT_THROW(pages.set_navigation({{.key = "home", .href = "/", .page = "nothing"}}), std::logic_error);
  EXPECT_THROW(pages.set_navigation({{.key = "nothing", .href = "/", .page = "home"}}), std::logic_error);
}

TEST(Pages, two_folders_with_one_name_stop_the_start) {
  World world;
  for (const Asset& more :
       {Asset{"other/home.html", "y"}, Asset{"other/strings/en.json", R"({"home":{"title":"y"}})"}}) {
    auto assets = one_page("x");
    assets.push_back(more);
    EXPECT_THROW(Pages(assets, {.brand = "Acme"}, world.form_tokens, no_errors), std::logic_error) << more.path;
  }
}

TEST(EmbeddedPages, many_threads_may_render_at_once) {
  World world;
  const Pages pages{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  const auto sample = wire::parse(read("web/shared/samples/error_list.json"));
  ASSERT_TRUE(sample.ok());
  const auto expected = pages.render("error_list", world.call(), sample.value()).body.text();
  std::vector<std::jthread> threads;
  std::atomic<int> different = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 50; ++n)
        different += pages.render("error_list", world.call(), sample.value()).body != expected;
    });
  }
  threads.clear();
  EXPECT_EQ(different, 0);
}

http::Response fetch(const Pages& pages, std::string_view ending, std::string_view accept) {
  World world;
  world.request.headers.add("Accept-Encoding", accept);
  for (const auto& route : pages.asset_routes()) {
    if (route.path.ends_with(ending)) return route.handler(world.call()).value();
  }
  return {.status = 404};
}

TEST(EmbeddedAssets, are_served_immutable_with_their_type) {
  World world;
  const Pages pages{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  for (const auto& [ending, type] : {std::pair{".css", "text/css; charset=utf-8"},
                                     {".js", "text/javascript; charset=utf-8"},
                                     {".svg", "image/svg+xml"}}) {
    const auto response = fetch(pages, ending, "");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.headers.get("Content-Type"), type);
    EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_FALSE(response.headers.has("Content-Encoding"));
    EXPECT_FALSE(response.body.empty());
  }
  EXPECT_EQ(fetch(pages, "manifest.json", "").status, 404);
}

TEST(EmbeddedAssets, are_sent_compressed_to_who_takes_gzip) {
  World world;
  const Pages pages{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  for (const std::string_view accept : {"gzip", "br, GZIP;q=0.5", "deflate, gzip;q=1.0"}) {
    const auto response = fetch(pages, ".css", accept);
    EXPECT_EQ(response.headers.get("Content-Encoding"), "gzip") << accept;
    EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding");
    EXPECT_TRUE(response.body.text().starts_with("\x1f\x8b"));
  }
  for (const std::string_view accept : {"", "br", "gzip;q=0", "gzip;q=0.000", "identity"}) {
    EXPECT_FALSE(fetch(pages, ".css", accept).headers.has("Content-Encoding")) << accept;
  }
}

TEST(RelativeTime, is_machine_and_human_readable) {
  World world;
  const Pages pages{embedded_assets(), {.brand = "Acme"}, world.form_tokens, no_errors};
  const auto value = instant(pages.english(), from_micros(1'795'446'245'000'000));
  EXPECT_EQ(wire::to_json(value),
            R"({"iso":"2026-11-23T15:04:05.000Z","text":"23 November 2026, 15:04 UTC","day":"23 November 2026"})");
}

}  // namespace
}  // namespace cardea::page
