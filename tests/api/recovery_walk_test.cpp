// Recovery as a machine: random walks over all that can happen to two accounts and their links, beside a model that
// says what must come of each. A walk that fails names its seed.

#include <algorithm>
#include <random>

#include "password_reset/password_reset.hpp"
#include "tests/api/letters.hpp"
#include "tests/api/scene.hpp"
#include "tests/api/walks.hpp"

namespace cardea::api_tests {
namespace {

using testing_support::with_mail;

constexpr std::size_t steps = 40;

void without_limits(app::Settings& settings) {
  with_mail(settings);
  auto& reset = settings.features.of<password_reset::Settings>();
  for (auto* budget : {&reset.address, &reset.request, &settings.mail.address, &settings.authn_budgets.account,
                       &settings.authn_budgets.known_browser, &settings.authn_budgets.address,
                       &settings.authn_budgets.right_address, &settings.authn_budgets.right}) {
    budget->free = 1'000'000'000;
  }
}

/// What the model knows of a link that was sent.
struct Link {
  std::string secret;
  std::size_t owner;
  Time sent;
  int password;  // which of its owner's passwords it was then
};

/// What the model knows of somebody.
struct Person {
  std::string uid;
  std::string address;
  int password = 0;  // how many there were before this one
  bool is_blocked = false;
  std::optional<std::size_t> link = {};  // the one that works, unless its time is over
  std::vector<Client> in = {};  // browsers that are signed in
  std::vector<Client> out = {};  // and those that were
};

std::string password_of(const Person& person, int number) {
  return "walking " + person.uid + " over " + std::to_string(number) + " grey hills";
}

class Walk {
 public:
  Walk(std::string_view engine, unsigned seed) : world_{without_limits, engine}, random_{seed} {
    for (const char* uid : {"ada", "bob"}) {
      Person person{.uid = uid, .address = std::string{uid} + "@example.com"};
      auto client = world_.client();
      client.sign_up(uid, {{"email", person.address}, {"password", password_of(person, 0)}});
      EXPECT_EQ(client.post("/v1/verify", {{"code", world_.letter_to(person.address).code}}).status, 200);
      person.in.push_back(client);
      people_.push_back(std::move(person));
    }
  }

  void step() {
    using Event = void (Walk::*)(Person&);
    constexpr Event events[] = {&Walk::ask,
                                &Walk::ask,
                                &Walk::complete,
                                &Walk::complete,
                                &Walk::complete,
                                &Walk::misuse,
                                &Walk::change_password,
                                &Walk::sign_in,
                                &Walk::sign_in,
                                &Walk::try_old_one,
                                &Walk::wait,
                                &Walk::wait};
    (this->*events[below(std::size(events))])(people_[below(people_.size())]);
    if (below(60) == 0) block(people_[below(people_.size())]);
    check();
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void ask(Person& person) {
    const auto before = world_.letters_to(person.address);
    EXPECT_EQ(world_.client().post("/v1/recover", {{"uid", below(2) == 0 ? person.uid : person.address}}).status, 204);
    const auto letters = world_.letters_to(person.address);
    EXPECT_EQ(letters, before + (person.is_blocked ? 0 : 1));
    if (person.is_blocked) return;
    const auto link = secret_in(link_in(world_.letter_to(person.address), "/password-reset"));
    person.link = links_.size();
    links_.push_back({link, owner_number(person), world_.now(), person.password});
  }

  /// Any link that was ever sent, with a good password.
  void complete(Person&) {
    if (links_.empty()) return;
    const std::size_t number = below(3) == 0 ? below(links_.size()) : links_.size() - 1;
    const Link& link = links_[number];
    Person& owner = people_[link.owner];
    const bool works = owner.link == number && owner.password == link.password && !owner.is_blocked &&
                       world_.now() < link.sent + std::chrono::minutes{20};
    auto browser = world_.client();
    const auto answer = send(browser, link.secret, password_of(owner, owner.password + 1));
    EXPECT_EQ(answer.status, works ? 204 : 410);
    EXPECT_EQ(browser.cookie("__Host-cardea"), "") << "a new password opens no session";
    if (!works) return;
    ++owner.password;
    owner.link.reset();
    leave(owner, owner.in.size());
  }

  /// A link with something missing, or a text that is no link: nothing comes of it, and the link stays what it was.
  void misuse(Person& person) {
    auto browser = world_.client();
    const auto good = password_of(person, person.password + 1);
    EXPECT_EQ(browser.post("/v1/recover/complete").status / 100, 4);
    EXPECT_EQ(browser.post("/v1/recover/complete", {{"password", good}}).status / 100, 4);
    if (links_.empty()) return;
    auto secret = links_.back().secret;
    EXPECT_EQ(browser.post("/v1/recover/complete", {{"link", secret}}).status / 100, 4);
    EXPECT_EQ(send(browser, secret, "short").status / 100, 4);
    secret[below(secret.size())] ^= 1;
    EXPECT_EQ(send(browser, secret, good).status / 100, 4);
  }

  void change_password(Person& person) {
    if (person.in.empty()) return;
    auto client = person.in.back();
    const auto answer = client.post("/v1/me/password", {{"current_password", password_of(person, person.password)},
                                                        {"password", password_of(person, person.password + 1)}});
    EXPECT_EQ(answer.status, 200);
    ++person.password;
    person.link.reset();
    person.in.pop_back();
    leave(person, person.in.size());
    person.in.push_back(client);  // with the cookie that the change gave it
  }

  void sign_in(Person& person) {
    auto client = world_.client();
    const auto answer = client.sign_in(person.uid, password_of(person, person.password));
    EXPECT_EQ(answer.status, person.is_blocked ? 401 : 200);
    if (answer.status == 200) person.in.push_back(client);
  }

  void try_old_one(Person& person) {
    if (person.password == 0) return;
    const auto number = static_cast<int>(below(static_cast<std::size_t>(person.password)));
    EXPECT_EQ(world_.client().sign_in(person.uid, password_of(person, number)).status, 401);
  }

  void wait(Person&) { world_.advance(std::chrono::minutes{1 + below(12)}); }

  void block(Person& person) {
    if (person.is_blocked) return;
    world_.disable(person.uid);
    person.is_blocked = true;
    leave(person, person.in.size());
  }

  static Answer send(Client& browser, const std::string& link, std::string_view password) {
    return browser.post("/v1/recover/complete", {{"link", link}, {"password", password}});
  }

  static void leave(Person& person, std::size_t count) {
    for (; count > 0; --count) {
      person.out.push_back(person.in.back());
      person.in.pop_back();
    }
  }

  std::size_t owner_number(const Person& person) const { return static_cast<std::size_t>(&person - people_.data()); }

  /// Who is in by the model is in, and who is not is out.
  void check() {
    for (auto& person : people_) {
      for (auto& client : person.in) EXPECT_EQ(client.get("/v1/session").status, 200) << person.uid;
      const auto shown = std::min<std::size_t>(person.out.size(), 3);
      for (std::size_t i = person.out.size() - shown; i < person.out.size(); ++i) {
        EXPECT_EQ(person.out[i].get("/v1/session").status, 401) << person.uid;
      }
    }
  }

  World world_;
  std::mt19937 random_;
  std::vector<Person> people_;
  std::vector<Link> links_;
};

class RecoveryWalk : public ::testing::TestWithParam<Walks> {};

INSTANTIATE_TEST_SUITE_P(engines, RecoveryWalk, usual_walks());

TEST_P(RecoveryWalk, sets_a_password_after_its_letter_alone) { make_walks<Walk>(GetParam(), steps); }

}  // namespace
}  // namespace cardea::api_tests
