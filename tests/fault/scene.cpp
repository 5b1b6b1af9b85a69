#include "tests/fault/scene.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>

#include "db/database.hpp"
#include "tests/support/promises.hpp"
#include "tests/support/within.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;
using testing_support::within;

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

std::string seconds(std::chrono::seconds span) { return std::to_string(span.count()) + " s"; }

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Scene::Server::Server() {
  const Faults::Preload preload{faults};
  postgres = std::make_unique<testing_support::Postgres>(testing_support::Durability::full);
}

void Scene::start_postgres() {
  const Faults::Preload preload{server_->faults};
  server_->postgres->start();
}

void Scene::kill_and_restart_postgres() {
  const Faults::Preload preload{server_->faults};
  server_->postgres->kill_and_restart();
}

Scene::Scene() {
  if (is_sqlite()) return;
  static Server server;
  server_ = &server;
  database_ = server.postgres->create_database();
}

Scene::~Scene() {
  // So that nothing waits for what is broken.
  for (Faults* each : {&faults_, &disk_faults()}) {
    each->fail_writes(0);
    each->delay_syncs(0us);
    each->fail_allocations(0);
    each->fail_threads(false);
  }
  program_.reset();
  load_.reset();
}

std::string Scene::database_url() const {
  return is_sqlite() ? "sqlite:" + (data() / "cardea.db").string() : server_->postgres->url(database_);
}

void Scene::start(const std::string& url, const std::filesystem::path& errors) {
  url_ = url;
  const std::string database = url.empty() && !is_sqlite() ? database_url() : url;
  {
    const Faults::Preload preload{faults_};
    program_ = std::make_unique<testing_support::Program>(folder_, database, errors);
  }
  load_more();
  ASSERT_TRUE(load_->goes_on(20)) << program_->log();
  load_->start_over();
}

void Scene::load_more() {
  const char letter = static_cast<char>('a' + loads_++);
  load_ = std::make_unique<Load>(program_->port(), std::string("load") + letter, ledger_);
}

void Scene::kill() {
  program_->kill();
  load_->stop();
}

std::optional<int> Scene::end() {
  const auto code = program_->wait();
  load_->stop();
  return code;
}

bool Scene::heals(std::chrono::seconds most) { return load_->goes_on(20, most) && becomes_ready("200", most); }

void Scene::expect_everything_kept() {
  load_->stop();
  testing_support::expect_kept(program_->port(), ledger_);
  program_->send(SIGTERM);
  EXPECT_EQ(program_->wait(), 0) << program_->log();
  testing_support::expect_whole(*db::open(database_url(), {.readers = 1, .pool = 1}));
  EXPECT_EQ(testing_support::run(folder_, {"audit", "verify", "--database", database_url()}), 0);
}

testing_support::RawAnswer Scene::get(const std::string& target, const std::string& credential) const {
  const auto answer = testing_support::Visitor{program_->port()}.ask("GET", target, {}, credential);
  return answer.value_or(testing_support::RawAnswer{});
}

std::string Scene::readiness() const {
  const auto answer = get("/readyz");
  if (answer.status == 200) return "200";
  std::string codes;
  for (auto at = answer.body.find("storage."); at != std::string::npos; at = answer.body.find("storage.", at + 1)) {
    codes += " " + answer.body.substr(at, answer.body.find('"', at) - at);
  }
  const bool is_silent = answer.body.find("does not answer") != std::string::npos;
  return std::to_string(answer.status) + codes + (is_silent ? " does not answer" : "");
}

bool Scene::becomes_ready(const std::string& wanted, std::chrono::seconds most) const {
  const bool is_so = within(most, [&] { return readiness() == wanted; });
  if (!is_so) ADD_FAILURE() << "/readyz says " << readiness() << ", not " << wanted << "\n" << program_->log();
  return is_so;
}

bool Scene::stays_unready(const std::string& wanted, std::chrono::seconds span) const {
  std::string other;
  const bool is_other = within(span, [&] {
    other = readiness();
    return other != wanted;
  });
  if (is_other) ADD_FAILURE() << "/readyz says " << other << " instead of " << wanted;
  return !is_other;
}

double Scene::metric(const std::string& sample) const {
  std::string token;
  std::getline(std::ifstream{data() / "metrics_token"}, token);
  const auto text = get("/metrics", "Authorization: Bearer " + token).body;
  const auto at = text.find("\n" + sample + " ");
  if (at == std::string::npos) {
    ADD_FAILURE() << "there is no " << sample << " in " << text;
    return -1;
  }
  return std::strtod(text.c_str() + at + sample.size() + 2, nullptr);
}

std::string Scene::expect(const Answers& answers) {
  const auto seen = load_->changes().surprises();
  bool is_some_seen = answers.some.empty();
  for (const auto& [answer, count] : seen) {
    is_some_seen = is_some_seen || contains(answers.some, answer);
    EXPECT_TRUE(contains(answers.some, answer) || contains(answers.also, answer))
        << answer << ", " << count << " times";
  }
  EXPECT_TRUE(is_some_seen) << "nobody was answered " << joined(answers.some, " or ");
  for (const auto& [answer, count] : load_->checks().surprises()) {
    EXPECT_TRUE(contains(answers.some, answer) || contains(answers.also, answer)) << answer << " to a check";
  }
  EXPECT_LE(load_->changes().longest(), answers.changes_within);
  EXPECT_LE(load_->checks().longest(), answers.checks_within);
  std::vector<std::string> all = answers.some;
  all.insert(all.end(), answers.also.begin(), answers.also.end());
  for (auto& each : all) {
    if (each != "no answer") each.insert(0, "`").append("`");
  }
  const std::string said = all.empty() ? "nothing but success" : joined(all, ", ");
  return said + "; changes within " + seconds(answers.changes_within) + ", checks within " +
         seconds(answers.checks_within);
}

std::string Scene::told_for_good(const std::string& kind) {
  return "`503 storage." + kind + "`; `cardea_database_errors_total{kind=\"" + kind + "\"}`; `database.failed`";
}

void Scene::row(std::string fault, std::string clients, std::string told, std::string healed, std::string kept) {
  if (HasFailure()) return;
  enter({.fault = std::move(fault),
         .engine = engine(),
         .clients = std::move(clients),
         .kept = std::move(kept),
         .told = std::move(told),
         .healed = std::move(healed)});
}

}  // namespace cardea::fault
