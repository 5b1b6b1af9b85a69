// What of [sms] cannot be, and what is said of it.

#include <gtest/gtest.h>

#include "config/load.hpp"
#include "sms/sms.hpp"

namespace cardea::sms {
namespace {

/// What is wrong with these lines of the section; empty: nothing.
std::string problem_with(std::string_view lines, std::string_view secret = "") {
  Settings settings;
  settings.gateway.secret = Secret{secret};
  config::Section root{""};
  describe(root, settings);
  const auto loaded = config::load(root, "[sms]\n" + std::string{lines}, "cardea.toml",
                                   [](std::string_view) { return std::nullopt; }, {});
  return loaded ? "" : loaded.error().detail;
}

constexpr const char* good = "url = \"https://sms.example.com/send\"\nsender = \"Acme\"\n";

std::string with(const std::string& lines, std::string_view secret = "") {
  return problem_with(std::string{good} + lines, secret);
}

TEST(SmsSettings, are_good) {
  EXPECT_EQ(problem_with(""), "");
  EXPECT_EQ(with(""), "");
  EXPECT_EQ(with("countries = [\"+49\", \"+1\", \"+1876\"]"), "");
  EXPECT_EQ(with("preset = \"json\"\nheaders = [\"Authorization: Bearer {secret}\"]", "x"), "");
  EXPECT_EQ(with("method = \"PUT\"\nbody = \"a={digits}&b={text}\"\nsuccess = [\"201\"]\nsuccess_text = \"OK\""), "");
  EXPECT_EQ(problem_with("url = \"https://sms.example.com/?to={number}&text={text}\"\nmethod = \"GET\""), "");
  EXPECT_EQ(problem_with("url = \"http://127.0.0.1:9/\"\nsender = \"A\"\nallow_private = true"), "");
}

TEST(SmsSettings, say_what_is_wrong) {
  const auto expect = [](const std::string& problem, std::string_view words) {
    EXPECT_NE(problem.find(words), std::string::npos) << "\"" << problem << "\" without \"" << words << "\"";
  };
  expect(problem_with("url = \"http://sms.example.com/\"\nsender = \"A\""), "https://");
  expect(problem_with("url = \"ftp://sms.example.com/\"\nsender = \"A\""), "sms.url");
  expect(problem_with("url = \"https://user:pw@sms.example.com/\"\nsender = \"A\""), "sms.url");
  expect(problem_with("url = \"https://sms.example.com/\""), "sms.sender");
  expect(problem_with("countries = [\"+49\"]"), "sms.url is not");
  for (const char* code : {"DE", "49", "+", "+0", "+999", "+491", "0049"}) {
    expect(with("countries = [\"" + std::string{code} + "\"]"), "sms.countries");
  }
  expect(with("body = \"to={number}&text={txt}\""), "{txt}");
  expect(with("body = \"to={number}\""), "{text}");
  expect(with("body = \"text={text}\""), "{number}");
  expect(with("body = \"to={number}&text={text}&key={secret}\""), "sms.secret_file");
  expect(with("preset = \"json\"\nbody = '{\"to\":\"{number}\",\"text\":{text}}'"), "JSON");
  expect(with("user = \"me\""), "sms.secret_file");
  expect(with("headers = [\"Host: elsewhere\"]"), "sms.headers");
  expect(with("headers = [\"no colon\"]"), "sms.headers");
  expect(with("success = []"), "sms.success");
  expect(with("success = [\"ok\"]"), "sms.success");
  expect(with("success_value = \"0\""), "sms.success_field");
  expect(with("method = \"DELETE\""), "sms.method");
  expect(with("method = \"GET\""), "{text}");
}

}  // namespace
}  // namespace cardea::sms
