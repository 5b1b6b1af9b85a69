#include "identity/identity.hpp"

#include <gtest/gtest.h>

#include "identity/account_view.hpp"
#include "identity/listing.hpp"

namespace cardea::identity {
namespace {

const Time noon = from_micros(1'800'000'000'000'000);

std::string codes(const std::vector<FieldError>& problems) {
  std::string text;
  for (const auto& problem : problems) {
    EXPECT_FALSE(problem.detail.empty());
    text += (text.empty() ? "" : " ") + problem.field + ":" + problem.code;
  }
  return text;
}

/// "uid:uid_missing name:name_short", or "" when all is well.
std::string new_codes(const Submitted& submitted, const Settings& settings = {}) {
  std::vector<FieldError> problems;
  (void)check_new(settings, submitted, noon, problems);
  return codes(problems);
}
std::string change_codes(const Submitted& submitted, const Settings& settings = {}) {
  std::vector<FieldError> problems;
  (void)check_change(settings, submitted, Editor::user, noon, problems);
  return codes(problems);
}
Draft draft_of(const Submitted& submitted) {
  std::vector<FieldError> problems;
  auto draft = check_new({}, submitted, noon, problems);
  EXPECT_EQ(codes(problems), "");
  return draft;
}
Submitted named(std::string name) { return {.name = std::move(name), .uid = "ann"}; }
Submitted with_uid(std::string uid) { return {.name = "Ann", .uid = std::move(uid)}; }
Submitted with_email(std::string email) { return {.name = "Ann", .uid = "ann", .email = std::move(email)}; }

TEST(NewAccount, name_is_checked) {
  EXPECT_EQ(new_codes({.uid = "ann"}), "name:name_missing");
  EXPECT_EQ(new_codes(named("")), "name:name_missing");
  EXPECT_EQ(new_codes(named(" \t ")), "name:name_missing");
  EXPECT_EQ(new_codes(named("A")), "name:name_short");
  EXPECT_EQ(new_codes(named("  A  ")), "name:name_short");
  EXPECT_EQ(new_codes(named("\u00dc")), "name:name_short");
  EXPECT_EQ(new_codes(named("\u00dcn")), "");
  EXPECT_EQ(new_codes(named(std::string(100, 'a'))), "");
  EXPECT_EQ(new_codes(named(std::string(101, 'a'))), "name:name_long");
  for (const auto* bad : {"An\nn", "An\x7fn", "An\xff", "An\u202en", "An\u200bn"}) {
    EXPECT_EQ(new_codes(named(bad)), "name:name_invalid") << bad;
  }
  EXPECT_EQ(new_codes(named(std::string{"An\0n", 4})), "name:name_invalid");
}

TEST(NewAccount, user_id_is_checked) {
  EXPECT_EQ(new_codes({.name = "Ann"}), "uid:uid_missing");
  EXPECT_EQ(new_codes(with_uid("   ")), "uid:uid_missing");
  EXPECT_EQ(new_codes(with_uid("a")), "uid:uid_short");
  EXPECT_EQ(new_codes(with_uid(std::string(64, 'a'))), "");
  EXPECT_EQ(new_codes(with_uid(std::string(65, 'a'))), "uid:uid_long");
  for (const auto* at : {"ann@home", "@nn", "ann\uff20home"}) {
    EXPECT_TRUE(new_codes(with_uid(at)).starts_with("uid:uid_")) << at;
  }
  EXPECT_EQ(new_codes(with_uid("ann@home")), "uid:uid_at_sign");
  for (const auto* bad : {"an n", "an\tn", "an\x01n", "an\xffn", "an\u200bn", "an\u202en", "\u2764\u2764"}) {
    EXPECT_EQ(new_codes(with_uid(bad)), "uid:uid_invalid") << bad;
  }
}

TEST(NewAccount, email_address_is_checked) {
  EXPECT_EQ(new_codes(with_email("")), "");
  EXPECT_EQ(new_codes(with_email(" Ann@Example.org ")), "");
  for (const auto* bad :
       {"ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@exa mple.org",
        "ann@example.org,ben@example.org", "ann@@example.org", "ann@example.org\nbcc: x", "\xff@example.org"}) {
    EXPECT_EQ(new_codes(with_email(bad)), "email:email_invalid") << bad;
  }
}

TEST(NewAccount, every_problem_is_reported_at_once) {
  EXPECT_EQ(
      new_codes({.name = "A", .email = "x", .profile = {{"dob", "never"}, {"coins", 5}, {"hat", "red"}}}),
      "name:name_short uid:uid_missing email:email_invalid dob:date_format coins:field_read_only hat:unknown_field");
}

TEST(NewAccount, what_could_not_be_read_is_named_once_beside_the_rest) {
  const std::vector<FieldError> unread{{"name", "wrong_type", "x"}, {"password", "wrong_type", "x"}};
  EXPECT_EQ(new_codes({.uid = "a", .unread = unread}), "name:wrong_type password:wrong_type uid:uid_short");
  EXPECT_EQ(change_codes({.name = "", .uid = "", .unread = {{"name", "too_long", "x"}, {"uid", "wrong_type", "x"}}}),
            "name:too_long uid:wrong_type");
}

TEST(NewAccount, settings_rule_which_inputs_there_are) {
  const Settings by_email{.name = Presence::off, .uid = Presence::off, .email = Presence::required};
  EXPECT_EQ(new_codes({}, by_email), "email:email_missing");
  EXPECT_EQ(new_codes({.email = "ann@example.org"}, by_email), "");
  EXPECT_EQ(new_codes({.name = "Ann", .uid = "ann", .email = "ann@example.org"}, by_email),
            "name:unknown_field uid:unknown_field");
  EXPECT_EQ(new_codes({.name = "", .uid = " ", .email = "ann@example.org"}, by_email), "");
  const Settings relaxed{.name = Presence::optional, .uid = Presence::required, .email = Presence::off};
  EXPECT_EQ(new_codes({.uid = "ann"}, relaxed), "");
  EXPECT_EQ(new_codes({.name = "A", .uid = "ann"}, relaxed), "name:name_short");
}

TEST(NewAccount, draft_is_normalised_and_has_the_defaults) {
  const auto draft = draft_of({.name = "  Ann   Lee ",
                               .uid = " Ju\u0308rgen ",
                               .email = " Ann@EXAMPLE.org",
                               .profile = {{"tracking", "run"}, {"exercise", ""}}});
  EXPECT_EQ(draft.name, "Ann Lee");
  EXPECT_EQ(draft.uid, "J\u00fcrgen");
  EXPECT_EQ(draft.email, "Ann@example.org");
  EXPECT_EQ(draft.profile, (Profile{{"tracking", "run"}, {"coins", std::int64_t{0}}}));
}

TEST(ChangedAccount, absent_members_are_left_alone) {
  std::vector<FieldError> problems;
  EXPECT_TRUE(check_change({}, {}, Editor::user, noon, problems).is_empty());
  EXPECT_EQ(codes(problems), "");
}

TEST(ChangedAccount, wrong_changes_are_named) {
  EXPECT_EQ(change_codes({.name = ""}), "name:name_missing");
  EXPECT_EQ(change_codes({.name = "A"}), "name:name_short");
  EXPECT_EQ(change_codes({.name = std::string(101, 'a')}), "name:name_long");
  EXPECT_EQ(change_codes({.name = "An\nn"}), "name:name_invalid");
  EXPECT_EQ(change_codes({.uid = "other"}), "uid:uid_fixed");
  EXPECT_EQ(change_codes({.uid = ""}), "uid:uid_fixed");
  EXPECT_EQ(change_codes({.email = "x"}), "email:email_invalid");
  EXPECT_EQ(change_codes({.email = ""}, {.email = Presence::required}), "email:email_missing");
  EXPECT_EQ(change_codes({.profile = {{"coins", 5}}}), "coins:field_read_only");
  EXPECT_EQ(change_codes({.profile = {{"hat", "red"}}}), "hat:unknown_field");
}

TEST(ChangedAccount, name_that_is_never_asked_for_cannot_be_wiped) {
  std::vector<FieldError> problems;
  const auto change = check_change({.name = Presence::off, .email = Presence::off}, {.name = "", .email = ""},
                                   Editor::user, noon, problems);
  EXPECT_EQ(codes(problems), "");
  EXPECT_TRUE(change.is_empty());
}

TEST(ChangedAccount, optional_address_can_be_removed) {
  std::vector<FieldError> problems;
  const auto change = check_change({}, {.email = ""}, Editor::user, noon, problems);
  EXPECT_EQ(codes(problems), "");
  ASSERT_TRUE(change.email);
  EXPECT_EQ(*change.email, std::nullopt);
}

TEST(Identifier, spellings_of_one_identifier_are_counted_as_one) {
  EXPECT_EQ(identifier_key(" ANN "), identifier_key("ann"));
  EXPECT_EQ(identifier_key("Ann@EXAMPLE.org"), identifier_key("ann@example.org"));
  EXPECT_NE(identifier_key("ann"), identifier_key("ann@example.org"));
  for (const auto* none : {"", " ", "a b", "\xff", "a@", "@"}) EXPECT_EQ(identifier_key(none), "") << none;
}

TEST(AccountJson, shows_each_viewer_what_is_theirs) {
  Account account{.uid = "ann", .name = "Ann", .email = "ann@example.org", .profile = {{"dob", "1999-01-02"}}};
  account.profile["coins"] = std::int64_t{3};
  Settings settings;
  settings.fields.push_back({.name = "risk", .edit = Editor::admin, .see = Visibility::admin});
  const auto has = [&](Viewer viewer, std::string_view name) {
    return wire::parse(wire::write(view(account, settings, viewer)))->find(name) != nullptr;
  };
  for (const auto* name : {"id", "uid", "name", "coins", "tracking"}) EXPECT_TRUE(has(Viewer::everyone, name)) << name;
  for (const auto* name : {"email", "status", "role", "created_at", "updated_at", "dob", "risk"}) {
    EXPECT_FALSE(has(Viewer::everyone, name)) << name;
    EXPECT_TRUE(has(Viewer::admin, name)) << name;
  }
  EXPECT_TRUE(has(Viewer::self, "email"));
  EXPECT_TRUE(has(Viewer::self, "dob"));
  EXPECT_FALSE(has(Viewer::self, "risk"));
}

TEST(AccountNames, fall_back_from_one_to_the_next) {
  const Account all{.uid = "ann", .name = "Ann", .email = "ann@example.org"};
  EXPECT_EQ(username(all), "ann");
  EXPECT_EQ(account_label(all), "ann");
  EXPECT_EQ(display_name(all), "Ann");
  const Account by_address{.email = "ann@example.org"};
  EXPECT_EQ(username(by_address), "ann@example.org");
  EXPECT_EQ(display_name(by_address), "ann@example.org");
  const Account waiting{.name = "Ann", .pending_email = "ann@example.org"};
  EXPECT_EQ(username(waiting), "") << "nobody signs in by an address that is not confirmed";
  EXPECT_EQ(account_label(waiting), "Ann");
}

TEST(ListOrder, only_what_can_be_sorted_by_is_an_order) {
  const Settings settings;
  EXPECT_EQ(parse_order(settings, "-coins")->field, "coins");
  EXPECT_TRUE(parse_order(settings, "-coins")->descending);
  EXPECT_FALSE(parse_order(settings, "coins")->descending);
  EXPECT_EQ(parse_order(settings, "created_at")->field, "");
  EXPECT_TRUE(parse_order(settings, "-created_at")->descending);
  for (const auto* none : {"", "-", "--coins", "tracking", "dob", "email", "Coins", "coins ", "hat"}) {
    EXPECT_FALSE(parse_order(settings, none)) << none;
  }
}

TEST(ListCursor, survives_its_text_and_nothing_else_does) {
  RawId raw{};
  raw.fill(0xAB);
  for (const std::int64_t value : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
    const auto text = to_cursor({.value = value, .id = AccountId{raw}});
    const auto back = parse_cursor(text);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->value, value);
    EXPECT_EQ(back->id, AccountId{raw});
    EXPECT_FALSE(parse_cursor(text + "A"));
    EXPECT_FALSE(parse_cursor(text.substr(1)));
    EXPECT_FALSE(parse_cursor("!" + text.substr(1)));
  }
  EXPECT_FALSE(parse_cursor(""));
}

}  // namespace
}  // namespace cardea::identity
