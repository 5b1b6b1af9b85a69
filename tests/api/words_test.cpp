// Every problem that a page can show is said in the words of web/*/strings; a debug build, as here, throws when a
// code has none.

#include "page/words.hpp"
#include "identity/identity.hpp"
#include "password/password.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::FormFields;

struct Case {
  FormFields typed;
  std::string shown;
};

std::string many(char letter, std::size_t count) { return std::string(count, letter); }

void with_every_kind_of_field(app::Settings& settings) {
  settings.identity.fields = {
      {.name = "motto", .label = "Motto", .min = 3, .max = 5},
      {.name = "level", .label = "Level", .type = identity::FieldType::integer, .min = 2, .max = 9},
      {.name = "dob", .label = "Date of birth", .type = identity::FieldType::date},
      {.name = "news", .label = "News", .type = identity::FieldType::boolean}};
}

FormFields with(FormFields fields, const FormFields& more) {
  for (const auto& [name, value] : more) {
    for (auto& field : fields) {
      if (field.first == name) field.second = value;
    }
  }
  return fields;
}

TEST(Words, of_every_problem_of_signing_up) {
  World world{with_every_kind_of_field};
  auto taken = world.client();
  taken.sign_up("taken", {{"email", "taken@example.org"}});
  const FormFields good{{"name", "Ann"},
                        {"uid", "ann"},
                        {"email", ""},
                        {"password", good_password},
                        {"password_confirm", good_password},
                        {"motto", ""},
                        {"level", "5"},
                        {"dob", ""},
                        {"news", "true"}};
  const std::vector<Case> cases{
      {{{"name", ""}}, "Name: Enter your name."},
      {{{"name", "A"}}, "Name: Use at least 2 characters."},
      {{{"name", many('a', 101)}}, "Name: Use at most 100 characters."},
      {{{"name", "a\x01"}}, "Name: Use letters, digits and punctuation only."},
      {{{"uid", ""}}, "User id: Choose a user id."},
      {{{"uid", "a"}}, "User id: Use at least 2 characters."},
      {{{"uid", many('a', 65)}}, "User id: Use at most 64 characters."},
      {{{"uid", "a@b"}}, "User id: Leave out the @"},
      {{{"uid", "a b"}}, "User id: Use letters, digits and . - _ only"},
      {{{"uid", "TAKEN"}}, "User id: This user id is taken"},
      {{{"email", "nowhere"}}, "E-mail: Enter an address like"},
      {{{"email", "taken@example.org"}}, "E-mail: This e-mail address is already in use."},
      {{{"password", ""}}, "Password: Choose a password."},
      {{{"password", "short"}}, "Password: Use at least 15 characters."},
      {{{"password", many('x', 257)}}, "Password: Use at most 256 characters."},
      {{{"password", "fifteen letters\x01"}}, "Password: Leave out control characters."},
      {{{"name", "Annabel Leeward Lee"}, {"password", "annabel leeward lee"}}, "Password: Choose something other than"},
      {{{"password", "passwordpassword"}}, "Password: This password is easy to guess."},
      {{{"password_confirm", "another"}}, "Password again: The two passwords differ."},
      {{{"motto", "ab"}}, "Motto: Use at least 3 characters."},
      {{{"motto", "abcdef"}}, "Motto: Use at most 5 characters."},
      {{{"motto", "abc\x01"}}, "Motto: Use letters, digits and punctuation only."},
      {{{"level", "1"}}, "Level: Use 2 or more."},
      {{{"level", "10"}}, "Level: Use 9 or less."},
      {{{"level", "five"}}, "Level: Enter a whole number."},
      {{{"dob", "2001-02-30"}}, "Date of birth: Enter a date that exists"},
      {{{"dob", "2999-01-01"}}, "Date of birth: Enter a date in the past."},
      {{{"dob", "1899-12-31"}}, "Date of birth: Enter a date after 1900."},
      {{{"news", "perhaps"}}, "News: Choose yes or no."},
  };
  for (const auto& [typed, shown] : cases) {
    const auto answer = world.client().submit("/signup", with(good, typed));
    EXPECT_EQ(answer.status, 422) << shown;
    EXPECT_TRUE(answer.mentions(">" + shown)) << shown;
  }
}

TEST(Words, problems_stand_in_the_order_of_the_inputs) {
  World world;
  const auto answer = world.client().submit("/signup", {{"name", ""},
                                                        {"uid", "a"},
                                                        {"email", "x"},
                                                        {"password", "short"},
                                                        {"password_confirm", "other"},
                                                        {"dob", "never"}});
  std::size_t last = 0;
  for (const std::string field : {"name", "uid", "password", "password_confirm", "email", "dob"}) {
    const auto at = answer.body.find("<a href=\"#" + field + "\">");
    EXPECT_NE(at, std::string::npos) << field;
    EXPECT_GT(at, last) << field;
    last = at;
  }
}

TEST(Words, of_passwords_shown_again_and_of_deletion) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto reauth = ann.submit("/reauth", {{"password", wrong_password}});
  EXPECT_EQ(reauth.status, 401);
  EXPECT_TRUE(reauth.mentions("<a href=\"#password\">Password: This is not your current password."));
  EXPECT_TRUE(ann.submit("/account/delete", {{"uid", "bob"}}).mentions(">Confirmation: This does not match."));
}

TEST(Words, throttled_says_how_long_to_wait) {
  World world;
  world.client().sign_up("ann");
  auto stranger = world.client();
  const auto guess = [&] { return stranger.submit("/signin", {{"uid", "ann"}, {"password", wrong_password}}); };
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(guess().mentions("That user id or e-mail and password don&#39;t match."));
  EXPECT_TRUE(guess().mentions("Too many tries. Wait 1 second, then try again."));
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 64s}) {
    world.advance(wait);
    guess();
  }
  const auto answer = guess();
  EXPECT_EQ(answer.status, 429);
  EXPECT_TRUE(answer.mentions("Too many tries. Wait 3 minutes, then try again."));
}

TEST(Words, without_a_cookie_or_with_too_much_say_what_to_do) {
  World world;
  auto visitor = world.client();
  EXPECT_TRUE(visitor.post_form("/signin", {{"uid", "ann"}}).mentions("Allow cookies for this site"));
  visitor.get("/signin");
  EXPECT_TRUE(visitor.post_form("/signin", {{"uid", "ann"}}).mentions("This page was open too long"));
  const auto wrong_way = visitor.get("/account/sessions/revoke");
  EXPECT_EQ(wrong_way.status, 405);
  EXPECT_TRUE(wrong_way.mentions("This page cannot be opened like that"));
}

}  // namespace
}  // namespace cardea::api_tests
