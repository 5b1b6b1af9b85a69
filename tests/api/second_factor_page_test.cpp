// The same sign-in by forms, without a script: /signin, then /signin/verify.

#include "tests/api/second_factor.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

class SecondFactorPage : public ::testing::TestWithParam<std::string> {
 protected:
  SecondFactorScene scene{GetParam()};
  World& world = scene.world;
  SecondFactorPage() { scene.enrol("ann"); }

  /// A browser on its way to `page` that has shown the password of "ann"; where it is led.
  std::pair<Client, std::string> show_password(std::string_view page = "/account/sessions") {
    auto browser = world.client();
    const auto answer =
        browser.submit("/signin?next=" + std::string{page}, {{"uid", "ann"}, {"password", good_password}}, "/signin");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(browser.cookie(session_cookie_name), "");
    return {browser, answer.header("Location")};
  }
};
INSTANTIATE_TEST_SUITE_P(engines, SecondFactorPage, testing_support::both_engines(), testing_support::engine_name);

/// What a browser posts from the page of the code.
testing_support::FormFields filled_form(Client& browser, const std::string& place) {
  testing_support::FormFields form{{"code", right_code}};
  for (const auto& field : testing_support::hidden_fields(browser.get(place).body, "/signin/verify")) {
    form.push_back(field);
  }
  return form;
}

constexpr const char* too_late = "This sign-in took too long or was finished elsewhere. Start again.";

TEST_P(SecondFactorPage, leads_from_the_password_to_the_code_to_where_one_wanted_to_go) {
  auto [ann, place] = show_password();
  EXPECT_EQ(place, "/signin/verify?next=%2Faccount%2Fsessions");
  const auto page = ann.get(place);
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(page.mentions(R"(autocomplete="one-time-code")"));
  EXPECT_TRUE(page.mentions(R"(<input type="hidden" name="method" value="totp">)"));
  EXPECT_FALSE(page.mentions(R"(type="radio")")) << "there is nothing to choose";

  const auto in = ann.submit(place, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(in.header("Location"), "/account/sessions");
  EXPECT_NE(in.set_cookie(session_cookie_name), "");
  EXPECT_EQ(ann.cookie(signin_cookie_name), "");
  EXPECT_EQ(ann.follow(in).status, 200);
}

TEST_P(SecondFactorPage, without_a_place_to_go_it_ends_at_the_account) {
  auto [ann, place] = show_password("https://evil.example/");
  const auto in = ann.submit(place, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(in.header("Location"), "/account");
}

TEST_P(SecondFactorPage, wrong_code_is_said_beside_the_field_and_the_way_is_kept) {
  auto [ann, place] = show_password();
  const auto wrong = ann.submit(place, {{"code", wrong_code}}, "/signin/verify");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_TRUE(wrong.mentions(R"(aria-invalid="true")"));
  EXPECT_TRUE(wrong.mentions(R"(name="next" value="/account/sessions")"));
  EXPECT_FALSE(wrong.mentions(std::string{"value=\""} + wrong_code)) << "a code is not repeated";
  const auto in = ann.submit(place, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(in.header("Location"), "/account/sessions");
}

TEST_P(SecondFactorPage, too_many_wrong_codes_are_answered_on_the_page) {
  auto [ann, place] = show_password();
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(ann.submit(place, {{"code", wrong_code}}, "/signin/verify").status, 401);
  }
  const auto refused = ann.submit(place, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "172800");
  EXPECT_EQ(scene.count("session"), 0);
}

TEST_P(SecondFactorPage, two_factors_are_a_choice_that_a_wrong_code_does_not_undo) {
  scene.factors.enrol(world.id_of("ann"), AuthMethod::recovery_code);
  auto [ann, place] = show_password();
  const auto asked = [](std::string_view method) { return R"(name="method" value=")" + std::string{method} + R"(">)"; };
  const auto first = ann.get(place);
  EXPECT_TRUE(first.mentions(asked("totp"))) << "the strongest first";
  EXPECT_TRUE(first.mentions("Try another way"));
  const std::string other = "/signin/verify/recovery_code?next=%2Faccount%2Fsessions";
  EXPECT_TRUE(first.mentions(R"(href=")" + other + R"(")")) << first.body;
  EXPECT_TRUE(ann.get(other).mentions(asked("recovery_code")));
  const auto wrong = ann.submit(other, {{"code", wrong_code}}, "/signin/verify");
  EXPECT_TRUE(wrong.mentions(asked("recovery_code")));
  EXPECT_FALSE(wrong.mentions(asked("totp")));
  const auto in = ann.submit(other, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(in.header("Location"), "/account/sessions");
}

TEST_P(SecondFactorPage, sign_in_that_took_too_long_starts_again_and_says_so) {
  auto [ann, place] = show_password();
  world.advance(10min);
  const auto over = ann.get(place);
  EXPECT_EQ(over.status, 303);
  EXPECT_EQ(over.header("Location"), "/signin?next=%2Faccount%2Fsessions");
  const auto start = ann.follow(over);
  EXPECT_TRUE(start.mentions(too_late));
  EXPECT_TRUE(start.mentions(R"(name="next" value="/account/sessions")"));
  EXPECT_EQ(scene.count("session"), 0);
}

TEST_P(SecondFactorPage, form_that_was_open_when_the_sign_in_ended_starts_again) {
  auto [ann, place] = show_password();
  const auto form = filled_form(ann, place);
  world.advance(10min);
  const auto late = ann.post_form("/signin/verify", form);
  EXPECT_EQ(late.status, 303);
  EXPECT_EQ(late.header("Location"), "/signin?next=%2Faccount%2Fsessions");
  EXPECT_TRUE(ann.follow(late).mentions(too_late));
}

TEST_P(SecondFactorPage, second_tab_of_a_finished_sign_in_says_who_is_signed_in) {
  auto [ann, place] = show_password();
  const auto second_tab = filled_form(ann, place);
  EXPECT_EQ(ann.submit(place, {{"code", right_code}}, "/signin/verify").header("Location"), "/account/sessions");
  const auto late = ann.post_form("/signin/verify", second_tab);
  EXPECT_EQ(late.status, 403);
  EXPECT_TRUE(late.mentions("You are now signed in as")) << "the form was shown to nobody";
  EXPECT_EQ(scene.count("session"), 1);
}

TEST_P(SecondFactorPage, back_button_after_the_sign_in_leads_on) {
  auto [ann, place] = show_password();
  ann.submit(place, {{"code", right_code}}, "/signin/verify");
  EXPECT_EQ(ann.get(place).header("Location"), "/account/sessions");
  EXPECT_EQ(ann.get("/signin").header("Location"), "/account");
}

TEST_P(SecondFactorPage, back_button_before_the_code_begins_a_new_sign_in) {
  auto [ann, place] = show_password();
  EXPECT_EQ(ann.get("/signin").status, 200) << "the password alone signed nobody in";
  const auto again = ann.submit("/signin", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(ann.submit(again.header("Location"), {{"code", right_code}}, "/signin/verify").status, 303);
  EXPECT_EQ(scene.count("session"), 1);
}

TEST_P(SecondFactorPage, without_a_sign_in_the_page_of_the_code_leads_to_the_first_step) {
  auto stranger = world.client();
  const auto answer = stranger.get("/signin/verify");
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.header("Location").starts_with("/signin?"));
  EXPECT_EQ(stranger.follow(answer).status, 200);
}

TEST_P(SecondFactorPage, account_blocked_between_the_steps_is_led_back_and_told_nothing) {
  auto [ann, place] = show_password();
  const auto form = filled_form(ann, place);
  world.disable("ann");
  const auto answer = ann.post_form("/signin/verify", form);
  EXPECT_EQ(answer.status, 303);
  EXPECT_TRUE(answer.header("Location").starts_with("/signin?"));
  EXPECT_EQ(ann.cookie(session_cookie_name), "");
  EXPECT_EQ(scene.count("session"), 0);
}

TEST_P(SecondFactorPage, code_without_the_token_of_the_form_is_refused) {
  auto [ann, place] = show_password();
  const auto answer = ann.post_form("/signin/verify", {{"method", "totp"}, {"code", right_code}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(scene.count("session"), 0);
}

}  // namespace
}  // namespace cardea::api_tests
