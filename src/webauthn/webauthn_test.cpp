// Ceremonies of an authenticator in software: what is accepted, and that nothing changed about one is.

#include "webauthn/webauthn.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/authenticator.hpp"
#include "webauthn/authenticator_data.hpp"

namespace cardea::webauthn {
namespace {

using testing_support::Ceremony;
using testing_support::SoftAuthenticator;

const RelyingParty party{.id = "auth.test", .origins = {"https://auth.test", "https://other.test"}};
constexpr const char* challenge = "Y2hhbGxlbmdlIG9mIHRoZSB0ZXN0cyBvZiBjYXJkZWE";
constexpr Presence verified_user{.must_be_verified = true};
constexpr crypto::Algorithm algorithms[] = {crypto::Algorithm::es256, crypto::Algorithm::eddsa,
                                            crypto::Algorithm::rs256};

const SoftAuthenticator& authenticator(crypto::Algorithm algorithm) {
  static const SoftAuthenticator es256{crypto::Algorithm::es256};
  static const SoftAuthenticator eddsa{crypto::Algorithm::eddsa};
  static const SoftAuthenticator rs256{crypto::Algorithm::rs256};
  return algorithm == crypto::Algorithm::es256 ? es256 : algorithm == crypto::Algorithm::eddsa ? eddsa : rs256;
}
const SoftAuthenticator& key() { return authenticator(crypto::Algorithm::es256); }

Known known_of(const SoftAuthenticator& key, std::uint32_t sign_count = 0) {
  return {.id = key.id(), .public_key = key.cose(), .sign_count = sign_count, .backup_eligible = true};
}

/// The reason for which a registration, or an assertion, of this ceremony is refused; "" when it is not.
std::string registering(Ceremony ceremony, const Presence& presence = verified_user) {
  if (ceremony.challenge.empty()) ceremony.challenge = challenge;
  const auto outcome = verify_registration(key().create(ceremony), party, challenge, presence);
  return outcome ? "" : outcome.error().detail;
}
std::string asserting(Ceremony ceremony, const Presence& presence = verified_user) {
  if (ceremony.challenge.empty()) ceremony.challenge = challenge;
  const auto outcome = verify_assertion(key().get(ceremony), known_of(key()), party, challenge, presence);
  return outcome ? "" : outcome.error().detail;
}

TEST(WebAuthn, honest_ceremonies_of_each_algorithm_are_accepted) {
  for (const auto algorithm : algorithms) {
    const auto& one = authenticator(algorithm);
    for (const bool attests : {false, true}) {
      const auto made = verify_registration(
          one.create({.challenge = challenge, .sign_count = 7, .attests_itself = attests, .has_extensions = attests}),
          party, challenge, verified_user);
      ASSERT_TRUE(made) << made.error().detail;
      EXPECT_EQ(made->id, one.id());
      EXPECT_EQ(made->public_key, one.cose());
      EXPECT_EQ(made->algorithm, algorithm);
      EXPECT_EQ(made->sign_count, 7U);
      EXPECT_EQ(made->attestation, attests ? Attestation::self : Attestation::none);
      EXPECT_TRUE(made->backup_eligible && made->backed_up && made->user_verified);
    }
    const auto shown = verify_assertion(one.get({.challenge = challenge, .sign_count = 8, .has_extensions = true}),
                                        known_of(one, 7), party, challenge, verified_user);
    ASSERT_TRUE(shown) << shown.error().detail;
    EXPECT_EQ(shown->sign_count, 8U);
    EXPECT_FALSE(shown->is_cloned);
  }
}

// Each field is made wrong by whoever has the key, and signs what is wrong.
TEST(WebAuthn, each_wrong_field_is_refused_for_itself) {
  const std::tuple<Ceremony, const char*> wrong[] = {
      {{.challenge = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, "challenge"},
      {{.challenge = "Y2hhbGxlbmdlIG9mIHRoZSB0ZXN0cyBvZiBjYXJkZW"}, "challenge"},
      {{.challenge = "Y2hhbGxlbmdlIG9mIHRoZSB0ZXN0cyBvZiBjYXJkZWE="}, "challenge"},
      {{.rp_id = "test"}, "rp_id"},
      {{.rp_id = "evil.auth.test"}, "rp_id"},
      {{.origin = "https://auth.test.evil.example"}, "origin"},
      {{.origin = "https://auth.test/"}, "origin"},
      {{.origin = "https://auth.test:443"}, "origin"},
      {{.origin = "http://auth.test"}, "origin"},
      {{.origin = "https://AUTH.test"}, "origin"},
      {{.origin = "https://sub.auth.test"}, "origin"},
      {{.origin = ""}, "origin"},
      {{.type = "payment.get"}, "type"},
      {{.more_client_data = R"(,"crossOrigin":true)"}, "cross_origin"},
      {{.more_client_data = R"(,"crossOrigin":"false")"}, "cross_origin"},
      {{.more_client_data = R"(,"crossOrigin":null)"}, "cross_origin"},
      {{.more_client_data = R"(,"topOrigin":"https://auth.test")"}, "cross_origin"},
      {{.more_client_data = R"(,"type":"webauthn.get")"}, "client_data"},
      {{.more_client_data = R"(,"origin":"https://auth.test")"}, "client_data"},
      {{.more_client_data = "}{"}, "client_data"},
      {{.user_present = false}, "user_present"},
      {{.user_verified = false}, "user_verified"},
      {{.backup_eligible = false, .backed_up = true}, "authenticator_data"},
  };
  for (const auto& [ceremony, reason] : wrong) {
    EXPECT_EQ(registering(ceremony), reason);
    EXPECT_EQ(asserting(ceremony), reason);
  }
  EXPECT_EQ(registering({}), "");
  EXPECT_EQ(asserting({}), "");
  EXPECT_EQ(asserting({.origin = "https://other.test"}), "") << "a related origin";
  EXPECT_EQ(asserting({.more_client_data = ""}), "") << "clients of Level 2 say nothing of frames";
  EXPECT_EQ(asserting({.more_client_data = R"(,"new":{"a":[1]})"}), "") << "what is not known is passed over";
  EXPECT_EQ(registering({.type = "webauthn.get"}), "type");
  EXPECT_EQ(asserting({.type = "webauthn.create"}), "type");
  EXPECT_EQ(asserting({.backup_eligible = false, .backed_up = false}), "backup_eligible") << "it was before";
}

TEST(WebAuthn, user_is_verified_and_present_as_far_as_it_is_asked) {
  EXPECT_EQ(asserting({.user_verified = false}, {}), "");
  EXPECT_EQ(registering({.user_present = false, .user_verified = false}, {.is_needed = false}), "");
}

TEST(WebAuthn, assertion_is_of_the_credential_that_is_known) {
  const SoftAuthenticator other;
  auto shown = other.get({.challenge = challenge});
  EXPECT_EQ(verify_assertion(shown, known_of(key()), party, challenge, {}).error().detail, "credential_id");
  shown.id = key().id();
  EXPECT_EQ(verify_assertion(shown, known_of(key()), party, challenge, {}).error().detail, "signature");
  EXPECT_EQ(verify_assertion(key().get({.challenge = ""}), known_of(key()), party, "", {}).error().detail, "challenge");
}

TEST(WebAuthn, counter_that_does_not_go_up_tells_of_a_clone) {
  const auto is_cloned = [](std::uint32_t stored, std::uint32_t sent) {
    return verify_assertion(key().get({.challenge = challenge, .sign_count = sent}), known_of(key(), stored), party,
                            challenge, {})
        ->is_cloned;
  };
  EXPECT_FALSE(is_cloned(0, 0)) << "it does not count";
  EXPECT_FALSE(is_cloned(0, 1));
  EXPECT_FALSE(is_cloned(5, 0xffffffff));
  EXPECT_TRUE(is_cloned(5, 5));
  EXPECT_TRUE(is_cloned(5, 4));
  EXPECT_TRUE(is_cloned(5, 0));
}

TEST(WebAuthn, attestation_that_is_there_must_be_right) {
  const auto made = key().create({.challenge = challenge, .attests_itself = true});
  auto stranger = SoftAuthenticator{}.create({.challenge = challenge, .attests_itself = true});
  stranger.id = made.id;
  EXPECT_FALSE(verify_registration(stranger, party, challenge, {}).ok());
  const auto with_format = [&](std::string_view format) {
    auto sent = key().create({.challenge = challenge});
    std::string text{as_text(sent.attestation_object)};
    text.replace(text.find("dnone"), 5, static_cast<char>(0x60 + format.size()) + std::string{format});
    sent.attestation_object = to_bytes(text);
    const auto outcome = verify_registration(sent, party, challenge, {});
    return outcome ? "" : outcome.error().detail;
  };
  EXPECT_EQ(with_format("none"), "");
  EXPECT_EQ(with_format("tpm"), "attestation_format");
  EXPECT_EQ(with_format("packed"), "attestation_statement");
}

/// Each byte of each part changed in several ways, and parts cut short and lengthened.
template <class Sent>
std::vector<Sent> mutants_of(const Sent& sent, std::initializer_list<Bytes Sent::*> parts, std::mt19937& engine) {
  std::vector<Sent> mutants;
  for (const auto part : parts) {
    for (std::size_t at = 0; at < (sent.*part).size(); ++at) {
      for (const unsigned flip : {1U, 0x80U, static_cast<unsigned>(1 + engine() % 255)}) {
        mutants.push_back(sent);
        (mutants.back().*part)[at] ^= static_cast<std::uint8_t>(flip);
      }
      mutants.push_back(sent);
      (mutants.back().*part).resize(at);
    }
    mutants.push_back(sent);
    (mutants.back().*part).push_back(0);
  }
  return mutants;
}

// C1: an assertion of which anything was changed on its way is refused.
TEST(WebAuthn, C1_no_changed_assertion_is_accepted) {
  std::mt19937 engine{7};
  std::size_t tried = 0;
  for (const auto algorithm : algorithms) {
    const auto& one = authenticator(algorithm);
    const auto shown = one.get({.challenge = challenge, .sign_count = 3});
    for (const auto& mutant : mutants_of(
             shown, {&Assertion::id, &Assertion::client_data, &Assertion::authenticator_data, &Assertion::signature},
             engine)) {
      ++tried;
      EXPECT_FALSE(verify_assertion(mutant, known_of(one, 2), party, challenge, verified_user).ok()) << tried;
    }
  }
  EXPECT_GT(tried, 4'000U);
}

TEST(WebAuthn, C1_no_changed_registration_is_accepted_that_is_signed) {
  std::mt19937 engine{8};
  std::size_t tried = 0;
  for (const auto algorithm : algorithms) {
    const auto made = authenticator(algorithm).create({.challenge = challenge, .attests_itself = true});
    for (const auto& mutant :
         mutants_of(made, {&Registration::id, &Registration::client_data, &Registration::attestation_object}, engine)) {
      ++tried;
      EXPECT_FALSE(verify_registration(mutant, party, challenge, verified_user).ok()) << tried;
    }
  }
  EXPECT_GT(tried, 4'000U);
}

// Nobody signs a registration without attestation: what is believed of it is what was sent, never half of it.
TEST(WebAuthn, changed_registration_without_attestation_has_the_same_key_or_none) {
  std::mt19937 engine{9};
  const auto made = key().create({.challenge = challenge});
  for (const auto& mutant : mutants_of(made, {&Registration::id, &Registration::attestation_object}, engine)) {
    const auto credential = verify_registration(mutant, party, challenge, verified_user);
    if (!credential) continue;
    EXPECT_EQ(credential->id, made.id);
    EXPECT_EQ(credential->public_key, key().cose());
  }
}

TEST(WebAuthn, credential_id_has_a_length_within_bounds) {
  Bytes data = to_bytes(BytesView{crypto::sha256("auth.test")});
  data.insert(data.end(), {0x41, 0, 0, 0, 0});
  data.insert(data.end(), 16, 0);
  const auto with_id = [&](std::size_t size) {
    Bytes whole = data;
    whole.push_back(static_cast<std::uint8_t>(size >> 8U));
    whole.push_back(static_cast<std::uint8_t>(size));
    whole.insert(whole.end(), size, 1);
    testing_support::append(whole, key().cose());
    return parse_authenticator_data(whole).has_value();
  };
  EXPECT_FALSE(with_id(0));
  EXPECT_TRUE(with_id(1));
  EXPECT_TRUE(with_id(1023));
  EXPECT_FALSE(with_id(1024));
}

}  // namespace
}  // namespace cardea::webauthn
