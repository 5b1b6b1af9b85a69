// Two processes on one database: what one of them ends, the other neither lets change anything from then on, nor
// answers from memory for more than a second.

#include <thread>

#include "tests/api/scene.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/hash_probe.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::CuttingProxy;

constexpr std::string_view session_cookie_name = "__Host-cardea";

/// How long `is_met` took to become true; more than ten seconds is an end.
template <class Met>
std::chrono::milliseconds time_until(Met is_met) {
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
  };
  while (!is_met() && passed() < 10s) std::this_thread::sleep_for(5ms);
  return passed();
}

/// Process A is that of `here`, process B that of `there`; `old` is the session of ann in the memory of B.
class TwoProcesses : public ::testing::TestWithParam<std::string> {
 protected:
  TwoProcesses() {
    root_.sign_up("rita");
    here_.make_admin("rita");
    ann_.sign_up("ann");
    old_.set_cookie(session_cookie_name, ann_.cookie(session_cookie_name));
    EXPECT_EQ(old_.get("/v1/session").status, 200);
  }
  /// The next change of the old session is refused at once, and within a second so is what memory answers.
  void expect_ended() {
    EXPECT_EQ(old_.patch("/v1/me", {{"name", "Somebody"}}).status, 401);
    EXPECT_EQ(old_.post("/v1/me/notes", {{"note", "mine"}}).status, 401);
    EXPECT_LT(time_until([&] { return old_.get("/v1/session").status == 401; }), 1s);
  }

  World here_{{}, GetParam()};
  World there_{World::Beside{here_}};
  Client root_ = here_.client();
  Client ann_ = here_.client();
  Client old_ = there_.client();
};
INSTANTIATE_TEST_SUITE_P(engines, TwoProcesses, testing_support::both_engines(), testing_support::engine_name);

TEST_P(TwoProcesses, sign_out_ends_the_session_in_both) {
  EXPECT_EQ(ann_.post("/v1/signout").status, 204);
  expect_ended();
}

TEST_P(TwoProcesses, changed_password_ends_the_session_in_both) {
  EXPECT_EQ(ann_.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status,
            200);
  expect_ended();
}

TEST_P(TwoProcesses, blocked_account_is_out_in_both) {
  here_.disable("ann");  // as the command line does
  expect_ended();
  EXPECT_EQ(old_.sign_in("ann").status, 401);
}

TEST_P(TwoProcesses, deleted_account_is_out_in_both) {
  EXPECT_EQ(ann_.del("/v1/me").status, 204);
  expect_ended();
}

TEST_P(TwoProcesses, role_that_was_taken_is_gone_in_both) {
  here_.give_role("ann", Role::admin);
  EXPECT_LT(time_until([&] { return old_.get("/v1/session").json("user/role") == "admin"; }), 1s);
  EXPECT_EQ(old_.patch("/v1/users/" + here_.id_of("ann").text(), {{"coins", 7}}).status, 200);
  here_.give_role("ann", Role::user);
  EXPECT_EQ(old_.patch("/v1/users/" + here_.id_of("ann").text(), {{"coins", 8}}).status, 403);
  EXPECT_LT(time_until([&] { return old_.get("/v1/session").json("user/role") == "user"; }), 1s);
}

TEST_P(TwoProcesses, new_sign_in_of_one_is_good_in_the_other) {
  auto phone = here_.client();
  phone.sign_in("ann");
  auto copy = there_.client();
  copy.set_cookie(session_cookie_name, phone.cookie(session_cookie_name));
  EXPECT_EQ(copy.get("/v1/session").status, 200);
}

TEST(StaleMemory, role_that_memory_remembers_changes_nothing) {
  World world;
  auto ann = world.client();
  ann.sign_up("ann");
  const auto bob = world.client().sign_up("bob").text("user/id");
  world.make_admin("ann");
  EXPECT_EQ(ann.patch("/v1/users/" + bob, {{"coins", 7}}).status, 200);
  // Behind the back of memory, as before an announcement arrives.
  world.database().write([](db::Tx& tx) { tx.run("UPDATE account SET role = 'user'"); });
  EXPECT_EQ(ann.get("/v1/session").json("user/role"), "owner");
  EXPECT_EQ(ann.patch("/v1/users/" + bob, {{"coins", 8}}).status, 403);
  ann.post("/api/users/authenticate", {{"uid", "ann"}, {"password", good_password}});
  EXPECT_EQ(ann.del("/api/users/" + bob).status, 403);
  EXPECT_EQ(world.accounts(), 2);
}

/// A process whose connections are cut after COMMIT was sent and before its answer.
class LostAnswer : public ::testing::Test {
 protected:
  LostAnswer() {
    ann.sign_up("ann");
    EXPECT_EQ(ann.get("/v1/session").status, 200);
    EXPECT_EQ(old.get("/v1/session").status, 401);
    old.set_cookie(session_cookie_name, ann.cookie(session_cookie_name));
    EXPECT_EQ(old.get("/v1/session").status, 200);
  }
  void expect_forgotten() {
    EXPECT_EQ(proxy.cuts(), 1);
    EXPECT_EQ(old.get("/v1/session").status, 401);
    EXPECT_EQ(old.get("/v1/me").status, 401);
  }

  World first{{}, "postgres"};
  CuttingProxy proxy{first.database_url()};
  World world{World::Beside{first, proxy.url()}};
  Client ann = world.client();
  Client old = world.client();
};

TEST_F(LostAnswer, of_a_sign_out_is_told_and_memory_answers_no_more) {
  proxy.cut_next(CuttingProxy::Cut::after_commit);
  EXPECT_EQ(ann.post("/v1/signout").status, 503);
  expect_forgotten();
}

TEST_F(LostAnswer, of_the_end_of_every_session_is_told_and_memory_answers_no_more) {
  proxy.cut_next(CuttingProxy::Cut::after_commit);
  EXPECT_EQ(ann.del("/v1/me/sessions").status, 503);
  expect_forgotten();
}

TEST_F(LostAnswer, of_a_changed_password_is_told_and_memory_answers_no_more) {
  // Before the hash it is only read.
  const testing_support::DuringNextHash meanwhile{[&] { proxy.cut_next(CuttingProxy::Cut::after_commit); }};
  EXPECT_EQ(ann.post("/v1/me/password", {{"current_password", good_password}, {"password", other_password}}).status,
            503);
  expect_forgotten();
  EXPECT_EQ(world.client().sign_in("ann", other_password).status, 200);
}

TEST_F(LostAnswer, of_a_block_is_told_and_memory_answers_no_more) {
  const auto id = world.id_of("ann");
  const Context by_operator{.now = world.now(), .principal = Principal{.permissions = Permissions{Role::owner}}};
  proxy.cut_next(CuttingProxy::Cut::after_commit);
  EXPECT_THROW((void)account::block(world.house().account(), by_operator, id), db::OutcomeUnknown);
  expect_forgotten();
  EXPECT_EQ(world.client().sign_in("ann").status, 401);
}

}  // namespace
}  // namespace cardea::api_tests
