#include "http/form_token.hpp"

#include <gtest/gtest.h>

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

class FormToken : public testing::Test {
 protected:
  /// A request of the browser that got `issued`.
  static Request browser(const FormTokens::Issued& issued) {
    Request request;
    if (issued.set_cookie) request.headers.add("Cookie", issued.set_cookie->substr(0, issued.set_cookie->find(';')));
    return request;
  }

  testing_support::SeededRandom random_;
  FormTokens tokens_{Secret{std::string(32, 'k')}, random_};
};

TEST_F(FormToken, of_the_same_browser_matches) {
  const auto issued = tokens_.issue({});
  ASSERT_TRUE(issued.set_cookie);
  EXPECT_TRUE(issued.set_cookie->starts_with("__Host-cardea-form="));
  EXPECT_TRUE(tokens_.matches(browser(issued), issued.token));
}

TEST_F(FormToken, keeps_the_cookie_of_a_browser_and_differs_each_time) {
  const auto first = tokens_.issue({});
  const auto second = tokens_.issue(browser(first));
  EXPECT_FALSE(second.set_cookie);
  EXPECT_NE(first.token, second.token);
  EXPECT_TRUE(tokens_.matches(browser(first), first.token));
  EXPECT_TRUE(tokens_.matches(browser(first), second.token));
}

TEST_F(FormToken, of_another_browser_is_refused) {
  const auto mine = tokens_.issue({});
  const auto other = tokens_.issue({});
  EXPECT_FALSE(tokens_.matches(browser(mine), other.token));
}

TEST_F(FormToken, under_another_key_is_refused) {
  FormTokens others{Secret{std::string(32, 'x')}, random_};
  const auto issued = others.issue({});
  EXPECT_FALSE(tokens_.matches(browser(issued), issued.token));
}

TEST_F(FormToken, with_any_character_changed_is_refused) {
  const auto issued = tokens_.issue({});
  for (std::size_t i = 0; i < issued.token.size(); ++i) {
    std::string changed = issued.token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens_.matches(browser(issued), changed)) << i;
  }
}

TEST_F(FormToken, says_to_whom_its_page_was_shown) {
  const AccountId ann{RawId{1}}, bob{RawId{2}};
  for (const FormTokens::Reader& reader : {FormTokens::Reader{}, FormTokens::Reader{ann}, FormTokens::Reader{bob}}) {
    const auto issued = tokens_.issue({}, reader);
    EXPECT_TRUE(tokens_.matches(browser(issued), issued.token));
    EXPECT_EQ(tokens_.is_for(issued.token, ann), reader == ann);
    EXPECT_EQ(tokens_.is_for(issued.token, bob), reader == bob);
    EXPECT_EQ(tokens_.is_for(issued.token, {}), reader == FormTokens::Reader{});
  }
  EXPECT_FALSE(tokens_.is_for("", {}));
}

TEST_F(FormToken, tells_nobody_who_reads_the_page) {
  const AccountId ann{RawId{1}};
  const auto one = tokens_.issue({}, ann).token, other = tokens_.issue({}, ann).token;
  for (std::size_t i = 0; i + 8 <= one.size(); ++i) EXPECT_NE(one.substr(i, 8), other.substr(i, 8)) << i;
}

TEST_F(FormToken, needs_token_and_cookie) {
  const auto issued = tokens_.issue({});
  EXPECT_FALSE(tokens_.matches({}, issued.token));
  EXPECT_FALSE(tokens_.matches(browser(issued), ""));
  EXPECT_FALSE(tokens_.matches(browser(issued), issued.token + "A"));
  EXPECT_FALSE(tokens_.matches(browser(issued), issued.token.substr(1)));
}

TEST_F(FormToken, replaces_a_cookie_that_is_not_one_of_ours) {
  for (const auto value : {"", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "!!!!!!!!!!!!!!!!!!!!!!"}) {
    Request request;
    request.headers.add("Cookie", std::string{"__Host-cardea-form="} + value);
    EXPECT_TRUE(tokens_.issue(request).set_cookie) << value;
  }
  const auto issued = tokens_.issue({});
  Request planted = browser(issued);
  planted.headers.add("Cookie", planted.headers.get("Cookie"));
  EXPECT_FALSE(tokens_.matches(planted, issued.token));
}

TEST(form_token_key, is_32_bytes) {
  testing_support::SeededRandom random;
  EXPECT_THROW((FormTokens{Secret{"short"}, random}), std::invalid_argument);
}

}  // namespace
}  // namespace cardea::http
