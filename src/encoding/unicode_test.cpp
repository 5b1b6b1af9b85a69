#include "encoding/unicode.hpp"

#include <gtest/gtest.h>

#include <rapidcheck.h>

#include <set>
#include <vector>

#include "encoding/utf8.hpp"

namespace cardea::unicode {
namespace {

using namespace std::string_literals;

struct Case {
  std::string input;
  std::optional<std::string> expected;
};

TEST(Utf8, only_well_formed_text_is_accepted) {
  for (const auto& text : {""s, "abc"s, "é€😀"s, "\xf4\x8f\xbf\xbf"s, "\0"s, "\xed\x9f\xbf"s})
    EXPECT_TRUE(is_utf8(text)) << text;
  for (const auto& text :
       {"\x80"s, "\xc0\x80"s, "\xc1\xbf"s, "\xe0\x80\x80"s, "\xed\xa0\x80"s, "\xf0\x80\x80\x80"s, "\xf4\x90\x80\x80"s,
        "\xf5\x80\x80\x80"s, "\xff"s, "a\xe2\x82"s, "\xc3"s, "\xc3(x"s, "\xe2\x82("s}) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  }
}

TEST(Utf8, every_code_point_reads_back) {
  for (char32_t code = 0; code <= 0x10ffff; ++code) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    std::string text;
    append_utf8(text, code);
    ASSERT_EQ(decode(text), std::u32string(1, code));
  }
}

TEST(Utf8, length_counts_code_points) {
  EXPECT_EQ(length(""), 0U);
  EXPECT_EQ(length("aé€😀"), 4U);
}

TEST(Forbidden, invisible_and_control_characters_are_found) {
  for (const auto* text :
       {"a\tb",    "a\nb",     "\x7f",     "a\u0085b", "a\u00adb", "a\u200bb",      "a\u202eb", "a\u2066b",
        "\ufeffa", "a\u2028b", "a\u2029b", "\ue000",   "\ufffe",   "\U000e0041",    "a\u200db", "a\u200cb",
        "\u3164",  "\u115f",   "a\u034fb", "\ufe0f",   "a \ufe0f", "a\ufe0f\ufe0f", "\u061c"}) {
    EXPECT_TRUE(has_forbidden(text)) << testing::PrintToString(std::string{text});
  }
  EXPECT_TRUE(has_forbidden("\xff"));
}

TEST(Forbidden, writing_of_all_scripts_is_allowed) {
  for (const auto* text : {"", "Ann O'Neill", "Zoë", "李小龍", "محمد", "יוסף", "क्‍ष", "می‌خواهم",
                           "❤\ufe0f 😀", "a\u00a0b"}) {
    EXPECT_FALSE(has_forbidden(text)) << text;
  }
}

TEST(Forbidden, what_names_of_people_are_written_with_is_allowed) {
  for (const auto* text :
       {"ශ්\u200d", "ක්\u200dෂ", "അവൻ്\u200d", "ক্\u200d", "न्\u200c",      // a joiner behind a virama, at the end too
        "葛\U000e0100城", "辻\U000e0101", "邉\U000e010f", "﨑\ufe00",  // the shape of a kanji in a family name
        "ᠮᠣᠩᠭᠣᠯ\u180b",  // and of a Mongolian letter
        "👩\u200d🚀", "🏳\ufe0f\u200d🌈", "👩🏽\u200d🦰", "👨\u200d👩\u200d👧", "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  // the flag of England
        "\u0378", "\U0001e6c0", "\U0003347f"}) {  // letters newer than the tables
    EXPECT_FALSE(has_forbidden(text)) << text;
    EXPECT_EQ(display_name(text), text) << text;
  }
}

TEST(Forbidden, what_would_be_invisible_is_not) {
  for (const auto* text : {"a\u200d",
                           "\u200d",
                           "ann\u200d🚀",
                           "👩\u200d",
                           "👩\u200dann",
                           "👩\u200d\u200d🚀",
                           "a\U000e0100",
                           "\U000e0100",
                           "葛\U000e0100\U000e0101",
                           "a\u180b",
                           "\u180b",
                           "a\U000e0067\U000e007f",
                           "🏴\U000e0067",
                           "🏴\U000e007f\U000e0067",
                           "👩\U000e0067\U000e007f",
                           "🏴\U000e0067\U000e0067\U000e0067\U000e0067\U000e0067\U000e0067\U000e0067\U000e007f",
                           "\U000e0fff",
                           "\ufff0",
                           "\ufffe",
                           "\U0001ffff",
                           "\u2065",
                           "\u180e",
                           "ශ\u200d",
                           "\u200d\u0d4d"}) {
    EXPECT_TRUE(has_forbidden(text)) << testing::PrintToString(std::string{text});
  }
}

TEST(UserId, has_nothing_invisible_even_where_a_name_may) {
  for (const auto* text : {"ශ්\u200d", "葛\U000e0100城", "👩\u200d🚀", "\u0378ab", "ann\u200d", "ᠮᠣᠩ\u180b",
                           "🏴\U000e0067\U000e0062\U000e007f", "\U0003347f", "न्\u200cab"}) {
    EXPECT_EQ(user_id(text), std::nullopt) << text;
  }
}

TEST(DisplayName, is_composed_trimmed_and_single_spaced) {
  for (const auto& [input, expected] : std::vector<Case>{{"Ann", "Ann"},
                                                         {"", ""},
                                                         {"   ", ""},
                                                         {"  Ann \u00a0\u3000 Lee ", "Ann Lee"},
                                                         {"Zoe\u0308", "Zoë"},
                                                         {"Ann\u202e", {}},
                                                         {"Ann\nLee", {}},
                                                         {"\xff", {}},
                                                         {"Ångström \u2126", "Ångström Ω"},
                                                         {"\u2000x", "x"},
                                                         {"A\0B"s, {}}}) {
    EXPECT_EQ(display_name(input), expected) << input;
  }
}

TEST(UserId, keeps_case_and_composes) {
  for (const auto& [input, expected] : std::vector<Case>{{"ann", "ann"},
                                                         {"Ann", "Ann"},
                                                         {"load-00017", "load-00017"},
                                                         {"a.b_c+d@example.org", "a.b_c+d@example.org"},
                                                         {"zoe\u0308", "zoë"},
                                                         {"\uff21\uff4e\uff4e\uff11", "Ann1"},
                                                         {"\u212aim", "Kim"},
                                                         {"\uff76\uff9e", "ガ"},
                                                         {"李小龍", "李小龍"},
                                                         {"юрий7", "юрий7"},
                                                         {"محمد", "محمد"},
                                                         {"יוסף1", "יוסף1"},
                                                         {"straße", "straße"}}) {
    EXPECT_EQ(user_id(input), expected) << input;
  }
}

TEST(UserId, refuses_what_cannot_be_told_apart_or_typed) {
  for (const auto& text : {""s,        " "s,        "a b"s,      "a\u00a0b"s, "a\u3000b"s,     "a\tb"s,     "a\0b"s,
                           "\xff"s,    "a\u200db"s, "a\u202eb"s, "a\u00adb"s, "😀"s,           "a\u2013b"s, "ﬁn"s,
                           "x²"s,      "ℂ"s,        "Ⅳ"s,        "\u0301a"s,  "a\u20dd"s,      "\u3164"s,   "\u1100"s,
                           "a\ufe0f"s, "€"s,        "\u2024"s,   "a1\u0661"s, "\u0661\u06f1"s, "abcמ"s,     "מabc"s,
                           "1מ"s,      "מ-"s,       "م1\u0661"s, "\u0378"s,   "\ue000"s,       "a\u034fb"s}) {
    EXPECT_EQ(user_id(text), std::nullopt) << testing::PrintToString(text);
  }
}

TEST(UserId, has_digits_of_one_script) {
  for (const std::string id : {"ann12", "ann\u0967\u0968", "\u09e7\u09e8"}) EXPECT_EQ(user_id(id), id);
  for (const auto* id : {"ann1\u0967", "ann\u09671", "\u0967\u09e8"}) EXPECT_FALSE(user_id(id)) << id;
}

TEST(UserId, key_ignores_case) {
  EXPECT_EQ(user_id_key("Ann"), "ann");
  EXPECT_EQ(user_id_key("STRASSE"), user_id_key("straße"));
  EXPECT_EQ(user_id_key("ΣΊΣΥΦΟΣ"), user_id_key("σίσυφος"));
  EXPECT_EQ(user_id_key("ЮРИЙ"), user_id_key("юрий"));
  EXPECT_NE(user_id_key("ann"), user_id_key("anne"));
  EXPECT_THROW((void)user_id_key("\xff"), std::invalid_argument);
}

TEST(LookAlike, ordinary_ids_differ) {
  const std::vector<std::string> ids{
      "user1",      "user2",      "user10", "user11", "user12", "user21", "load-00017", "load-00071", "load-00018",
      "load_00017", "load.00017", "ann",    "anne",   "bob",    "rob",    "tom",        "jose",       "josé",
      "max",        "Hans",       "юрий",   "李小龍", "van",    "nan",    "yoyo",       "uouo",       "vato",
      "nato",       "tony",       "tovu",   "ssoss",  "boss",   "BOSS1",  "νίκος",      "υάκινθος",   "ΒΑΣΙΛΗΣ",
      "НАДЯ",       "вася",       "ANNA",   "HANNA",  "straße", "strabe"};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    for (std::size_t j = i + 1; j < ids.size(); ++j)
      EXPECT_NE(confusable_skeleton(ids[i]), confusable_skeleton(ids[j])) << ids[i] << ids[j];
  }
}

TEST(LookAlike, a_letter_is_taken_for_what_the_case_it_was_written_in_looks_like) {
  EXPECT_EQ(confusable_skeleton("ΝΥΝΥ"), confusable_skeleton("nyny"));
  EXPECT_EQ(confusable_skeleton("νυνυ"), confusable_skeleton("vuvu"));
  EXPECT_NE(confusable_skeleton("νυνυ"), confusable_skeleton("nyny")) << "nobody reads these as one";
}

TEST(LookAlike, numbered_ids_differ) {
  std::set<std::string> keys;
  for (int i = 0; i < 20000; ++i) keys.insert(confusable_skeleton("load-" + std::to_string(i)));
  EXPECT_EQ(keys.size(), 20000U);
}

TEST(LookAlike, spellings_that_look_the_same_collide) {
  struct Pair {
    std::string real;
    std::string fake;
  };
  for (const auto& [real, fake] : std::vector<Pair>{
           {"admin", "ADMIN"},   {"admin", "аdmin"},   {"admin", "adm\u0456n"}, {"admin", "adm\u0131n"},
           {"admin", "adm1n"},   {"admin", "admln"},   {"admin", "adrnin"},     {"admin", "ADM\u0130N"},
           {"paypal", "PaypaI"}, {"paypal", "раураl"}, {"kim", "\u212aim"},     {"root", "r00t"},
           {"root", "rοοt"},     {"Bob", "ВоЬ"},       {"BOB", "ВОВ"},          {"ann", "\uff41\uff4e\uff4e"},
           {"scope", "ѕсоре"},   {"HEN", "НЕN"},       {"kate", "ΚΑΤΕ"},        {"tom", "ТОМ"},
           {"max", "ΜΑΧ"},       {"NATO", "ΝΑΤΟ"},     {"BOB", "ΒΟΒ"},          {"TONY", "ΤΟΝΥ"},
           {"YOYO", "ΥΟΥΟ"},     {"INA", "ΙΝΑ"},       {"HOPE", "ΗΟΡΕ"},        {"XOXO", "ΧΟΧΟ"},
           {"Nina", "Νina"},     {"victor", "νictor"}, {"user", "υser"}}) {
    const auto id = user_id(fake);
    if (id) EXPECT_EQ(confusable_skeleton(*id), confusable_skeleton(real)) << real << " " << fake;
  }
}

TEST(LookAlike, the_dangerous_spellings_are_not_merely_refused) {
  for (const auto* id : {"аdmin", "ВОВ", "adm\u0131n", "ADM\u0130N", "раураl"})
    EXPECT_TRUE(user_id(id).has_value()) << id;
}

TEST(OpaqueString, maps_spaces_and_composes) {
  for (const auto& [input, expected] : std::vector<Case>{{"correct horse", "correct horse"},
                                                         {" a ", " a "},
                                                         {"a\u00a0b\u3000c", "a b c"},
                                                         {"e\u0301", "é"},
                                                         {"", {}},
                                                         {"a\tb", {}},
                                                         {"a\0b"s, {}},
                                                         {"a\u0085", {}},
                                                         {"\xff", {}},
                                                         {"π😀\u200d", "π😀\u200d"},
                                                         {"Aa", "Aa"},
                                                         {"\u212b", "Å"}}) {
    EXPECT_EQ(opaque_string(input), expected) << input;
  }
}

TEST(Email, domain_is_made_canonical) {
  for (const auto& [input, expected] :
       std::vector<Case>{{"Ann@Example.ORG", "Ann@example.org"},
                         {"a+b.c@mail.example.org", "a+b.c@mail.example.org"},
                         {"ann@localhost", "ann@localhost"},
                         {"ann@bücher.example", "ann@xn--bcher-kva.example"},
                         {"ann@BÜCHER.example", "ann@xn--bcher-kva.example"},
                         {"ann@xn--bcher-kva.example", "ann@xn--bcher-kva.example"},
                         {"ann@faß.de", "ann@xn--fa-hia.de"},
                         {"zoe\u0308@a.de", "zoë@a.de"},
                         {"o'neill/x=y@a-b.co", "o'neill/x=y@a-b.co"},
                         {"a@1.de", "a@1.de"},
                         {std::string(64, 'a') + "@b.de", std::string(64, 'a') + "@b.de"}}) {
    EXPECT_EQ(email(input), expected) << input;
  }
}

TEST(Email, refuses_everything_else) {
  const std::string label(63, 'd');
  for (const auto& text : {""s,
                           "@"s,
                           "ann"s,
                           "ann@"s,
                           "@a.de"s,
                           "a@b@c.de"s,
                           "a@b"s,
                           " a@b.de"s,
                           "a@b.de "s,
                           "a b@c.de"s,
                           "a@b.de\n"s,
                           "a@b.de\r\nBcc: x@y.de"s,
                           ".a@b.de"s,
                           "a.@b.de"s,
                           "a..b@c.de"s,
                           "\"a\"@b.de"s,
                           "a(b)@c.de"s,
                           "a,b@c.de"s,
                           "<a@b.de>"s,
                           "Ann <a@b.de>"s,
                           "a@[127.0.0.1]"s,
                           "a@127.0.0.1"s,
                           "a@-b.de"s,
                           "a@b-.de"s,
                           "a@b..de"s,
                           "a@.de"s,
                           "a@b.de."s,
                           "a@b_c.de"s,
                           "a@xn--a.de"s,
                           "a@xn--.de"s,
                           "a\u202e@b.de"s,
                           "a\u200b@b.de"s,
                           "😀@b.de"s,
                           "a@😀 .de"s,
                           "a@b\0.de"s,
                           "\xff@b.de"s,
                           "a@\xff.de"s,
                           std::string(65, 'a') + "@b.de",
                           "a@" + label + "d.de",
                           "a@ab\u3002de\u3002"s,
                           "a@" + label + "." + label + "." + label + "." + label,
                           "a\\b@c.de"s,
                           "a:b@c.de"s,
                           "a@b;c.de"s}) {
    EXPECT_EQ(email(text), std::nullopt) << testing::PrintToString(text);
  }
}

TEST(Email, key_ignores_case) {
  EXPECT_EQ(email_key(*email("Ann.Lee@Example.org")), "ann.lee@example.org");
  EXPECT_EQ(email_key(*email("ZOË@example.org")), email_key(*email("zoe\u0308@EXAMPLE.org")));
}

/// Text over the code points that interest these functions most.
rc::Gen<std::string> any_text() {
  const auto code =
      rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0x20, 0x7f), rc::gen::inRange<std::uint32_t>(0xa0, 0x600),
                     rc::gen::inRange<std::uint32_t>(0x600, 0x2100), rc::gen::inRange<std::uint32_t>(0x2000, 0xd7ff),
                     rc::gen::inRange<std::uint32_t>(0xe000, 0x10ffff),
                     rc::gen::elementOf(std::vector<std::uint32_t>{0x200c, 0x200d, 0x307, 0x308, 0x94d, 0x915, 0xfe0f,
                                                                   0x130, 0x131, 0x40, 0x2e, 0x345}));
  return rc::gen::map(rc::gen::container<std::vector<std::uint32_t>>(code),
                      [](const std::vector<std::uint32_t>& codes) {
                        std::string text;
                        for (const auto one : codes) append_utf8(text, static_cast<char32_t>(one));
                        return text;
                      });
}

TEST(UnicodeProperty, canonical_forms_are_fixed_points) {
  EXPECT_TRUE(rc::check([] {
    const auto text = *any_text();
    if (const auto name = display_name(text)) RC_ASSERT(display_name(*name) == name);
    if (const auto password = opaque_string(text)) RC_ASSERT(opaque_string(*password) == password);
    if (const auto id = user_id(text)) {
      RC_ASSERT(user_id(*id) == id);
      RC_ASSERT(user_id_key(user_id_key(*id)) == user_id_key(*id));
      if (is_ascii(*id)) RC_ASSERT(confusable_skeleton(user_id_key(*id)) == confusable_skeleton(*id));
    }
    if (const auto address = email(text + "@example.org")) {
      RC_ASSERT(email(*address) == address);
      RC_ASSERT(email_key(email_key(*address)) == email_key(*address));
    }
  }));
}

}  // namespace
}  // namespace cardea::unicode
