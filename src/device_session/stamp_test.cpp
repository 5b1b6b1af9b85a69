#include "device_session/stamp.hpp"

#include <gtest/gtest.h>

namespace cardea::device_session {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
const Stamp stamp{.of = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, .at = noon};

Stamps with_key(char c) { return Stamps{Secret{std::string(32, c)}}; }

TEST(Stamp, gives_back_what_it_was_made_of) {
  const auto stamps = with_key('k');
  const auto text = stamps.make(Purpose::cookie, stamp);
  EXPECT_EQ(text.size(), 75U);
  const auto read = stamps.read(Purpose::cookie, text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->of, stamp.of);
  EXPECT_EQ(read->at, stamp.at);
}

TEST(Stamp, is_good_for_one_purpose_and_by_one_key) {
  const auto text = with_key('k').make(Purpose::refresh, stamp);
  EXPECT_TRUE(with_key('k').read(Purpose::refresh, text));
  EXPECT_FALSE(with_key('k').read(Purpose::registration, text));
  EXPECT_FALSE(with_key('k').read(Purpose::cookie, text));
  EXPECT_FALSE(with_key('l').read(Purpose::refresh, text));
  EXPECT_THROW((Stamps{Secret{"short"}}), std::invalid_argument);
}

TEST(Stamp, changed_anywhere_is_none) {
  const auto stamps = with_key('k');
  const auto text = stamps.make(Purpose::cookie, stamp);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(stamps.read(Purpose::cookie, changed)) << i;
    EXPECT_FALSE(stamps.read(Purpose::cookie, text.substr(0, i)));
  }
  EXPECT_FALSE(stamps.read(Purpose::cookie, text + "A"));
}

TEST(Stamp, lasts_less_than_its_lifetime_and_is_of_no_time_to_come) {
  EXPECT_TRUE(is_good(stamp, 10min, noon));
  EXPECT_TRUE(is_good(stamp, 10min, noon + 10min - 1us));
  EXPECT_FALSE(is_good(stamp, 10min, noon + 10min));
  EXPECT_TRUE(is_good(stamp, 10min, noon - 1min));
  EXPECT_FALSE(is_good(stamp, 10min, noon - 1min - 1us));
}

}  // namespace
}  // namespace cardea::device_session
