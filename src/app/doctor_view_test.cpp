#include "app/doctor_view.hpp"

#include <gtest/gtest.h>

namespace cardea::app {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);

Secret key_of(char letter) {
  Settings settings;
  settings.secret = Secret{std::string(43, letter)};
  return doctor_key(settings);
}

TEST(DoctorToken, is_good_for_a_minute_and_for_its_key) {
  const std::string token = doctor_token(key_of('a'), noon);
  EXPECT_TRUE(is_doctor_token(key_of('a'), token, noon));
  EXPECT_TRUE(is_doctor_token(key_of('a'), token, noon + 1min));
  EXPECT_TRUE(is_doctor_token(key_of('a'), token, noon - 1min)) << "clocks differ a little";
  EXPECT_FALSE(is_doctor_token(key_of('a'), token, noon + 1min + 1us));
  EXPECT_FALSE(is_doctor_token(key_of('a'), token, noon - 1min - 1us));
  EXPECT_FALSE(is_doctor_token(key_of('b'), token, noon));
}

TEST(DoctorToken, cannot_be_made_without_the_key_nor_renewed) {
  const Secret key = key_of('a');
  const std::string token = doctor_token(key, noon);
  const std::string mac = token.substr(token.find('.'));
  const std::string later = std::to_string(to_micros(noon + 5min));
  EXPECT_FALSE(is_doctor_token(key, later + mac, noon + 5min)) << "the time is what was signed";
  for (const std::string& wrong :
       {std::string{}, std::string{"."}, std::to_string(to_micros(noon)), std::to_string(to_micros(noon)) + ".",
        token + "A", token.substr(0, token.size() - 1), "-" + token, "9223372036854775807" + mac, " " + token,
        "0" + token}) {
    EXPECT_FALSE(is_doctor_token(key, wrong, noon)) << wrong;
  }
}

}  // namespace
}  // namespace cardea::app
