#include "http/authorization.hpp"

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

std::optional<std::string> read(std::string_view value) {
  Headers headers;
  headers.add("authorization", value);
  const auto token = bearer_token(headers);
  return token ? std::optional{std::string{*token}} : std::nullopt;
}

TEST(bearer_token, is_read_whatever_the_case_and_the_spaces) {
  for (const auto* value : {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR  abc", "Bearer \tabc", " Bearer abc "}) {
    EXPECT_EQ(read(value), "abc") << value;
  }
  EXPECT_EQ(read("Bearer a b"), "a b") << "which is no token, and no other scheme";
}

TEST(bearer_token, is_there_and_empty_when_the_scheme_stands_alone) {
  for (const auto* value : {"Bearer", "bearer", "Bearer ", "Bearer \t"}) EXPECT_EQ(read(value), "") << value;
}

TEST(bearer_token, is_absent_with_any_other_scheme) {
  for (const auto* value : {"", " ", "Basic YW5uOng=", "Digest a=b", "Negotiate abc", "DPoP abc", "Token abc",
                            "Bearer,a", "Bearerabc", "Bearer:abc", "XBearer abc", "abc"}) {
    EXPECT_EQ(read(value), std::nullopt) << value;
  }
  EXPECT_EQ(bearer_token(Headers{}), std::nullopt);
}

using OtherScheme = PipelineTest;

/// What a browser, a gateway or a tool sends on its own account.
constexpr std::array foreign_schemes{"Basic YW5uOng=", "Digest a=b", "Negotiate abc", "Bearerx abc", ""};

TEST_F(OtherScheme, passes_no_cross_site_check) {
  for (const Surface* surface : {&api_surface(), &lenient_surface(), &page_surface()}) {
    const auto pipeline = make({route(Method::post, "/x", *surface, says("{}"))});
    for (const auto* scheme : foreign_schemes) {
      const Request foreign = request(Method::post, "/x",
                                      {{"Authorization", scheme},
                                       {"Cookie", "s=fresh"},
                                       {"Origin", "https://evil.example"},
                                       {"Sec-Fetch-Site", "cross-site"}});
      EXPECT_EQ(respond(*pipeline, foreign, noon).status, 403) << surface->name << " " << scheme;
      for (const auto* empty : {"Bearer", "Bearer "}) {
        Request none = foreign;
        none.headers.set("Authorization", empty);
        EXPECT_EQ(respond(*pipeline, none, noon).status, 403) << "a scheme without a token shows nothing";
      }
    }
  }
}

TEST_F(OtherScheme, leaves_the_cookie_to_count) {
  const auto pipeline = make({route(Method::post, "/x", api_surface(), says("{}"), signed_in)});
  for (const auto* scheme : foreign_schemes) {
    const Request own = request(Method::post, "/x",
                                {{"Authorization", scheme},
                                 {"Cookie", "s=fresh"},
                                 {"Sec-Fetch-Site", "same-origin"},
                                 {"Host", "auth.example"}});
    EXPECT_EQ(respond(*pipeline, own, noon).status, 200) << scheme;
  }
}

TEST_F(OtherScheme, cannot_be_hidden_before_a_second_header) {
  const auto pipeline = make({route(Method::post, "/x", api_surface(), says("{}"), if_signed_in)});
  for (const auto* first : foreign_schemes) {
    const Request both = request(Method::post, "/x",
                                 {{"Authorization", first},
                                  {"authorization", "Bearer junk"},
                                  {"Cookie", "s=fresh"},
                                  {"Origin", "https://evil.example"}});
    EXPECT_EQ(code(respond(*pipeline, both, noon)), "malformed_request") << first;
  }
}

}  // namespace
}  // namespace cardea::http
