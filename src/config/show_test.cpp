#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "config/test_settings.hpp"
#include "config/words.hpp"

namespace cardea::config {
namespace {

std::string shown_with_defaults(Settings& settings) {
  Section root{""};
  describe(root, settings);
  return show(root, true);
}

TEST(Show, prints_only_what_was_set_unless_asked_for_all) {
  Settings settings;
  std::string shown;
  ASSERT_EQ(load_into(settings, "[[server.rule]]\nweight = 2\nmore.note = \"n\"\n[signin]\npasskeys = true\n",
                      {{"CARDEA_SERVER__IDLE", "90m"}}, &shown),
            "");
  EXPECT_EQ(shown,
            "[signin]\npasskeys = true\n\n"
            "[server]\nidle = \"90m\"\n\n"
            "[[server.rule]]\nweight = 2\n\n[server.rule.more]\nnote = \"n\"\n");
  ASSERT_EQ(load_into(settings, "", {}, &shown), "");
  EXPECT_EQ(shown, "");
}

TEST(Show, all_settings_have_their_defaults) {
  Settings settings;
  EXPECT_EQ(shown_with_defaults(settings),
            "url = \"http://localhost\"\n\n"
            "[signin]\npasskeys = true\nname = \"optional\"\npepper_file = \"\"\n\n"
            "[server]\nio_threads = 4\noffset = 0\nidle = \"14d\"\nhosts = [\"a.example\"]\n\n"
            "[[server.rule]]\npath = \"/default\"\nweight = 1\nstrict = false\n\n[server.rule.more]\nnote = \"\"\n\n"
            "[server.limits]\nagent = \"\"\n");
}

TEST(Show, an_empty_list_of_tables_stays_empty) {
  Settings settings;
  std::string shown;
  ASSERT_EQ(load_into(settings, "server.rule = []", {}, &shown), "");
  EXPECT_EQ(shown, "[server]\nrule = []\n");
}

std::string ascii(std::string text) {
  for (auto& c : text) c = static_cast<char>(static_cast<unsigned char>(c) & 0x7fU);
  return text;
}

TEST(Show, whatever_it_prints_loads_again_as_the_same) {
  EXPECT_TRUE(rc::check([](const std::string& url, const std::vector<std::string>& hosts, std::int64_t offset,
                           bool flag, const std::vector<std::string>& paths) {
    Settings before;
    before.url = ascii(url) + "ü\xe2\x80\xae";
    before.hosts.clear();
    for (const auto& host : hosts) before.hosts.push_back(ascii(host));
    before.offset = offset;
    before.passkeys = flag;
    before.idle = Duration{*rc::gen::inRange<std::int64_t>(60'000'000, 365LL * 86'400'000'000)};
    before.rules.clear();
    for (const auto& path : paths)
      before.rules.push_back({.path = "/" + ascii(path), .weight = 7, .note = ascii(path)});
    const std::string first = shown_with_defaults(before);
    Settings after;
    RC_ASSERT(load_into(after, first) == "");
    RC_ASSERT(after.plain() == before.plain());
    RC_ASSERT(shown_with_defaults(after) == first);
  }));
}

TEST(Span, is_a_whole_number_and_one_unit) {
  const std::pair<std::string, Duration> good[] = {{"0s", 0s},     {"1us", 1us}, {"250ms", 250ms}, {"90s", 90s},
                                                   {"15m", 15min}, {"12h", 12h}, {"14d", 14 * 24h}};
  for (const auto& [text, span] : good) EXPECT_EQ(parse_span(text), span) << text;
  for (const auto* text : {"", "15", "m", "15 m", " 15m", "15m ", "15M", "1.5h", "-1s", "+1s", "1h30m", "15min", "1w",
                           "99999999999999999999s", "9223372036854775807d", "0x10s"}) {
    EXPECT_FALSE(parse_span(text)) << text;
  }
}

TEST(Span, is_printed_in_its_largest_whole_unit) {
  const std::pair<Duration, std::string> cases[] = {{0s, "0s"},   {1us, "1us"}, {1500us, "1500us"}, {1000ms, "1s"},
                                                    {90s, "90s"}, {120s, "2m"}, {24h, "1d"},        {25h, "25h"}};
  for (const auto& [span, text] : cases) EXPECT_EQ(span_text(span), text);
}

TEST(Nearest, finds_a_slip_but_does_not_guess) {
  const std::vector<std::string> keys{"signin.passkeys", "server.io_threads", "url"};
  EXPECT_EQ(nearest("signin.pasksey", keys), "signin.passkeys");
  EXPECT_EQ(nearest("server.iothreads", keys), "server.io_threads");
  EXPECT_EQ(nearest("ulr", keys), "url");
  EXPECT_EQ(nearest("completely.different", keys), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'a'), keys), std::nullopt);
}

TEST(Reference, has_a_row_per_key) {
  Settings settings;
  Section root{""};
  describe(root, settings);
  const std::string page = reference(root);
  for (const auto* row : {
           "| `url` | text | `\"http://localhost\"` | `CARDEA_URL` | Public URL. |",
           "| `io_threads` | integer, 0 to 256 | `4` | `CARDEA_SERVER__IO_THREADS` | Threads \\| of I/O. |",
           "| `offset` | any integer | `0` | `CARDEA_SERVER__OFFSET` | Any number. |",
           "| `idle` | span, 1m to 365d | `\"14d\"` | `CARDEA_SERVER__IDLE` | Idle for this long. |",
           "| `name` | one of `hidden`, `optional`, `required` | `\"optional\"` | `CARDEA_SIGNIN__NAME` | "
           "Ask for a name. |",
           "| `agent` | text | `\"\"` | `CARDEA_SERVER__LIMITS__AGENT` | Refused agent. |",
           "## `[[server.rule]]`\n\nA rule.\n",
           "| `weight` | integer, 0 to 10 | How much. |",
       }) {
    EXPECT_NE(page.find(std::string{row} + "\n"), std::string::npos) << row << "\nin\n" << page;
  }
}

TEST(Reference, documents_an_empty_list_of_tables_and_leaves_it_empty) {
  Settings settings;
  settings.rules.clear();
  Section root{""};
  describe(root, settings);
  EXPECT_NE(reference(root).find("| `weight` |"), std::string::npos);
  EXPECT_NE(json_schema(root).find("\"weight\""), std::string::npos);
  EXPECT_TRUE(settings.rules.empty());
}

TEST(JsonSchema, describes_types_ranges_choices_and_closes_every_object) {
  Settings settings;
  Section root{""};
  describe(root, settings);
  const std::string schema = json_schema(root);
  for (const auto* part : {
           R"("url":{"type":"string","description":"Public URL.","default":"http://localhost"})",
           R"("io_threads":{"type":"integer","minimum":0,"maximum":256,"description":"Threads | of I/O.","default":4})",
           R"("name":{"enum":["hidden","optional","required"],"description":"Ask for a name.","default":"optional"})",
           R"("hosts":{"type":"array","items":{"type":"string"},"description":"Names of this server.",)"
           R"("default":["a.example"]})",
           R"("rule":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"path":)",
           R"("limits":{"type":"object","additionalProperties":false,"properties":{"agent":)",
       }) {
    EXPECT_NE(schema.find(part), std::string::npos) << part << "\nin\n" << schema;
  }
  EXPECT_EQ(std::count(schema.begin(), schema.end(), '{'), std::count(schema.begin(), schema.end(), '}'));
}

}  // namespace
}  // namespace cardea::config
