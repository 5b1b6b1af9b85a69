// What a sign-in sends to the database. A sign-in is as slow as its round trips; and whoever is near enough to time
// them must not learn from their number or order whether an account is there, blocked, or has another name.

#include "tests/api/scene.hpp"
#include "tests/support/form_text.hpp"

namespace cardea::api_tests {
namespace {

class SigninStatements : public ::testing::TestWithParam<std::string> {
 public:
  World world{[](app::Settings& settings) { settings.session.per_account = 3; }, GetParam()};
  Answer seen;

  Texts of_api(Client& client, const std::string& uid, const std::string& password) {
    return world.statements([&] { seen = client.sign_in(uid, password); });
  }
  Texts of_page(Client& client, const std::string& uid, const std::string& password) {
    // Who is signed in is not shown that form, but has the token of others.
    const char* shown = client.cookie("__Host-cardea").empty() ? "/signin" : "/account";
    testing_support::FormFields fields{{"uid", uid}, {"password", password}};
    for (const auto& field : testing_support::hidden_fields(client.get(shown).body, shown)) fields.push_back(field);
    return world.statements([&] { seen = client.post_form("/signin", fields); });
  }
  Texts of_classic(Client& client, const std::string& uid, const std::string& password) {
    return world.statements(
        [&] { seen = client.post("/api/users/authenticate", {{"uid", uid}, {"password", password}}); });
  }
};
INSTANTIATE_TEST_SUITE_P(engines, SigninStatements, testing_support::both_engines(), testing_support::engine_name);

constexpr std::size_t at_most = 14;  // nobody waits for those that only write

std::string listed(const Texts& statements) {
  std::string out;
  for (const auto& statement : statements) out += statement.substr(0, 100) + "\n";
  return out;
}

TEST_P(SigninStatements, successful_sign_in_takes_no_more_than_is_said) {
  world.client().sign_up("ann");
  world.client().sign_up("bob");
  auto browser = world.client();
  const auto expect_few = [&](const Texts& statements, const char* when) {
    EXPECT_TRUE(seen.status == 200 || seen.status == 303) << when << ": " << seen.status;
    EXPECT_GE(statements.size(), 8U) << "they are seen at all";
    EXPECT_LE(statements.size(), at_most) << when << "\n" << listed(statements);
  };
  expect_few(of_api(browser, "ann", good_password), "a new browser");
  browser.drop_cookie("__Host-cardea");
  expect_few(of_api(browser, "ann", good_password), "a known browser");
  expect_few(of_api(browser, "ann", good_password), "a known browser with a session to replace");
  expect_few(of_page(browser, "ann", good_password), "the same by the page");
  expect_few(of_api(browser, "bob", good_password), "somebody else's browser, with a session to replace");
  browser.drop_cookie("__Host-cardea-device");
  expect_few(of_api(browser, "bob", good_password), "a new browser with a session to replace");
  auto curl = world.curl();
  expect_few(of_classic(curl, "ann", good_password), "the classic contract");
  expect_few(of_classic(curl, "ann", good_password), "the classic contract, with a session to replace");
}

TEST_P(SigninStatements, sign_in_beyond_the_session_limit_takes_no_more) {
  world.client().sign_up("ann");
  for (int i = 0; i < 6; ++i) {
    auto browser = world.client();
    const auto statements = of_api(browser, "ann", good_password);
    EXPECT_EQ(seen.status, 200);
    EXPECT_LE(statements.size(), at_most) << listed(statements);
  }
}

TEST_P(SigninStatements, refused_one_sends_the_same_in_the_same_order_whoever_it_is) {
  world.client().sign_up("ann", {{"email", "ann@example.org"}});
  world.client().sign_up("bob", {{"email", "bob@example.org"}});
  world.client().sign_up("cleo", {{"email", "cleo@example.org"}});
  world.disable("bob");
  struct Try {
    std::string name;
    std::string password;
  };
  const std::vector<std::vector<Try>> groups{
      {{"ann", wrong_password},
       {"bob", good_password},
       {"bob", wrong_password},
       {"nobody", wrong_password},
       {"not a name that anybody can have!", wrong_password},
       {std::string(300, 'x'), wrong_password},
       {"", wrong_password},
       {"@", wrong_password},
       {"cleo", ""}},
      {{"ann@example.org", wrong_password},
       {"bob@example.org", good_password},
       {"bob@example.org", wrong_password},
       {"nobody@example.org", wrong_password},
       {"nobody+else@sub.example.org", wrong_password}},
  };
  using Way = Texts (SigninStatements::*)(Client&, const std::string&, const std::string&);
  for (const Way way : {&SigninStatements::of_api, &SigninStatements::of_page, &SigninStatements::of_classic}) {
    for (const auto& group : groups) {
      Texts first;
      for (const auto& [name, password] : group) {
        if (way == &SigninStatements::of_classic && (name.empty() || password.empty())) continue;  // refused unread
        auto browser = world.client();
        const auto statements = (this->*way)(browser, name, password);
        EXPECT_GE(seen.status, 400);
        if (first.empty()) first = statements;
        EXPECT_GE(statements.size(), 6U);
        EXPECT_EQ(listed(statements), listed(first)) << name.substr(0, 40);
        EXPECT_TRUE(statements == first) << "beyond what is listed";
      }
    }
    world.advance(1h);  // the budgets are whole again
  }
}

TEST_P(SigninStatements, refused_one_from_a_known_browser_sends_the_same_too) {
  world.client().sign_up("bob");
  auto browser = world.client();
  browser.sign_up("ann");
  world.disable("bob");
  auto known = browser;
  const auto own = of_api(known, "ann", wrong_password);
  for (const char* name : {"bob", "nobody", "not a name that anybody can have!"}) {
    auto same_browser = browser;
    EXPECT_EQ(listed(of_api(same_browser, name, wrong_password)), listed(own)) << name;
  }
}

TEST_P(SigninStatements, one_that_begins_a_wait_or_has_to_wait_sends_the_same_for_everybody) {
  world.client().sign_up("ann");
  std::vector<Texts> of_ann;
  for (const std::string name : {"ann", "nobody"}) {
    std::vector<Texts> all;
    for (int i = 0; i < 6; ++i) {
      auto browser = world.client();
      all.push_back(of_api(browser, name, wrong_password));
      EXPECT_EQ(seen.status, i < 5 ? 401 : 429);
      EXPECT_FALSE(all.back().empty());
    }
    if (of_ann.empty()) of_ann = all;
    for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(listed(all[i]), listed(of_ann[i])) << name << " " << i;
    EXPECT_TRUE(all == of_ann) << "beyond what is listed";
  }
}

}  // namespace
}  // namespace cardea::api_tests
