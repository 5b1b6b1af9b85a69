#include "known_browser/known_browser.hpp"

#include "crypto/opaque_token.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::known_browser {
namespace {

using namespace std::chrono_literals;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr std::string_view home = "203.0.113.0/24";
const Place at_home{.network = std::string{home}};

class KnownBrowserContract : public testing_support::OnEngine {
 protected:
  crypto::Digest remembered(const AccountId& account, Time now = noon, std::string_view network = home) {
    const auto token = database().write(
        [&](db::Tx& tx) { return remember(tx, account, {.network = std::string{network}}, now, random); });
    return *crypto::opaque_token_hash(token.reveal());
  }
  bool knows(const AccountId& account, const crypto::Digest& browser, Time now = noon) {
    return is_known(database(), account, browser, now);
  }

  /// "now before" of each of ann's.
  std::string networks() {
    std::string all;
    database().read([&](db::Tx& tx) {
      for (const auto& row : tx.all("SELECT COALESCE(network, '-'), COALESCE(network_before, '') FROM known_browser "
                                    "WHERE account_id = $1 ORDER BY place",
                                    ann)) {
        all += (all.empty() ? "" : ";") + row.text(0) + " " + row.text(1);
      }
    });
    return all;
  }

  testing_support::SeededRandom random{41};
  AccountId ann = testing_support::add_account(database(), noon, random);
  AccountId ben = testing_support::add_account(database(), noon, random);
};
INSTANTIATE_TEST_SUITE_P(engines, KnownBrowserContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(KnownBrowserContract, remembered_browser_is_known_to_its_account_only) {
  const auto browser = remembered(ann);
  EXPECT_TRUE(knows(ann, browser));
  EXPECT_FALSE(knows(ben, browser));
  EXPECT_FALSE(knows(ann, crypto::sha256("another")));
}

TEST_P(KnownBrowserContract, browser_is_known_for_a_year_after_it_was_last_seen) {
  const auto browser = remembered(ann);
  EXPECT_TRUE(knows(ann, browser, noon + lifetime - 1us));
  EXPECT_FALSE(knows(ann, browser, noon + lifetime));
  database().write([&](db::Tx& tx) { saw(tx, browser, at_home, noon + 1h); });
  EXPECT_TRUE(knows(ann, browser, noon + lifetime));
  EXPECT_FALSE(knows(ann, browser, noon + lifetime + 1h));
}

TEST_P(KnownBrowserContract, twenty_browsers_are_kept_and_the_longest_unseen_goes) {
  std::vector<crypto::Digest> browsers;
  for (int i = 0; i < 20; ++i) browsers.push_back(remembered(ann, noon + 1s * i));
  const auto theirs = remembered(ben, noon - 24h);
  database().write([&](db::Tx& tx) { saw(tx, browsers[0], at_home, noon + 1h); });
  EXPECT_TRUE(knows(ann, browsers[1]));
  const auto newest = remembered(ann, noon + 2h);
  EXPECT_FALSE(knows(ann, browsers[1]));
  EXPECT_TRUE(knows(ann, browsers[0]));
  EXPECT_TRUE(knows(ann, newest));
  for (std::size_t i = 2; i < 20; ++i) EXPECT_TRUE(knows(ann, browsers[i])) << i;
  EXPECT_TRUE(knows(ben, theirs));
}

TEST_P(KnownBrowserContract, sign_ins_without_cookies_do_not_push_out_a_browser_that_comes_back) {
  const auto browser = remembered(ann, noon);
  database().write([&](db::Tx& tx) { saw(tx, browser, at_home, noon + 1min); });
  for (int i = 0; i < 40; ++i) remembered(ann, noon + 1h + 1s * i);
  EXPECT_TRUE(knows(ann, browser, noon + 2h));
}

TEST_P(KnownBrowserContract, newest_browser_stays_even_when_the_clock_has_gone_back) {
  for (int i = 0; i < 20; ++i) remembered(ann, noon);
  EXPECT_TRUE(knows(ann, remembered(ann, noon)));
  EXPECT_TRUE(knows(ann, remembered(ann, noon - 1h)));
  const auto left =
      database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM known_browser")->integer(0); });
  EXPECT_EQ(left, 20);
}

TEST_P(KnownBrowserContract, changed_password_forgets_the_accounts_browsers) {
  const auto one = remembered(ann);
  const auto two = remembered(ann);
  const auto theirs = remembered(ben);
  database().write([&](db::Tx& tx) { forget_all(tx, ann); });
  EXPECT_FALSE(knows(ann, one));
  EXPECT_FALSE(knows(ann, two));
  EXPECT_TRUE(knows(ben, theirs));
}

TEST_P(KnownBrowserContract, last_two_networks_of_a_browser_are_kept) {
  const auto browser = remembered(ann);
  EXPECT_EQ(networks(), "203.0.113.0/24 ");
  database().write([&](db::Tx& tx) { saw(tx, browser, {.network = "a"}, noon); });
  EXPECT_EQ(networks(), "a 203.0.113.0/24");
  database().write([&](db::Tx& tx) { saw(tx, browser, {.network = "a"}, noon); });
  EXPECT_EQ(networks(), "a 203.0.113.0/24") << "again";
  database().write([&](db::Tx& tx) { saw(tx, browser, {}, noon); });
  EXPECT_EQ(networks(), "a 203.0.113.0/24") << "where nobody knows";
  database().write([&](db::Tx& tx) { saw(tx, browser, at_home, noon); });
  EXPECT_EQ(networks(), "203.0.113.0/24 a");
  for (int i = 0; i < 39; ++i) remembered(ben, noon, "b");
  EXPECT_EQ(networks(), "203.0.113.0/24 a") << "of each account its own";
}

TEST_P(KnownBrowserContract, last_two_countries_of_a_browser_are_kept) {
  const auto token =
      database().write([&](db::Tx& tx) { return remember(tx, ann, {.network = "a", .country = "CH"}, noon, random); });
  const auto browser = *crypto::opaque_token_hash(token.reveal());
  const auto countries = [&] {
    const auto row = database().read_one(
        "SELECT COALESCE(country, '-'), COALESCE(country_before, '-') FROM known_browser WHERE account_id = $1", ann);
    return row->text(0) + " " + row->text(1);
  };
  EXPECT_EQ(countries(), "CH -");
  for (const auto& [country, expected] : {std::pair{"", "CH -"}, {"CH", "CH -"}, {"DE", "DE CH"}, {"CH", "CH DE"}}) {
    database().write([&](db::Tx& tx) { saw(tx, browser, {.network = "a", .country = country}, noon); });
    EXPECT_EQ(countries(), expected);
  }
}

TEST_P(KnownBrowserContract, forgotten_account_may_keep_the_place_of_its_owner) {
  const auto browser = remembered(ann, noon, "a");
  for (int i = 0; i < 2; ++i) {
    database().write([&](db::Tx& tx) { forget_all_but(tx, ann, at_home, noon); });
    EXPECT_EQ(networks(), "203.0.113.0/24 ");
    EXPECT_FALSE(knows(ann, browser));
  }
  EXPECT_TRUE(knows(ann, remembered(ann, noon, "a"))) << "beside it";
  EXPECT_EQ(networks(), "203.0.113.0/24 ;a ");
  database().write([&](db::Tx& tx) { forget_all_but(tx, ann, {}, noon); });
  EXPECT_EQ(networks(), "");
}

TEST_P(KnownBrowserContract, text_that_is_no_such_cookie_has_no_key) {
  for (const std::string& wrong :
       {std::string{}, std::string(42, 'A'), std::string(44, 'A'), std::string(42, 'A') + "="}) {
    EXPECT_FALSE(crypto::opaque_token_hash(wrong)) << wrong;
  }
}

TEST_P(KnownBrowserContract, sign_ins_from_many_places_at_once_keep_to_the_cap) {
  testing_support::race(6, [&](int i) {
    for (int n = 0; n < 6; ++n) remembered(ann, noon + 1s * (i * 6 + n));
  });
  const auto left =
      database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM known_browser")->integer(0); });
  EXPECT_EQ(left, 20);
}

}  // namespace
}  // namespace cardea::known_browser
