#include "token/compact.hpp"
#include "token/token_fixture.hpp"

namespace cardea::token {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::seconds;

class Token : public TokenTest {};

TEST_F(Token, issued_token_gives_its_claims_back) {
  const auto verified = tokens.verify(access_token, access(), noon);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->subject, claims().subject);
  EXPECT_EQ(verified->session, claims().session);
  EXPECT_EQ(verified->issued_at, claims().issued_at);
  EXPECT_EQ(verified->expires_at, claims().expires_at);
  EXPECT_EQ(verified->name, "");
}

TEST_F(Token, classic_token_carries_the_user_id) {
  auto wanted = claims();
  wanted.name = "Ann \"the\" <Äöü>";
  const auto verified = tokens.verify(named_token, tokens.issue(named_token, wanted), noon);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->name, wanted.name);
}

TEST_F(Token, honest_forgery_helper_is_accepted) {  // or the refusals below would prove nothing
  EXPECT_TRUE(accepts(signed_by_us(header(), payload())));
}

TEST_F(Token, two_tokens_of_the_same_claims_differ) { EXPECT_NE(access(), access()); }

TEST_F(Token, one_kind_is_never_accepted_as_the_other) {
  auto wanted = claims();
  wanted.name = "ann";
  EXPECT_EQ(refusal(access(), noon, named_token), "typ");
  EXPECT_EQ(refusal(tokens.issue(named_token, wanted), noon, access_token), "typ");
  // Nor when the header alone is swapped by someone who can sign.
  EXPECT_EQ(refusal(signed_by_us(with(header(), "typ", "JWT"), payload()), noon, named_token), "aud");
}

TEST_F(Token, type_is_compared_exactly) {
  for (const auto* typ : {"AT+JWT", "application/at+jwt", "at+jwt ", "", "jwt", "logout+jwt"}) {
    EXPECT_EQ(refusal(signed_by_us(with(header(), "typ", typ), payload())), "typ") << typ;
  }
}

TEST_F(Token, token_ends_exactly_at_its_expiry) {
  const auto end = claims().expires_at;
  EXPECT_TRUE(accepts(access(), end - microseconds{1}));
  EXPECT_EQ(refusal(access(), end), "exp");
}

TEST_F(Token, issue_time_may_lie_a_minute_ahead_and_no_more) {
  EXPECT_TRUE(accepts(access(), noon - seconds{60}));
  EXPECT_EQ(refusal(access(), noon - seconds{61}), "iat");
}

TEST_F(Token, expiry_before_issue_is_refused) {
  const auto body = with(payload(), "iat", to_seconds(noon) + 30);
  EXPECT_EQ(refusal(signed_by_us(header(), with(body, "exp", to_seconds(noon) + 30))), "exp");
  EXPECT_EQ(refusal(signed_by_us(header(), with(body, "exp", to_seconds(noon) + 10))), "exp");
}

TEST_F(Token, every_claim_is_required) {
  for (const auto* name :
       {"iss", "aud", "sub", "sid", "iat", "exp", "jti", "client_id", "scope", "amr", "acr", "auth_time"}) {
    EXPECT_EQ(refusal(signed_by_us(header(), without(payload(), name))), name);
  }
}

TEST_F(Token, claim_of_another_type_is_refused) {
  for (const auto* name : {"iss", "aud", "sub", "sid", "jti", "client_id", "scope"}) {
    for (const wire::Value& value : {wire::Value{1}, wire::Value{nullptr}, wire::Value{true}, wire::Value{""}}) {
      EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), name, value))), name);
    }
  }
  const wire::Value texts[] = {"1800000000", nullptr, true, 1'800'000'100.5, -1, INT64_MAX, INT64_MIN};
  for (const auto* name : {"iat", "exp"}) {
    for (const auto& value : texts) EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), name, value))), name);
  }
}

TEST_F(Token, says_how_and_when_its_subject_signed_in) {
  auto wanted = claims();
  wanted.assurance.add(AuthMethod::password, noon - seconds{90});
  wanted.assurance.add(AuthMethod::totp, noon - seconds{30});
  const auto jwt = tokens.issue(access_token, wanted);
  const auto body = encoding::parse_base64url(split(jwt)->payload).value();
  const auto told = wire::parse(as_text(body)).value();
  EXPECT_EQ(*told.find("amr"), (wire::Array{"pwd", "otp", "mfa"}));
  EXPECT_EQ(*told.find("acr"), wire::Value{"aal2"});
  EXPECT_EQ(*told.find("auth_time"), wire::Value{to_seconds(noon)});  // the later of password's noon and the code
}

TEST_F(Token, damaged_assurance_is_refused) {
  for (const wire::Value& amr : {wire::Value{wire::Array{}}, wire::Value{wire::Array{1}}, wire::Value{"pwd"}}) {
    EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "amr", amr))), "amr");
  }
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "acr", "aal3"))), "acr");
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "auth_time", to_seconds(noon) + 1))), "auth_time");
}

TEST_F(Token, issuer_and_audience_are_compared_exactly) {
  const auto others = {"https://auth.example.org/", "https://auth.example.org.evil.test", "http://auth.example.org",
                       "HTTPS://auth.example.org", "https://auth.example.org/api"};
  for (const auto* name : {"iss", "aud"}) {
    for (const auto* other : others) EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), name, other))), name);
  }
}

TEST_F(Token, audience_in_a_list_is_refused) {
  const auto body = wire::to_json(without(payload(), "aud"));
  const auto listed = body.substr(0, body.size() - 1) + R"(,"aud":[")" + issuer + R"("]})";
  EXPECT_EQ(refusal(signed_by_us(wire::to_json(header()), listed)), "aud");
}

TEST_F(Token, token_for_another_service_is_refused_here) {
  auto wanted = claims();
  wanted.audience = "https://api.example.com";
  const auto jwt = tokens.issue(access_token, wanted);
  const auto told = wire::parse(as_text(encoding::parse_base64url(split(jwt)->payload).value())).value();
  EXPECT_EQ(*told.find("aud"), wire::Value{"https://api.example.com"});
  EXPECT_EQ(refusal(jwt), "aud");
}

TEST_F(Token, client_and_scope_are_those_of_its_type) {
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "client_id", "cli_other"))), "client_id");
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "scope", "api admin"))), "scope");
}

TEST_F(Token, claims_of_the_profile_may_be_there_and_are_told_to_others) {
  auto wanted = claims();
  wanted.profile = {{"uid", "ann"}, {"level", 7}};
  const auto jwt = tokens.issue(access_token, wanted);
  EXPECT_TRUE(accepts(jwt));
  const auto told = wire::parse(as_text(encoding::parse_base64url(split(jwt)->payload).value())).value();
  EXPECT_EQ(*told.find("uid"), wire::Value{"ann"});
  EXPECT_EQ(*told.find("level"), wire::Value{7});
  for (const wire::Value& odd : {wire::Value{nullptr}, wire::Value{wire::Array{"ann"}}, wire::Value{wire::Object{}}}) {
    EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "uid", odd))), "unknown claim");
  }
  const auto body = with(with(named_payload(), "_uid", "ann"), "uid", "ann");
  EXPECT_EQ(refusal(signed_by_us(with(header(), "typ", "JWT"), body), noon, named_token), "unknown claim");
}

TEST(Audiences, are_compared_as_they_are_written) {
  const Settings settings{.audiences = {"https://a.example", "https://api.example.com"}};
  EXPECT_TRUE(is_audience(settings, "https://api.example.com"));
  for (const char* near : {"https://api.example.com/", "https://API.example.com", "https://api.example.co", ""}) {
    EXPECT_FALSE(is_audience(settings, near)) << near;
  }
  EXPECT_FALSE(is_audience({}, ""));
}

TEST_F(Token, subject_and_session_must_be_ids_of_their_kind) {
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "sub", claims().session.text()))), "sub");
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "sid", claims().subject.text()))), "sid");
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "sub", "admin"))), "sub");
}

TEST_F(Token, unknown_claim_is_refused) {
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "admin", true))), "unknown claim");
  EXPECT_EQ(refusal(signed_by_us(header(), with(payload(), "_uid", "ann"))), "unknown claim");
}

TEST_F(Token, classic_token_without_user_id_is_refused) {
  const auto body = named_payload();
  const auto head = with(header(), "typ", "JWT");
  EXPECT_EQ(refusal(signed_by_us(head, body), noon, named_token), "_uid");
  EXPECT_TRUE(accepts(signed_by_us(head, with(body, "_uid", "ann")), noon, named_token));
}

TEST_F(Token, token_of_another_server_is_refused) {
  const Tokens others{keys, "https://other.example.org", random};
  EXPECT_EQ(refusal(others.issue(access_token, claims())), "iss");
}

TEST_F(Token, old_token_is_good_while_its_key_is_published_and_not_after) {
  auto wanted = claims();
  wanted.expires_at = noon + hours{24 * 365};
  const auto old = tokens.issue(access_token, wanted);
  const auto old_kid = keys.signer().kid;
  const auto successor_signs = noon + hours{24 * 90};
  (void)keys.rotate(successor_signs - hours{24});
  (void)keys.rotate(successor_signs);
  ASSERT_NE(keys.signer().kid, old_kid);
  EXPECT_TRUE(accepts(old, successor_signs));
  EXPECT_TRUE(accepts(tokens.issue(access_token, wanted), successor_signs));
  (void)keys.rotate(successor_signs + hours{24} - seconds{1});
  EXPECT_TRUE(accepts(old, successor_signs));
  (void)keys.rotate(successor_signs + hours{24});
  EXPECT_EQ(refusal(old, successor_signs), "kid");
}

class EveryAlgorithm : public TokenTest, public ::testing::WithParamInterface<const char*> {
 protected:
  EveryAlgorithm() : TokenTest(GetParam()) {}
};

TEST_P(EveryAlgorithm, token_is_issued_and_verified) {
  EXPECT_TRUE(accepts(access()));
  EXPECT_EQ(keys.signer().key->algorithm(), crypto::parse_algorithm(GetParam()));
}

TEST_P(EveryAlgorithm, no_other_algorithm_is_accepted_for_the_key) {
  for (const auto* other : {"ES256", "EdDSA", "RS256", "HS256", "PS256", "ES384", "RS512", "none", ""}) {
    const bool is_own = std::string_view{other} == GetParam();
    EXPECT_EQ(refusal(signed_by_us(with(header(), "alg", other), payload())), is_own ? "accepted" : "alg") << other;
  }
}

TEST_P(EveryAlgorithm, no_character_can_be_changed) {
  const auto jwt = access();
  std::vector<std::string> accepted;
  for (std::size_t i = 0; i < jwt.size(); ++i) {
    auto changed = jwt;
    changed[i] = jwt[i] == 'A' ? 'B' : 'A';
    if (accepts(changed)) accepted.push_back(changed);
  }
  EXPECT_TRUE(accepted.empty());
}

INSTANTIATE_TEST_SUITE_P(algorithms, EveryAlgorithm, ::testing::Values("ES256", "EdDSA", "RS256"),
                         [](const auto& info) { return std::string{info.param}; });

}  // namespace
}  // namespace cardea::token
