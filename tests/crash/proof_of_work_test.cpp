// Two processes on one database, a hundred sign-ups with the same proof: one of them makes an account.
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "proof_of_work/work.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/program.hpp"
#include "tests/support/visitor.hpp"

namespace cardea::crash {
namespace {

using testing_support::Folder;
using testing_support::Program;
using testing_support::Visitor;

constexpr std::int64_t bits = 8;

class ProofRivals : public testing::TestWithParam<std::string> {
 protected:
  ProofRivals() {
    std::ofstream{config_} << "[signup]\nproof_of_work = \"always\"\nproof_of_work_bits = " << bits << "\n";
    for (auto& program : programs_) {
      program = std::make_unique<Program>(
          folder_,
          std::vector<std::string>{"dev", "--config", config_, "--database", database_.url(), "--data",
                                   folder_.path() / "data", "--listen", "127.0.0.1:0"},
          testing_support::Announced::port);
    }
  }

  std::string proof() {
    Visitor visitor{programs_[0]->port()};
    const auto answer = visitor.ask("GET", "/v1/signup/challenge");
    const auto json = wire::parse(answer.value().body).value();
    const std::string text = *json.find("challenge")->find("text")->get<std::string>();
    std::int64_t number = 0;
    while (!proof_of_work::solves(text, std::to_string(number), bits)) ++number;
    return text + ":" + std::to_string(number);
  }

  Folder folder_;
  std::string config_ = (folder_.path() / "cardea.toml").string();
  testing_support::FreshDatabase database_{GetParam(), testing_support::Schema::migrated};
  std::array<std::unique_ptr<Program>, 2> programs_;
};
INSTANTIATE_TEST_SUITE_P(engines, ProofRivals, testing_support::both_engines(), testing_support::engine_name);

TEST_P(ProofRivals, a_proof_makes_one_account) {
  constexpr int hands = 20;
  constexpr int each = 5;
  const auto shown = proof();
  std::atomic<int> made = 0;
  std::atomic<int> refused = 0;
  testing_support::race(hands, [&](int hand) {
    Visitor visitor{programs_[static_cast<std::size_t>(hand) % 2]->port()};
    for (int i = 0; i < each; ++i) {
      auto body = *testing_support::sign_up_body("user." + std::to_string(100 + hand * each + i)).get<wire::Object>();
      body.push_back({"proof", shown});
      const auto answer = visitor.ask("POST", "/v1/signup", body);
      if (answer && answer->status == 201) ++made;
      if (answer && answer->body.find("\"signup_proof_not_valid\"") != std::string::npos) ++refused;
    }
  });
  EXPECT_EQ(made, 1);
  EXPECT_EQ(refused, hands * each - 1);
}

}  // namespace
}  // namespace cardea::crash
