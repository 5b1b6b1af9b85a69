// The pages that the `type` of a problem document leads to.

#include "app/error_reference.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

// As a page writes a text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) out += letter == '\'' ? std::string{"&#39;"} : std::string{letter};
  return out;
}

TEST(ErrorReference, every_code_has_a_page_with_its_status_meaning_and_advice) {
  World world;
  auto curl = world.curl();
  const auto list = curl.get("/docs/errors");
  EXPECT_EQ(list.status, 200);
  const auto catalogue = app::error_catalogue(world.house().features());
  EXPECT_GE(catalogue.size(), 31U);
  for (const auto& [code, kind] : catalogue) {
    const auto path = "/docs/errors/" + std::string{code};
    const auto page = curl.get(path);
    EXPECT_EQ(page.status, 200) << code;
    EXPECT_TRUE(page.header("Content-Type").starts_with("text/html")) << code;
    EXPECT_TRUE(page.mentions(">" + std::string{code} + "</h1>")) << code;
    EXPECT_TRUE(page.mentions("HTTP status " + std::to_string(kind->status))) << code;
    EXPECT_TRUE(page.mentions(escaped(kind->title))) << code;
    EXPECT_FALSE(page.mentions("error_code.advice")) << code << " has no advice in any strings/en.json";
    EXPECT_TRUE(list.mentions("href=\"" + path + "\"")) << code;
  }
}

TEST(ErrorReference, type_of_a_problem_leads_to_its_page) {
  World world;
  auto curl = world.curl();
  for (const auto& refused : {curl.get("/v1/me"), curl.get("/v1/nothing"), curl.post("/api/users/authenticate")}) {
    EXPECT_GE(refused.status, 400);
    const auto page = curl.get(refused.text("type"));
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(page.mentions(refused.text("code")));
  }
}

TEST(ErrorReference, unknown_code_is_not_found) {
  World world;
  auto browser = world.client();
  for (const auto* code : {"nothing", "Not_Found", "note", "advice", "%3Cb%3E"}) {
    const auto page = browser.get("/docs/errors/" + std::string{code});
    EXPECT_EQ(page.status, 404) << code;
    EXPECT_TRUE(page.header("Content-Type").starts_with("text/html")) << code;
    EXPECT_FALSE(page.mentions("<b>")) << code;
  }
}

TEST(ErrorReference, pages_know_who_is_signed_in) {
  World world;
  auto ann = world.client();
  EXPECT_TRUE(ann.get("/docs/errors").mentions("href=\"/signin\""));
  ann.sign_up("ann");
  EXPECT_FALSE(ann.get("/docs/errors").mentions("href=\"/signin\""));
  EXPECT_EQ(ann.get("/docs/errors/not_found").status, 200);
}

}  // namespace
}  // namespace cardea::api_tests
