// Every problem that a page with a note can show is said in the words of web/*/strings; a debug build, as here, throws
// when a code has none.

#include "note/note.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FormFields;

struct Case {
  FormFields typed;
  std::string shown;
};

std::string many(char letter, std::size_t count) { return std::string(count, letter); }

TEST(Words, of_every_problem_of_a_note) {
  World world{[](app::Settings& settings) {
    auto& note = settings.features.of<note::Settings>();
    note.max_text = 20;
    note.max_image = 2048;
    note.max_per_account = 1;
    note.max_text_per_account = 10;
  }};
  auto ann = world.client();
  ann.sign_up("ann");
  const std::vector<Case> cases{{{{"note", ""}}, "Note: Write something."},
                                {{{"note", many('a', 21)}}, "Note: Use at most 20 characters."},
                                {{{"note", many('a', 2'000)}}, "Note: Use at most 20 characters."},
                                {{{"note", "a\x01"}}, "Note: This has a character that cannot be kept."},
                                {{{"note", "eleven long"}}, "Your notes take up all the space"}};
  for (const auto& [typed, shown] : cases) {
    EXPECT_TRUE(ann.submit("/account/notes", typed).mentions(">" + shown)) << shown;
  }
  const auto pictured = [&](std::string bytes) {
    return ann.submit("/account/notes", {{"note", "x"}}, "", {{"image", "x.png", std::move(bytes)}});
  };
  EXPECT_TRUE(pictured("no picture").mentions(">Picture: Choose a PNG, JPEG or WebP picture."));
  EXPECT_TRUE(pictured(many('x', 2049)).mentions(">Picture: This picture is too large. Choose one of up to 2 kB."));
  EXPECT_EQ(ann.submit("/account/notes", {{"note", "x"}}).status, 303);
  EXPECT_TRUE(ann.submit("/account/notes", {{"note", "y"}}).mentions("You have as many notes"));
}

}  // namespace
}  // namespace cardea::api_tests
