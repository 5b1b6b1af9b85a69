// Pages and errors in the language of who reads them: chosen here, or asked for by the browser.

#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

testing_support::Client speaking(World& world, std::string_view languages) {
  auto client = world.client();
  client.header("Accept-Language", languages);
  return client;
}

TEST(Language, of_pages_is_what_the_browser_asks_for) {
  World world;
  const auto page = speaking(world, "de-AT, en;q=0.5").get("/signin");
  EXPECT_EQ(page.header("Content-Language"), "de");
  EXPECT_TRUE(page.mentions("<html lang=\"de\""));
  EXPECT_TRUE(page.mentions("Passwort vergessen?"));
  EXPECT_EQ(world.client().get("/signin").header("Content-Language"), "en");
}

TEST(Language, written_from_right_to_left_turns_the_page_around) {
  World world;
  EXPECT_TRUE(speaking(world, "ar-EG").get("/signup").mentions("<html lang=\"ar\" dir=\"rtl\">"));
}

TEST(Language, that_was_chosen_stays_and_leads_back_to_where_one_was) {
  World world;
  auto visitor = world.client();
  EXPECT_TRUE(visitor.get("/signin?next=%2Fusers").mentions("href=\"/language?next=%2Fsignin%3Fnext%3D%252Fusers\""));
  const auto chosen = visitor.submit("/language?next=%2Fsignin%3Fnext%3D%252Fusers", {{"language", "ja"}}, "/language");
  EXPECT_EQ(chosen.status, 303);
  EXPECT_EQ(chosen.header("Location"), "/signin?next=%2Fusers");
  EXPECT_NE(chosen.set_cookie("cardea-language").find("Max-Age=31536000"), std::string::npos);
  visitor.header("Accept-Language", "de");
  EXPECT_EQ(visitor.follow(chosen).header("Content-Language"), "ja");
  EXPECT_TRUE(visitor.get("/language").mentions("value=\"ja\""));
}

TEST(Language, is_never_a_way_to_another_site) {
  World world;
  for (const auto* next : {"https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"}) {
    auto visitor = world.client();
    const auto chosen = visitor.submit("/language", {{"language", "de"}, {"next", next}}, "/language");
    EXPECT_EQ(chosen.header("Location"), "/") << next;
  }
}

TEST(Language, that_is_not_offered_is_not_kept) {
  World world{[](app::Settings& settings) { settings.languages = {"fr", "en"}; }};
  for (const auto* tag : {"de", "xx", "", "en\r\nSet-Cookie: a=b"}) {
    auto visitor = world.client();
    const auto page = visitor.submit("/language", {{"language", tag}}, "/language");
    EXPECT_EQ(page.status, 200) << tag;
    EXPECT_EQ(page.set_cookie("cardea-language"), "") << tag;
    EXPECT_EQ(page.header("Content-Language"), "fr") << tag;  // the first: who asks for none gets it
  }
  EXPECT_FALSE(speaking(world, "de").get("/language").mentions("value=\"de\""));
}

TEST(Language, cannot_be_chosen_by_another_site) {
  World world;
  auto visitor = world.client();
  EXPECT_EQ(visitor.post_form("/language", {{"language", "de"}}).status, 403);
}

TEST(Language, of_forms_and_their_problems) {
  World world;
  const auto page =
      speaking(world, "fr")
          .submit("/signup", {{"name", ""}, {"uid", "a"}, {"email", ""}, {"password", "x"}, {"password_confirm", "y"}});
  EXPECT_EQ(page.status, 422);
  EXPECT_TRUE(page.mentions("Nom: Saisissez votre nom."));
  EXPECT_TRUE(page.mentions("Identifiant: Utilisez au moins 2 caractères."));
  EXPECT_TRUE(page.mentions("Les deux mots de passe diffèrent."));
}

TEST(Language, of_the_fields_that_are_there_by_default_but_not_of_the_operators_own) {
  World world{[](app::Settings& settings) { settings.identity.fields.push_back({.name = "motto", .label = "Motto"}); }};
  auto ann = speaking(world, "es");
  ann.sign_up("ann");
  const auto page = ann.get("/account");
  EXPECT_TRUE(page.mentions("Fecha de nacimiento"));
  EXPECT_TRUE(page.mentions(">Motto"));
  EXPECT_TRUE(ann.header("Accept-Language", "en").get("/account").mentions("Date of birth"));
}

TEST(Language, of_moments_and_devices) {
  World world;
  auto ann = speaking(world, "de");
  ann.header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0");
  ann.sign_up("ann");
  const auto page = ann.get("/account/sessions");
  EXPECT_TRUE(page.mentions("Firefox auf Linux"));
  EXPECT_TRUE(page.mentions(". November 2026, "));
}

TEST(Language, of_the_apis_errors_is_what_the_browser_asks_for_and_their_codes_stay) {
  World world;
  auto visitor = speaking(world, "pt");
  const auto answer = visitor.post("/v1/signup", {{"uid", "a"}, {"password", "short"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.header("Content-Language"), "pt-BR");
  EXPECT_EQ(answer.text("code"), "validation_failed");
  EXPECT_EQ(answer.text("title"), "Alguns campos precisam de atenção.");
  EXPECT_EQ(answer.text("detail"), "Digite seu nome.");
  EXPECT_TRUE(answer.mentions("\"code\":\"password_short\""));
  EXPECT_TRUE(answer.mentions("Use pelo menos 15 caracteres."));
  EXPECT_EQ(visitor.sign_in("nobody").text("title"),
            "Esse identificador ou e-mail e essa senha não combinam. Confira os dois e tente de novo.");
}

TEST(Language, of_the_api_is_its_english_for_who_asks_for_that_or_for_nothing) {
  World world;
  for (const auto* languages : {"", "en-GB, de;q=0.9", "sw", "*"}) {
    const auto answer = speaking(world, languages).sign_in("nobody");
    EXPECT_EQ(answer.header("Content-Language"), "") << languages;
    EXPECT_EQ(answer.text("title"), "That user id and password don't match. Check both and try again.") << languages;
  }
}

TEST(Language, of_the_api_stays_english_where_a_sentence_has_no_translation) {
  World world;
  auto ann = speaking(world, "de");
  ann.sign_up("ann");
  const auto answer = ann.post_text("/v1/signin", "{");
  EXPECT_EQ(answer.text("code"), "malformed_json");
  EXPECT_FALSE(answer.text("title").empty());
  EXPECT_FALSE(answer.mentions("{{"));
}

TEST(Language, of_the_older_contract_is_fixed) {
  World world;
  world.client().sign_up("ann");
  const wire::Object taken{{"name", "Ann"}, {"uid", "ann"}, {"password", good_password}};
  const auto english = world.client().post("/api/users", taken);
  const auto german = speaking(world, "de").post("/api/users", taken);
  EXPECT_EQ(german.status, english.status);
  EXPECT_EQ(german.header("Content-Language"), "");
  for (const auto* member : {"message", "title", "detail", "errors/0/detail"}) {
    EXPECT_EQ(german.text(member), english.text(member)) << member;
  }
}

TEST(Language, of_a_wait_is_in_words) {
  World world;
  auto visitor = speaking(world, "ja");
  testing_support::Answer answer = visitor.sign_in("ann", "wrong");
  for (int i = 0; i < 200 && answer.status != 429; ++i) answer = visitor.sign_in("ann", "wrong");
  ASSERT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.text("detail").ends_with("待ってから、もう一度お試しください。")) << answer.text("detail");
}

}  // namespace
}  // namespace cardea::api_tests
