#include "observe/log.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "base/secret.hpp"
#include "observe/line.hpp"

namespace cardea::observe {
namespace {

constexpr Time instant = Time{std::chrono::seconds{1795449600}};  // 2026-11-23T16:00:00Z

std::string json(std::string_view event, std::initializer_list<Field> fields) {
  return json_line(instant, Level::info, event, {fields.begin(), fields.size()});
}
std::string human(Level level, std::string_view event, std::initializer_list<Field> fields,
                  Colour colour = Colour::off) {
  return human_line(instant, level, event, {fields.begin(), fields.size()}, colour);
}

// `Secret` must find no way into a line.
template <class T>
concept Loggable = requires(const T& value) { Field{"name", value}; };
static_assert(Loggable<std::string> && Loggable<int> && Loggable<double> && !Loggable<Secret>);

TEST(JsonLine, has_time_level_event_and_typed_fields_in_order) {
  EXPECT_EQ(json("signin.succeeded", {{"account", "usr_1"}, {"tries", 3}, {"new", true}, {"seconds", 0.25}}),
            R"({"time":"2026-11-23T16:00:00.000Z","level":"info","event":"signin.succeeded",)"
            R"("account":"usr_1","tries":3,"new":true,"seconds":0.25})");
}

struct EscapeCase {
  const char* name;
  std::string_view value;
  const char* escaped;
};

TEST(JsonLine, hostile_values_stay_inside_their_string) {
  const EscapeCase cases[] = {
      {"line feed", "a\nb", R"("a\u000ab")"},
      {"carriage return", "a\r\nb", R"("a\u000d\u000ab")"},
      {"forged entry", "x\"}\n{\"event\":\"fake", R"("x\"}\u000a{\"event\":\"fake")"},
      {"quote and backslash", "\"\\", R"("\"\\")"},
      {"ansi colour", "\x1b[31mred", R"("\u001b[31mred")"},
      {"c1 control sequence introducer",
       "\xc2\x9b"
       "31m",
       R"("\u009b31m")"},
      {"delete", "a\x7f", R"("a\u007f")"},
      {"nul", std::string_view{"a\0b", 3}, R"("a\u0000b")"},
      {"right-to-left override",
       "a\xe2\x80\xae"
       "b",
       R"("a\u202eb")"},
      {"isolate", "\xe2\x81\xa6x", R"("\u2066x")"},
      {"line separator", "\xe2\x80\xa8", R"("\u2028")"},
      {"zero-width space", "a\xe2\x80\x8b", R"("a\u200b")"},
      {"tag character", "\xf3\xa0\x81\x81", R"("\udb40\udc41")"},
      {"not utf-8", "a\xff\xfe", R"("a\ufffd\ufffd")"},
      {"overlong slash", "\xc0\xaf", R"("\ufffd\ufffd")"},
      {"surrogate", "\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},
      {"cut off", "\xe2\x80", R"("\ufffd\ufffd")"},
      {"other scripts", "Zoë 名前 😀", R"("Zoë 名前 😀")"},
  };
  for (const auto& one : cases) {
    const std::string line = json("e", {{"v", one.value}});
    EXPECT_TRUE(line.ends_with(std::string{R"("event":"e","v":)"} + one.escaped + "}")) << one.name << ": " << line;
  }
}

TEST(JsonLine, numbers_that_json_cannot_say_are_null) {
  const std::string line = json("e", {{"a", 1.0 / std::numeric_limits<double>::infinity()},
                                      {"b", std::numeric_limits<double>::infinity()},
                                      {"c", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_TRUE(line.ends_with(R"("a":0,"b":null,"c":null})")) << line;
}

TEST(Line, any_octets_give_one_printable_line) {
  EXPECT_TRUE(rc::check([](const std::string& event, const std::string& name, const std::string& value) {
    for (const std::string& line : {json(event, {{name, value}}), human(Level::warn, event, {{name, value}})}) {
      RC_ASSERT(std::all_of(line.begin(), line.end(), [](char c) {
        const auto octet = static_cast<unsigned char>(c);
        return octet >= 0x20 && octet != 0x7f;
      }));
    }
  }));
}

TEST(HumanLine, lines_up_time_event_and_fields) {
  EXPECT_EQ(human(Level::info, "signin.succeeded", {{"account", "usr_1"}, {"n", 2}}),
            "  16:00:00  signin.succeeded         account=usr_1 n=2");
  EXPECT_EQ(human(Level::info, "server.started", {}), "  16:00:00  server.started");
}

TEST(HumanLine, level_is_seen_without_colour) {
  EXPECT_TRUE(human(Level::debug, "e", {}).starts_with("- 16:"));
  EXPECT_TRUE(human(Level::info, "e", {}).starts_with("  16:"));
  EXPECT_TRUE(human(Level::warn, "e", {}).starts_with("! 16:"));
  EXPECT_TRUE(human(Level::error, "e", {}).starts_with("!!16:"));
}

TEST(HumanLine, values_that_could_pass_for_fields_are_quoted) {
  EXPECT_TRUE(human(Level::info, "e", {{"agent", "x account=usr_2"}}).ends_with(R"( agent="x account=usr_2")"));
  EXPECT_TRUE(human(Level::info, "e", {{"empty", ""}}).ends_with(R"( empty="")"));
  EXPECT_TRUE(human(Level::info, "e", {{"bidi", "\xe2\x80\xae"}}).ends_with(R"( bidi="\u202e")"));
  EXPECT_TRUE(human(Level::info, "e", {{"esc", "\x1b[0m"}}, Colour::on).ends_with(R"( esc="\u001b[0m")"));
}

TEST(HumanLine, colour_paints_the_event_and_is_reset) {
  EXPECT_EQ(human(Level::error, "e", {}, Colour::on), "!!16:00:00  \x1b[1;31me\x1b[0m");
}

TEST(Colour, is_for_terminals_whose_user_did_not_refuse_it) {
  EXPECT_EQ(colour_for(true, nullptr, "xterm"), Colour::on);
  EXPECT_EQ(colour_for(true, "", nullptr), Colour::on);
  EXPECT_EQ(colour_for(false, nullptr, "xterm"), Colour::off);
  EXPECT_EQ(colour_for(true, "1", "xterm"), Colour::off);
  EXPECT_EQ(colour_for(true, nullptr, "dumb"), Colour::off);
}

TEST(Log, writes_only_what_is_important_enough) {
  Log log{Format::human, Level::warn};
  std::vector<std::string> lines;
  log.redirect([&](std::string_view line) { lines.emplace_back(line); });
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d", {{"code", 7}});
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].ends_with("  c"));
  EXPECT_NE(lines[1].find("code=7"), std::string::npos);
}

TEST(Log, an_event_goes_to_standard_error_as_one_line) {
  Log log{Format::json, Level::info};
  testing::internal::CaptureStderr();
  log.info("e", {{"v", "a\nb"}});
  ASSERT_TRUE(log.flush());
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(written.ends_with("\"event\":\"e\",\"v\":\"a\\u000ab\"}\n")) << written;
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
}

TEST(Log, lines_of_many_threads_stay_whole) {
  Log log{Format::json, Level::info};
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      const std::string filler(300, static_cast<char>('a' + t));
      for (int i = 0; i < 100; ++i) log.info("e", {{"thread", t}, {"i", i}, {"filler", filler}});
    });
  }
  for (auto& thread : threads) thread.join();
  ASSERT_TRUE(log.flush());
  std::istringstream written{testing::internal::GetCapturedStderr()};
  std::set<std::string> tails;
  for (std::string line; std::getline(written, line);) {
    ASSERT_TRUE(line.starts_with(R"({"time":")") && line.ends_with("\"}")) << line;
    tails.insert(line.substr(line.find(R"("thread")")));
  }
  EXPECT_EQ(tails.size(), 400U);
}

}  // namespace
}  // namespace cardea::observe
