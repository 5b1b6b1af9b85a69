#include "principal/principal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "principal/context.hpp"

namespace cardea {
namespace {

using namespace std::chrono_literals;
using enum AuthMethod;
using References = std::vector<std::string_view>;

const Time noon = from_micros(1'795'435'200'000'000);

Assurance shown(std::initializer_list<AuthMethod> methods) {
  Assurance assurance;
  for (const AuthMethod method : methods) assurance.add(method, noon);
  return assurance;
}

TEST(Assurance, level_of_every_pair_of_methods) {
  const auto is_held = [](AuthMethod method) {
    return method == totp || method == security_key || method == email_code || method == sms_code ||
           method == recovery_code;
  };
  for (const auto& first : enum_texts(AuthMethod{})) {
    for (const auto& second : enum_texts(AuthMethod{})) {
      const AuthMethod a = first.value;
      const AuthMethod b = second.value;
      const bool is_two =
          a == passkey || b == passkey || (a == password && is_held(b)) || (b == password && is_held(a));
      EXPECT_EQ(shown({a, b}).level(), is_two ? Level::aal2 : Level::aal1) << first.text << " " << second.text;
    }
  }
  EXPECT_EQ(Assurance{}.level(), Level::aal1);
}

TEST(Assurance, nothing_shown_reaches_no_level) {
  EXPECT_EQ(Assurance{}.shown_at(Level::aal1), std::nullopt);
  EXPECT_EQ(Assurance{}.shown_at(Level::aal2), std::nullopt);
  EXPECT_EQ(shown({password}).shown_at(Level::aal2), std::nullopt);
  EXPECT_EQ(shown({federated}).shown_at(Level::aal1), noon);
}

TEST(Assurance, method_shown_again_has_its_latest_time_and_never_an_earlier_one) {
  Assurance assurance;
  assurance.add(password, noon);
  assurance.add(password, noon + 1min);
  assurance.add(password, noon - 1min);
  EXPECT_EQ(assurance, (Assurance{.shown = {{password, noon + 1min}}}));
}

TEST(Assurance, old_first_factor_does_not_become_fresh_by_the_second) {
  Assurance assurance;
  assurance.add(password, noon);
  assurance.add(totp, noon + 5min);
  EXPECT_EQ(assurance.shown_at(Level::aal1), noon + 5min);
  EXPECT_EQ(assurance.shown_at(Level::aal2), noon);
  assurance.add(password, noon + 9min);
  EXPECT_EQ(assurance.shown_at(Level::aal2), noon + 5min);
  assurance.add(passkey, noon + 7min);
  EXPECT_EQ(assurance.shown_at(Level::aal2), noon + 7min) << "both at once";
}

TEST(Assurance, references_are_those_of_rfc_8176_each_once) {
  EXPECT_EQ(shown({password}).amr(), References{"pwd"});
  EXPECT_EQ(shown({password, totp}).amr(), (References{"pwd", "otp", "mfa"}));
  EXPECT_EQ(shown({password, totp, recovery_code, email_code}).amr(), (References{"pwd", "otp", "mfa"}));
  EXPECT_EQ(shown({password, sms_code}).amr(), (References{"pwd", "sms", "mfa"}));
  EXPECT_EQ(shown({passkey}).amr(), (References{"hwk", "mfa"}));
  EXPECT_EQ(shown({security_key}).amr(), References{"hwk"});
  EXPECT_EQ(shown({federated}).amr(), References{"fed"});
  EXPECT_EQ(Assurance{}.amr(), References{});
}

TEST(Assurance, stored_form_comes_back_as_it_went) {
  const Assurance two{.shown = {{password, noon}, {totp, noon + 1min}}};
  EXPECT_EQ(to_text(two), "password 1795435200000000,totp 1795435260000000");
  EXPECT_EQ(parse_assurance(to_text(two)), two);
  EXPECT_EQ(parse_assurance(""), Assurance{});
  EXPECT_EQ(to_text(Assurance{}), "");
  const auto all = shown({password, totp, passkey, security_key, email_code, sms_code, recovery_code, federated});
  EXPECT_EQ(parse_assurance(to_text(all)), all);
}

TEST(Assurance, damaged_text_throws) {
  for (const char* text : {",", "password", "password ", "password x", "password 1,", ",password 1", "passwort 1",
                           "password 1;totp 2", "password 1 2", "password  1", "password 99999999999999999999"}) {
    EXPECT_THROW(static_cast<void>(parse_assurance(text)), std::runtime_error) << '"' << text << '"';
  }
}

TEST(Permissions, role_holds_what_names_it_and_nothing_else) {
  const Permission permission{.name = "things.look", .held_by = {Role::owner, Role::auditor}, .doc = ""};
  for (const auto& role : enum_texts(Role{})) {
    const bool holds = role.value == Role::owner || role.value == Role::auditor;
    EXPECT_EQ(Permissions{role.value}.has(permission), holds) << role.text;
  }
  EXPECT_FALSE(Permissions{}.has(permission));
}

TEST(Context, nobody_signed_in_may_nothing_and_is_nobody) {
  const Permission permission{.name = "things.look", .held_by = {Role::user}, .doc = ""};
  const AccountId ann;
  Context context{.now = noon};
  EXPECT_FALSE(context.may(permission));
  EXPECT_FALSE(context.is(ann));
  EXPECT_THROW(static_cast<void>(context.account()), std::bad_optional_access);
  EXPECT_THROW(static_cast<void>(context.session()), std::bad_optional_access);
  context.principal = Principal{.account = ann, .permissions = Permissions{Role::user}};
  EXPECT_TRUE(context.may(permission));
  EXPECT_TRUE(context.is(ann));
  EXPECT_EQ(context.account(), ann);
}

}  // namespace
}  // namespace cardea
