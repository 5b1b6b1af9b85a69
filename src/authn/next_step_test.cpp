// Every combination of facts, judged by rules that are spelled out here and not taken from the implementation.

#include "authn/next_step.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace cardea::authn {
namespace {

constexpr std::size_t method_count = enum_texts(AuthMethod{}).size();

bool in(const std::vector<AuthMethod>& methods, AuthMethod method) {
  return std::count(methods.begin(), methods.end(), method) > 0;
}

/// The subset whose members are the bits of `bits`.
std::vector<AuthMethod> subset(unsigned bits) {
  std::vector<AuthMethod> methods;
  for (std::size_t i = 0; i < method_count; ++i) {
    if ((bits >> i & 1U) != 0) methods.push_back(enum_texts(AuthMethod{})[i].value);
  }
  return methods;
}

/// What an account can have besides its password.
bool are_second_factors(const std::vector<AuthMethod>& methods) {
  return !in(methods, AuthMethod::password) && !in(methods, AuthMethod::federated);
}

/// Two factors of different kinds, by NIST SP 800-63B: something known with something held, or a passkey, which is
/// both.
bool is_two_factors(const std::vector<AuthMethod>& shown) {
  using enum AuthMethod;
  const bool has_held = in(shown, totp) || in(shown, security_key) || in(shown, email_code) || in(shown, sms_code) ||
                        in(shown, recovery_code);
  return in(shown, passkey) || (in(shown, password) && has_held);
}

std::vector<AuthMethod> not_yet_shown(const Facts& facts) {
  std::vector<AuthMethod> rest;
  for (const AuthMethod method : facts.enrolled) {
    if (!in(facts.shown, method)) rest.push_back(method);
  }
  return rest;
}

/// A sign-in that began by mail, with any second factor of the account besides.
bool is_mail_and_more(const Facts& facts) {
  if (!facts.began_by_mail) return false;
  return std::any_of(facts.enrolled.begin(), facts.enrolled.end(),
                     [&](AuthMethod method) { return method != AuthMethod::email_code && in(facts.shown, method); });
}

enum class Kind { open, ask, enrol, refused, verify, restore };
Kind kind_of(const Step& step) { return static_cast<Kind>(step.index()); }
static_assert(std::is_same_v<std::variant_alternative_t<0, Step>, Open> &&
              std::is_same_v<std::variant_alternative_t<1, Step>, Ask> &&
              std::is_same_v<std::variant_alternative_t<2, Step>, Enrol> &&
              std::is_same_v<std::variant_alternative_t<3, Step>, Refused> &&
              std::is_same_v<std::variant_alternative_t<4, Step>, Verify> &&
              std::is_same_v<std::variant_alternative_t<5, Step>, Restore>);

/// One row for each answer: which facts lead to it.
Kind expected(const Facts& facts) {
  const bool is_worth_something = facts.is_active && facts.proofs_hold && !facts.shown.empty();
  const bool is_enough = is_two_factors(facts.shown) || is_mail_and_more(facts);
  const bool has_more = !not_yet_shown(facts).empty();
  const bool is_usable = is_worth_something && !facts.awaits_confirmation;
  const bool wants_two = facts.required == Level::aal2;
  struct Row {
    bool applies;
    Kind kind;
  };
  const Row rows[] = {
      {!is_worth_something, Kind::refused},
      {is_worth_something && facts.awaits_confirmation, Kind::verify},
      {is_usable && is_enough, Kind::open},
      {is_usable && !is_enough && has_more && facts.browser_is_trusted, Kind::open},
      {is_usable && !is_enough && has_more && !facts.browser_is_trusted, Kind::ask},
      {is_usable && !is_enough && !has_more && wants_two, Kind::enrol},
      {is_usable && !is_enough && !has_more && !wants_two, Kind::open},
  };
  EXPECT_EQ(std::count_if(std::begin(rows), std::end(rows), [](const Row& row) { return row.applies; }), 1);
  return std::find_if(std::begin(rows), std::end(rows), [](const Row& row) { return row.applies; })->kind;
}

std::string described(const Facts& facts) {
  std::string out = std::string{facts.is_active ? "active" : "blocked"} + (facts.proofs_hold ? " holds" : " stale");
  out += " shown:";
  for (const AuthMethod method : facts.shown) out.append(" ").append(enum_text(method));
  out += " enrolled:";
  for (const AuthMethod method : facts.enrolled) out.append(" ").append(enum_text(method));
  if (facts.browser_is_trusted) out += " trusted";
  if (facts.began_by_mail) out += " by mail";
  if (facts.awaits_confirmation) out += " unconfirmed";
  return out.append(" required: ").append(enum_text(facts.required));
}

/// What must never be, whatever the table says.
std::string broken_rule(const Facts& facts, const Step& step) {
  const bool is_enough = is_two_factors(facts.shown) || is_mail_and_more(facts);
  if (std::holds_alternative<Open>(step)) {
    if (facts.awaits_confirmation) return "opened before the address is confirmed";
    if (facts.awaits_erasure) return "opened an account that waits to be erased";
    if (!facts.is_active) return "opened for a blocked account";
    if (!facts.proofs_hold) return "opened by a proof that no longer holds";
    if (facts.shown.empty()) return "opened without a proof";
    // Trust stands in for a factor that was shown in this browser, and never for one that there is not.
    const bool is_trusted = facts.browser_is_trusted && !facts.enrolled.empty();
    if (facts.required == Level::aal2 && !is_enough && !is_trusted) return "opened below the required level";
    if (!is_enough && !not_yet_shown(facts).empty() && !is_trusted)
      return "opened without asking for the second factor";
  }
  if (const auto* ask = std::get_if<Ask>(&step)) {
    if (ask->methods.empty()) return "asked for nothing";
    for (const AuthMethod method : ask->methods) {
      if (in(facts.shown, method)) return "asked for what was shown";
      if (!in(facts.enrolled, method)) return "asked for what is not enrolled";
    }
    if (ask->methods != not_yet_shown(facts)) return "did not offer every factor there is";
  }
  if (std::holds_alternative<Restore>(step)) {
    if (!facts.awaits_erasure) return "asked to keep what nobody erases";
    if (!is_enough && !not_yet_shown(facts).empty()) return "offered to keep it to who has not shown everything";
  }
  if (std::holds_alternative<Enrol>(step)) {
    if (facts.required != Level::aal2) return "asked to enrol against policy";
    if (!not_yet_shown(facts).empty()) return "asked to enrol somebody who has a second factor";
  }
  return "";
}

TEST(NextStep, every_combination_of_facts_has_its_one_answer) {
  constexpr unsigned subsets = 1U << method_count;
  std::size_t combinations = 0;
  std::size_t seen[4] = {};
  int failures = 0;
  for (unsigned shown = 0; shown < subsets; ++shown) {
    for (unsigned enrolled = 0; enrolled < subsets; ++enrolled) {
      if (!are_second_factors(subset(enrolled))) continue;
      for (unsigned rest = 0; rest < 32 && failures < 10; ++rest) {
        ++combinations;
        const Facts facts{.is_active = (rest & 1U) != 0,
                          .proofs_hold = (rest & 2U) != 0,
                          .shown = subset(shown),
                          .enrolled = subset(enrolled),
                          .required = (rest & 4U) != 0 ? Level::aal2 : Level::aal1,
                          .browser_is_trusted = (rest & 8U) != 0,
                          .began_by_mail = (rest & 16U) != 0};
        const Step step = next_step(facts);
        const std::string broken = broken_rule(facts, step);
        if (kind_of(step) == expected(facts) && broken.empty()) {
          ++seen[step.index()];
          continue;
        }
        ++failures;
        ADD_FAILURE() << described(facts) << ": answer " << step.index() << " " << broken;
      }
    }
  }
  for (const auto count : seen) EXPECT_GT(count, 0U);
  EXPECT_EQ(combinations, 256U * 64U * 32U);
}

/// Every combination of what was shown, what an account has, and the rest; until one of them fails the test.
void for_all_facts(const std::function<void(Facts)>& judge) {
  using enum AuthMethod;
  for (unsigned shown = 0; shown < 1U << method_count; ++shown) {
    for (const auto& enrolled : {std::vector<AuthMethod>{}, std::vector{totp, recovery_code}}) {
      for (unsigned rest = 0; rest < 32 && !testing::Test::HasFatalFailure(); ++rest) {
        judge({.is_active = (rest & 1U) != 0,
               .proofs_hold = (rest & 2U) != 0,
               .shown = subset(shown),
               .enrolled = enrolled,
               .required = (rest & 4U) != 0 ? Level::aal2 : Level::aal1,
               .browser_is_trusted = (rest & 8U) != 0,
               .began_by_mail = (rest & 16U) != 0});
      }
    }
  }
}

TEST(NextStep, before_the_address_is_confirmed_nothing_else_is_asked_and_nobody_gets_in) {
  for_all_facts([](Facts facts) {
    facts.awaits_confirmation = true;
    const Step step = next_step(facts);
    ASSERT_EQ(kind_of(step), expected(facts)) << described(facts);
    ASSERT_EQ(broken_rule(facts, step), "") << described(facts);
  });
}

TEST(NextStep, whoever_comes_back_shows_everything_and_is_then_asked_whether_to_keep_the_account) {
  for (const bool awaits_confirmation : {false, true}) {
    for_all_facts([awaits_confirmation](Facts facts) {
      facts.awaits_confirmation = awaits_confirmation;
      facts.awaits_erasure = true;
      const Step step = next_step(facts);
      const bool is_worth_something = facts.is_active && facts.proofs_hold && !facts.shown.empty();
      const bool is_enough = is_two_factors(facts.shown) || is_mail_and_more(facts) || not_yet_shown(facts).empty();
      const Kind due = !is_worth_something ? Kind::refused : is_enough ? Kind::restore : Kind::ask;
      ASSERT_EQ(kind_of(step), due) << described(facts);
      ASSERT_EQ(broken_rule(facts, step), "") << described(facts);
    });
  }
}

TEST(NextStep, no_facts_are_refused) { EXPECT_TRUE(std::holds_alternative<Refused>(next_step({}))); }

TEST(NextStep, recovery_code_is_asked_for_beside_the_authenticator_and_either_is_enough) {
  using enum AuthMethod;
  Facts facts{.is_active = true, .proofs_hold = true, .shown = {password}, .enrolled = {totp, recovery_code}};
  const Step asked = next_step(facts);
  ASSERT_TRUE(std::holds_alternative<Ask>(asked));
  EXPECT_EQ(std::get<Ask>(asked).methods, facts.enrolled);
  for (const AuthMethod second : facts.enrolled) {
    facts.shown = {password, second};
    EXPECT_TRUE(std::holds_alternative<Open>(next_step(facts)));
  }
}

TEST(NextStep, code_by_mail_is_no_second_factor_of_itself) {
  using enum AuthMethod;
  Facts facts{.is_active = true, .proofs_hold = true, .shown = {email_code}, .began_by_mail = true};
  facts.enrolled = {totp, recovery_code};
  EXPECT_TRUE(std::holds_alternative<Ask>(next_step(facts)));
  facts.shown = {email_code, totp};
  EXPECT_TRUE(std::holds_alternative<Open>(next_step(facts)));
  facts.enrolled = {email_code};
  facts.shown = {email_code};
  facts.required = Level::aal2;
  EXPECT_TRUE(std::holds_alternative<Enrol>(next_step(facts)));
}

TEST(NextStep, what_stands_in_for_a_factor_is_asked_for_once_and_is_none) {
  using enum AuthMethod;
  Facts facts{.is_active = true, .proofs_hold = true, .shown = {password}, .stand_ins = {email_code}};
  for (const Level required : {Level::aal1, Level::aal2}) {
    facts.required = required;
    facts.shown = {password};
    const auto asked = next_step(facts);
    ASSERT_TRUE(std::holds_alternative<Ask>(asked));
    EXPECT_EQ(std::get<Ask>(asked).methods, (std::vector{email_code}));
    EXPECT_TRUE(std::get<Ask>(asked).is_unusual);
    facts.shown = {password, email_code};
    EXPECT_EQ(std::holds_alternative<Enrol>(next_step(facts)), required == Level::aal2);
    EXPECT_EQ(std::holds_alternative<Open>(next_step(facts)), required == Level::aal1);
  }
  facts.shown = {password};
  facts.awaits_confirmation = true;
  EXPECT_TRUE(std::holds_alternative<Verify>(next_step(facts))) << "an address is confirmed first";
  facts.proofs_hold = false;
  EXPECT_TRUE(std::holds_alternative<Refused>(next_step(facts)));
}

TEST(NextStep, two_things_held_are_no_two_factors) {
  using enum AuthMethod;
  const Facts facts{.is_active = true,
                    .proofs_hold = true,
                    .shown = {totp, email_code},
                    .enrolled = {totp, email_code},
                    .required = Level::aal2};
  EXPECT_TRUE(std::holds_alternative<Enrol>(next_step(facts)));
}

}  // namespace
}  // namespace cardea::authn
