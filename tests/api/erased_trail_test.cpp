// After an erasure nothing that is stored leads to whoever was erased: every byte of the database is looked through,
// and what was exported before. The trail is whole all the same.

#include <sqlite3.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

#include "account_deletion/account_deletion.hpp"
#include "audit/export.hpp"
#include "audit/listing.hpp"
#include "encoding/base64.hpp"
#include "tests/api/erased.hpp"
#include "tests/api/scene.hpp"

namespace cardea::api_tests {
namespace {

constexpr std::string_view home = "203.0.113.77";
constexpr std::string_view elsewhere = "198.51.100.44";
constexpr std::string_view uid = "zebedee-quill";
constexpr std::string_view email = "quill@zebedee.example";

class ErasedTrail : public ::testing::TestWithParam<std::string> {
 protected:
  ErasedTrail() {
    world.client().sign_up("admin-person");
    world.make_admin("admin-person");
    admin.sign_in("admin-person");
  }

  /// Somebody does what people do, here and there, and is acted on.
  void live() {
    auto first = world.client();
    first.from(home);
    first.sign_up(std::string{uid}, {{"email", std::string{email}}});
    id = world.id_of(uid);
    note_session(first);
    world.advance(1min);
    auto second = world.client();
    second.from(elsewhere);
    second.sign_in(std::string{uid}, wrong_password);
    second.sign_in(std::string{uid});
    note_session(second);
    second.patch("/v1/me", {{"name", "Zebedee Quill"}});
    second.get("/v1/account/export");
    admin.patch("/v1/users/" + id.text(), {{"name", "Z. Quill"}});
    admin.del("/v1/users/" + id.text() + "/sessions");
    second.sign_in(std::string{uid});
    note_session(second);
    owner = second;
    world.advance(2min);
    world.run_queue();
    world.run_jobs();
  }
  void note_session(Client& client) {
    for (const auto& event : events()) {
      if (event.session && event.account == id) sessions.insert(*event.session);
      if (!event.request_id.empty() && event.account == id) requests.insert(event.request_id);
    }
    EXPECT_EQ(client.get("/v1/session").status, 200);
  }
  std::vector<audit::Entry> events() {
    const auto& keys = world.house().account().trail.keys();
    return world.database().read([&](db::Tx& tx) { return audit::latest(tx, keys, {}, 1000); });
  }
  std::string exported() {
    std::string text;
    EXPECT_TRUE(audit::write_export(world.database(), {}, nullptr, world.now(), [&text](std::string_view line) {
                  text.append(line) += '\n';
                  return true;
                }).ok());
    return text;
  }

  /// What leads to the account, as it would stand in a file or a dump.
  [[nodiscard]] std::vector<std::string> traces() const {
    std::vector<std::string> all{std::string{uid}, std::string{email}, std::string{home}, std::string{elsewhere},
                                 "Quill"};
    const auto add = [&all](std::string text, BytesView bytes) {
      all.push_back(text.substr(text.find('_') + 1));
      all.push_back(encoding::hex(bytes));
      all.emplace_back(as_text(bytes));
    };
    add(id.text(), id.bytes());
    for (const auto& each : sessions) add(each.text(), each.bytes());
    for (const auto& each : requests) all.push_back(each.substr(each.find('_') + 1));
    return all;
  }
  void expect_no_trace(const std::string& text, const char* where) const {
    EXPECT_GT(text.size(), 200U) << where;
    for (const auto& trace : traces()) {
      const auto at = text.find(trace);
      if (at == std::string::npos) continue;
      std::string around;
      for (const char c : text.substr(at < 200 ? 0 : at - 200, 400)) around += c < ' ' || c > '~' ? '.' : c;
      ADD_FAILURE() << where << " has " << trace << " in: " << around;
    }
  }
  /// Every byte of the file, or every row of every table.
  std::string whole_database() {
    const auto& url = world.database_url();
    if (url.starts_with("sqlite:")) {
      const auto file = url.substr(std::string_view{"sqlite:"}.size());
      sqlite3* opened = nullptr;
      EXPECT_EQ(sqlite3_open(file.c_str(), &opened), SQLITE_OK);
      EXPECT_EQ(sqlite3_exec(opened, "PRAGMA wal_checkpoint(TRUNCATE)", nullptr, nullptr, nullptr), SQLITE_OK);
      sqlite3_close(opened);
      std::string all;
      for (const auto& name : {file, file + "-wal"}) {
        std::ifstream in{name, std::ios::binary};
        all.append(std::istreambuf_iterator<char>{in}, {});
      }
      return all;
    }
    std::string dump;
    FILE* pipe = popen(("pg_dump --data-only --inserts --dbname='" + url + "'").c_str(), "r");
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) dump += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0);
    return dump;
  }
  void expect_gone() {
    world.advance(2min);
    world.run_queue();
    world.run_jobs();
    EXPECT_FALSE(audit::verify(world.database()));
    expect_no_trace(exported(), "an export");
    world.advance(24h * 400);  // budgets and what else has a time of its own
    world.run_queue();
    world.run_jobs();
    expect_no_trace(whole_database(), "the database");
  }

  World world{[](app::Settings& settings) { settings.audit.keep = "forever"; }, GetParam()};
  Client admin = world.client();
  Client owner = world.client();
  AccountId id;
  std::set<SessionId> sessions;
  std::set<std::string> requests;
};
INSTANTIATE_TEST_SUITE_P(engines, ErasedTrail, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ErasedTrail, is_whole_and_says_nothing_of_who_deleted_their_account) {
  live();
  EXPECT_GE(sessions.size(), 2U);
  EXPECT_GE(requests.size(), 4U);
  const auto before = exported();
  expect_no_trace(before, "an export from before");
  EXPECT_NE(
      whole_database().find(GetParam() == "sqlite" ? std::string{as_text(id.bytes())} : encoding::hex(id.bytes())),
      std::string::npos)
      << "what is looked for is found while it is there";
  EXPECT_EQ(owner.del("/v1/me").status, 204);
  erase_closed(world);
  EXPECT_EQ(world.accounts(), 1);
  expect_gone();
  std::istringstream in{before};
  EXPECT_FALSE(audit::survey_export(in, {}).broken);
  EXPECT_TRUE(exported().starts_with(before.substr(0, before.rfind("{\"end\"")))) << "the chain is the same";
}

TEST_P(ErasedTrail, says_as_little_of_who_was_erased_at_once_by_an_operator) {
  live();
  const Context context{.now = world.now(),
                        .origin = {.surface = "cli"},
                        .principal = Principal{.permissions = Permissions{Role::owner}}};
  ASSERT_TRUE(account::remove(world.house().account(), context, id).ok());
  expect_gone();
}

TEST_P(ErasedTrail, names_whoever_was_erased_as_it_named_them_before) {
  live();
  std::optional<audit::Pseudonym> pseudonym;
  for (const auto& event : events()) {
    if (event.kind == "signup.completed" && event.account == id) pseudonym = event.account_pseudonym;
  }
  ASSERT_TRUE(pseudonym);
  EXPECT_EQ(owner.del("/v1/me").status, 204);
  erase_closed(world);
  int known = 0;
  int deletions = 0;
  for (const auto& event : events()) {
    EXPECT_NE(event.account, id);
    EXPECT_NE(event.actor, id);
    if (event.account_pseudonym != pseudonym) continue;
    ++known;
    EXPECT_FALSE(event.account);
    deletions += event.kind == "user.deleted" && event.reason == "due" ? 1 : 0;
  }
  EXPECT_GE(known, 6);
  EXPECT_EQ(deletions, 1);
}

TEST_P(ErasedTrail, of_an_administrator_leaves_what_was_done_to_others) {
  live();
  EXPECT_EQ(admin.del("/v1/me").status, 204);
  erase_closed(world);
  int by_nobody = 0;
  for (const auto& event : events()) {
    if (event.account != id || event.actor == id || !event.actor_pseudonym) continue;
    ++by_nobody;
    EXPECT_FALSE(event.actor);
    EXPECT_FALSE(event.session);
    EXPECT_TRUE(event.address.empty()) << event.address;
  }
  EXPECT_GE(by_nobody, 1);
  auto back = world.client();
  back.sign_in(std::string{uid});
  const auto page = back.get("/v1/activity");
  EXPECT_NE(page.body.find(R"("by":"other")"), std::string::npos) << page.body;
}

TEST_P(ErasedTrail, that_is_rolled_back_leaves_everything_readable) {
  live();
  const auto readable = [&] {
    int count = 0;
    for (const auto& event : events()) count += event.account == id && !event.request_id.empty() ? 1 : 0;
    return count;
  };
  const int before = readable();
  world.take_back_writes(true);
  EXPECT_EQ(owner.del("/v1/me").status, 204);
  const Context context{.now = world.now(),
                        .origin = {.surface = "cli"},
                        .principal = Principal{.permissions = Permissions{Role::owner}}};
  EXPECT_TRUE(account::remove(world.house().account(), context, id).ok());
  world.take_back_writes(false);
  EXPECT_EQ(readable(), before);
}

}  // namespace
}  // namespace cardea::api_tests
