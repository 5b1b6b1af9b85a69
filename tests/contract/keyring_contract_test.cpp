#include "keyring/keyring.hpp"

#include <set>

#include "crypto/hash.hpp"
#include "encoding/value.hpp"
#include "http/route.hpp"
#include "keyring/keyring_store.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::keyring {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

const Time noon = from_micros(1'800'000'000'000'000);
constexpr auto day = hours{24};

Secret sealing_key(std::string_view purpose = "keyring") {
  return crypto::derive_key(Secret{"server secret"}, purpose);
}

class KeyringContract : public testing_support::OnEngine {
 protected:
  Keyring make(Settings settings = {}) { return {database(), sealing_key(), std::move(settings), random}; }
  std::vector<StoredKey> stored() { return database().read(load); }

  /// The kids of a key set.
  static std::set<std::string> kids(const Keyring& keyring) {
    std::set<std::string> found;
    const auto set = wire::parse(keyring.jwks()).value();
    for (const auto& key : *set.find("keys")->get<wire::Array>()) found.insert(*key.find("kid")->get<std::string>());
    return found;
  }

  testing_support::SeededRandom random{7};
};
INSTANTIATE_TEST_SUITE_P(engines, KeyringContract, testing_support::both_engines(), testing_support::engine_name);

TEST_P(KeyringContract, empty_database_gets_one_key_that_signs_at_once) {
  auto keyring = make();
  keyring.start(noon);
  const auto signer = keyring.signer();
  EXPECT_EQ(signer.kid, crypto::jwk_thumbprint(signer.key->public_jwk()));
  EXPECT_EQ(kids(keyring), std::set{signer.kid});
  const auto data = as_bytes("data");
  EXPECT_TRUE(keyring.find(signer.kid)->verify(data, signer.key->sign(data)));
  EXPECT_EQ(keyring.find("another"), nullptr);
}

TEST_P(KeyringContract, restart_keeps_the_key) {
  auto first = make();
  first.start(noon);
  auto second = make();
  second.start(noon + hours{1});
  EXPECT_EQ(second.signer().kid, first.signer().kid);
  const auto data = as_bytes("data");
  EXPECT_TRUE(second.find(first.signer().kid)->verify(data, first.signer().key->sign(data)));
}

TEST_P(KeyringContract, key_set_has_no_private_member) {
  for (const auto algorithm : {crypto::Algorithm::es256, crypto::Algorithm::eddsa, crypto::Algorithm::rs256}) {
    auto keyring = make({.algorithm = algorithm});
    keyring.start(noon);
    const auto set = wire::parse(keyring.jwks()).value();
    for (const auto& key : *set.find("keys")->get<wire::Array>()) {
      for (const auto* name : {"d", "p", "q", "dp", "dq", "qi", "k"}) EXPECT_EQ(key.find(name), nullptr) << name;
      for (const auto* name : {"kty", "alg", "use", "kid"}) EXPECT_NE(key.find(name), nullptr) << name;
    }
  }
}

TEST_P(KeyringContract, private_key_is_sealed_at_rest) {
  auto keyring = make();
  keyring.start(noon);
  const auto der = keyring.signer().key->private_der();
  const auto row = stored().at(0);
  EXPECT_EQ(as_text(row.private_sealed).find(der.reveal()), std::string_view::npos);
  EXPECT_EQ(row.public_jwk.find("\"d\""), std::string::npos);
}

TEST_P(KeyringContract, another_servers_secret_does_not_start) {
  make().start(noon);
  Keyring other{database(), sealing_key("other"), {}, random};
  EXPECT_THROW(other.start(noon), std::runtime_error);
}

TEST_P(KeyringContract, sealed_key_moved_to_another_row_does_not_start) {
  auto keyring = make();
  keyring.start(noon);
  database().write([](db::Tx& tx) { tx.run("UPDATE signing_key SET kid = 'mine'"); });
  EXPECT_THROW(make().start(noon), std::runtime_error);
}

TEST_P(KeyringContract, public_column_is_not_what_gets_published) {
  auto keyring = make();
  keyring.start(noon);
  database().write(
      [](db::Tx& tx) { tx.run("UPDATE signing_key SET public_jwk = '{\"kty\":\"EC\",\"x\":\"planted\"}'"); });
  auto restarted = make();
  restarted.start(noon);
  EXPECT_EQ(restarted.jwks(), keyring.jwks());
}

TEST_P(KeyringContract, processes_that_start_together_on_an_empty_database_share_one_key) {
  constexpr int processes = 6;
  std::vector<std::string> signers(processes);
  testing_support::race(processes, [&](int i) {
    const auto own = reopen({.readers = 1, .pool = 2});
    testing_support::SeededRandom own_random{static_cast<std::uint64_t>(i) + 100};
    Keyring keyring{*own, sealing_key(), {}, own_random};
    keyring.start(noon);
    signers.at(static_cast<std::size_t>(i)) = keyring.signer().kid;
  });
  EXPECT_EQ(std::set(signers.begin(), signers.end()).size(), 1U);
  EXPECT_EQ(stored().size(), 1U);
}

TEST_P(KeyringContract, processes_that_rotate_together_make_one_successor) {
  make().start(noon);
  constexpr int processes = 4;
  testing_support::race(processes, [&](int i) {
    const auto own = reopen({.readers = 1, .pool = 2});
    testing_support::SeededRandom own_random{static_cast<std::uint64_t>(i) + 200};
    Keyring keyring{*own, sealing_key(), {}, own_random};
    keyring.start(noon + 89 * day);
    EXPECT_TRUE(keyring.rotate(noon + 90 * day).ok());
  });
  EXPECT_EQ(stored().size(), 2U);
}

TEST_P(KeyringContract, successor_is_published_before_it_signs_and_the_old_key_after) {
  auto keyring = make();
  keyring.start(noon);
  const auto old = keyring.signer().kid;

  ASSERT_TRUE(keyring.rotate(noon + 89 * day - microseconds{1}).ok());
  EXPECT_EQ(kids(keyring).size(), 1U);
  ASSERT_TRUE(keyring.rotate(noon + 89 * day).ok());
  EXPECT_EQ(kids(keyring).size(), 2U);
  EXPECT_EQ(keyring.signer().kid, old);

  ASSERT_TRUE(keyring.rotate(noon + 90 * day).ok());
  const auto successor = keyring.signer().kid;
  EXPECT_NE(successor, old);
  EXPECT_NE(keyring.find(old), nullptr);

  ASSERT_TRUE(keyring.rotate(noon + 91 * day - microseconds{1}).ok());
  EXPECT_NE(keyring.find(old), nullptr);
  ASSERT_TRUE(keyring.rotate(noon + 91 * day).ok());
  EXPECT_EQ(keyring.find(old), nullptr);
  EXPECT_EQ(kids(keyring), std::set{successor});
  EXPECT_EQ(stored().size(), 1U);  // the private key is gone from the disk too
}

TEST_P(KeyringContract, a_clock_that_was_far_ahead_for_a_moment_does_not_stop_rotation) {
  auto keyring = make();
  keyring.start(noon);
  const auto first = keyring.signer().kid;
  ASSERT_TRUE(keyring.rotate(noon + 400 * day).ok());  // makes a successor, whose turn is after that
  ASSERT_TRUE(keyring.rotate(noon + hours{1}).ok());
  EXPECT_EQ(keyring.signer().kid, first);
  ASSERT_EQ(stored().size(), 2U);
  const Settings settings;
  ASSERT_TRUE(keyring.rotate(noon + hours{1} + settings.overlap).ok());
  const auto second = keyring.signer().kid;
  EXPECT_NE(second, first) << "its turn came no later than that of any successor";
  EXPECT_EQ(kids(keyring), (std::set{first, second})) << "tokens of the first still verify";
  ASSERT_TRUE(keyring.rotate(noon + hours{2} + 2 * settings.overlap).ok());
  EXPECT_EQ(kids(keyring), std::set{second});
  ASSERT_TRUE(keyring.rotate(noon + hours{2} + settings.overlap + settings.rotate_every).ok());
  EXPECT_EQ(stored().size(), 2U) << "and then as ever";
}

TEST_P(KeyringContract, other_process_learns_of_a_successor_before_its_turn) {
  auto ours = make();
  ours.start(noon);
  const auto own = reopen();
  Keyring theirs{*own, sealing_key(), {}, random};
  theirs.start(noon);
  ASSERT_TRUE(ours.rotate(noon + 89 * day).ok());
  ASSERT_TRUE(theirs.rotate(noon + 89 * day + hours{1}).ok());
  EXPECT_EQ(theirs.jwks(), ours.jwks());
}

TEST_P(KeyringContract, each_process_has_its_own_turn_to_rotate) {
  auto ours = make();
  auto theirs = make();
  EXPECT_NE(ours.rotate_job().name, theirs.rotate_job().name);
  ours.start(noon);
  EXPECT_TRUE(ours.rotate_job().work(noon).ok());
}

TEST_P(KeyringContract, new_algorithm_gets_a_key_and_the_old_one_stays) {
  auto before = make();
  before.start(noon);
  const auto old = before.signer().kid;
  auto after = make({.algorithm = crypto::Algorithm::eddsa});
  after.start(noon + day);
  EXPECT_EQ(kids(after).size(), 2U);
  EXPECT_EQ(after.signer().kid, old);
  ASSERT_TRUE(after.rotate(noon + 2 * day).ok());
  EXPECT_EQ(after.signer().key->algorithm(), crypto::Algorithm::eddsa);
  EXPECT_NE(after.find(old), nullptr);
  ASSERT_TRUE(after.rotate(noon + 3 * day).ok());
  EXPECT_EQ(after.find(old), nullptr);
}

TEST_P(KeyringContract, key_set_is_read_while_keys_change) {
  auto keyring = make();
  keyring.start(noon);
  testing_support::race(3, [&](int i) {
    for (int round = 0; round < 20; ++round) {
      if (i == 0) EXPECT_TRUE(keyring.rotate(noon + round * 45 * day).ok());
      const auto signer = keyring.signer();
      EXPECT_NE(keyring.jwks().find("keys"), std::string::npos);
      EXPECT_FALSE(signer.key->sign(as_bytes("data")).empty());
    }
  });
}

TEST_P(KeyringContract, route_serves_the_key_set_from_memory) {
  auto keyring = make();
  keyring.start(noon);
  const auto served = routes(keyring);
  ASSERT_EQ(served.size(), 1U);
  const auto& route = served.front();
  EXPECT_EQ(route.path, "/.well-known/jwks.json");
  EXPECT_EQ(route.lane, http::Lane::instant);
  EXPECT_EQ(route.requirement.who, Who::anyone);
  const http::Request request{};
  const auto response = route.handler(http::Call{.request = request, .route = route, .context = {.now = noon}}).value();
  EXPECT_EQ(response.body, keyring.jwks());
  EXPECT_EQ(response.headers.get("Cache-Control"), "public, max-age=300");
}

}  // namespace
}  // namespace cardea::keyring
