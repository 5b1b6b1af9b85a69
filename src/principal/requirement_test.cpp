#include "principal/requirement.hpp"

#include <gtest/gtest.h>

namespace cardea {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'795'435'200'000'000);
const Permission update{.name = "users.update", .held_by = {Role::owner}, .doc = ""};

TEST(Requirement, level_is_met_by_what_reaches_it) {
  const Assurance one{.shown = {{AuthMethod::password, noon}}};
  const Assurance two{.shown = {{AuthMethod::password, noon}, {AuthMethod::totp, noon}}};
  const Requirement strong{.level = Level::aal2};
  EXPECT_TRUE(is_met_by(signed_in, one, noon));
  EXPECT_FALSE(is_met_by(strong, one, noon));
  EXPECT_TRUE(is_met_by(strong, two, noon));
  EXPECT_FALSE(is_met_by(signed_in, Assurance{}, noon)) << "whoever showed nothing";
}

TEST(Requirement, age_is_that_of_its_own_level) {
  const Assurance two{.shown = {{AuthMethod::password, noon}, {AuthMethod::totp, noon + 8min}}};
  const Requirement strong{.level = Level::aal2, .max_age = 10min};
  EXPECT_TRUE(is_met_by(shown_within(10min), two, noon + 12min)) << "the code is four minutes old";
  EXPECT_TRUE(is_met_by(strong, two, noon + 10min - 1us));
  EXPECT_FALSE(is_met_by(strong, two, noon + 10min)) << "the password is ten";
  EXPECT_FALSE(is_met_by(shown_within(10min), two, noon + 18min));
  EXPECT_TRUE(is_met_by(signed_in, two, noon + 24h * 3650));
}

TEST(Requirement, takes_no_token_unless_it_says_so) {
  for (const Requirement& requirement : {anyone, if_signed_in, signed_in, shown_within(10min), holder_of(update)}) {
    EXPECT_EQ(requirement.bearer, Bearer::refused) << to_text(requirement);
    EXPECT_EQ(or_token(requirement).bearer, Bearer::accepted) << to_text(requirement);
  }
}

TEST(Requirement, text_names_all_that_is_asked) {
  EXPECT_EQ(to_text(anyone), "anyone");
  EXPECT_EQ(to_text(if_signed_in), "optional");
  EXPECT_EQ(to_text(signed_in), "signed_in");
  EXPECT_EQ(to_text(shown_within(10min)), "signed_in<600s");
  EXPECT_EQ(to_text(holder_of(update)), "users.update");
  EXPECT_EQ(to_text(or_token(signed_in)), "signed_in|token");
  EXPECT_EQ(to_text(or_token(if_signed_in)), "optional|token");
  EXPECT_EQ(to_text(or_token(holder_of(update))), "users.update|token");
  EXPECT_EQ(to_text(Requirement{.permission = &update, .level = Level::aal2, .max_age = 1min}),
            "users.update+aal2<60s");
}

}  // namespace
}  // namespace cardea
