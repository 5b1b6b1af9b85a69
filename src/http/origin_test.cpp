#include "http/origin.hpp"

#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

TEST(origin, has_one_canonical_text) {
  const std::vector<std::pair<std::string_view, std::optional<std::string>>> cases{
      {"https://a.example", "https://a.example:443"},
      {"HTTPS://A.Example:443", "https://a.example:443"},
      {"http://a.example", "http://a.example:80"},
      {"http://localhost:3000", "http://localhost:3000"},
      {"http://[::1]:8080", "http://[::1]:8080"},
      {"http://[::]:9464", "http://[::]:9464"},
      {"https://[:]", std::nullopt},
      {"https://[2001:db8::1]", "https://[2001:db8::1]:443"},
      {"https://xn--bcher-kva.example", "https://xn--bcher-kva.example:443"},
      {"null", std::nullopt},
      {"", std::nullopt},
      {"*", std::nullopt},
      {"https://", std::nullopt},
      {"https://*", std::nullopt},
      {"https://*.example", std::nullopt},
      {"https://a.example/", std::nullopt},
      {"https://a.example/x", std::nullopt},
      {"https://a.example?x", std::nullopt},
      {"https://a.example#x", std::nullopt},
      {"https://u@a.example", std::nullopt},
      {"https://u:p@a.example", std::nullopt},
      {"https://a.example:", std::nullopt},
      {"https://a.example:0", std::nullopt},
      {"https://a.example:0443", std::nullopt},
      {"https://a.example:65536", std::nullopt},
      {"https://a.example:44 3", std::nullopt},
      {"https://a.example:443:443", std::nullopt},
      {"https://[::1", std::nullopt},
      {"https://[]", std::nullopt},
      {"https://[::1]x", std::nullopt},
      {"https://a.example evil", std::nullopt},
      {" https://a.example", std::nullopt},
      {"https://b\xc3\xbc.example", std::nullopt},
      {"ftp://a.example", std::nullopt},
      {"javascript://a.example", std::nullopt},
      {"https:a.example", std::nullopt},
      {"https:///a.example", std::nullopt},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(canonical_origin(text), expected) << text;
}

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

Request post(const Fields& fields) {
  Request request{.method = Method::post};
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return request;
}

struct Case {
  Fields fields;
  bool api;   // permitted on api and classic routes
  bool page;  // permitted on pages
};

TEST(unsafe_request, is_permitted_by_its_origin) {
  const Origins origins{{"https://auth.example", "http://localhost:8080"}, {"https://app.example"}};
  const std::string_view origin = "Origin", site = "Sec-Fetch-Site", auth = "Authorization", host = "Host";
  const std::vector<Case> cases{
      {{}, true, true},
      {{{origin, "https://auth.example"}}, true, true},
      {{{origin, "https://AUTH.example:443"}}, true, true},
      {{{origin, "http://localhost:8080"}}, true, true},
      {{{origin, "http://localhost"}}, false, false},
      {{{origin, "http://auth.example"}}, false, false},
      {{{origin, "https://auth.example:8443"}}, false, false},
      {{{origin, "https://auth.example.evil.example"}}, false, false},
      {{{origin, "https://evilauth.example"}}, false, false},
      {{{origin, "https://evil.example"}}, false, false},
      {{{origin, "https://app.example"}}, true, false},
      {{{origin, "null"}}, false, false},
      {{{origin, ""}}, false, false},
      {{{origin, "https://auth.example, https://evil.example"}}, false, false},
      {{{site, "same-origin"}, {host, "auth.example"}}, true, true},
      {{{site, "none"}, {host, "auth.example"}}, true, true},
      {{{site, "same-site"}}, false, false},
      {{{site, "cross-site"}}, false, false},
      {{{site, "Same-Origin"}}, false, false},
      {{{site, ""}}, false, false},
      // A form on a page with Referrer-Policy: no-referrer.
      {{{site, "same-origin"}, {origin, "null"}, {host, "auth.example"}}, true, true},
      // A foreign Origin decides, whatever else the headers say: DNS rebinding makes a stranger's page "same-origin".
      {{{site, "same-origin"}, {origin, "http://evil.example:8080"}, {host, "evil.example:8080"}}, false, false},
      {{{site, "none"}, {origin, "https://evil.example"}, {host, "auth.example"}}, false, false},
      {{{site, "same-origin"}, {origin, ""}, {host, "auth.example"}}, false, false},
      {{{site, "same-origin"}, {origin, "null"}, {host, "evil.example:8080"}}, false, false},
      {{{site, "same-site"}, {origin, "https://auth.example"}}, true, true},
      {{{site, "cross-site"}, {origin, "https://app.example"}}, true, false},
      {{{site, "cross-site"}, {origin, "https://evil.example"}}, false, false},
      {{{site, "cross-site"}, {origin, "null"}}, false, false},
      {{{site, "cross-site"}, {auth, "Bearer x"}}, true, false},  // a page looks at the cookie, whoever else is named
      {{{origin, "https://evil.example"}, {auth, "bearer x"}}, true, false},
      {{{origin, "https://auth.example"}, {auth, "Bearer x"}}, true, true},
      {{{origin, "https://evil.example"}, {auth, "Bearer "}}, false, false},
      {{{origin, "https://evil.example"}, {auth, "Basic eDp5"}}, false, false},
      {{{origin, "https://evil.example"}, {auth, "Bearerx y"}}, false, false},
  };
  int row = 0;
  for (const Case& c : cases) {
    const Request request = post(c.fields);
    EXPECT_EQ(origins.permits(request, api_surface()), c.api) << "row " << row;
    EXPECT_EQ(origins.permits(request, lenient_surface()), c.api) << "row " << row;
    EXPECT_EQ(origins.permits(request, page_surface()), c.page) << "row " << row;
    ++row;
  }
}

TEST(unsafe_request, that_names_no_origin_must_be_addressed_to_us_unless_a_proxy_may_have_written_host) {
  const Origins origins{{"https://auth.example", "http://localhost:8080", "http://[::1]:8080"}, {}};
  const auto permits = [&](std::string_view host, Hop hop) {
    return origins.permits(post({{"Sec-Fetch-Site", "same-origin"}, {"Host", host}}), page_surface(), hop);
  };
  for (const std::string_view own : {"auth.example", "AUTH.example:443", "localhost:8080", "[::1]:8080"}) {
    EXPECT_TRUE(permits(own, Hop::direct)) << own;
  }
  for (const std::string_view other :
       {"", "localhost", "127.0.0.1:8080", "auth.example:80", "auth.example.evil.example", "evil.example",
        "evil.example/auth.example", "x@auth.example"}) {
    EXPECT_FALSE(permits(other, Hop::direct)) << other;
    EXPECT_TRUE(permits(other, Hop::by_proxy)) << other;
  }
  EXPECT_FALSE(origins.permits(post({{"Sec-Fetch-Site", "same-origin"}}), api_surface())) << "no Host at all";
}

TEST(cors, is_for_configured_origins_and_not_for_pages) {
  const Origins origins{{"https://auth.example"}, {"https://app.example", "http://localhost:5173"}};
  const auto shared = [&](const Fields& fields, const Surface& surface) {
    return std::string{origins.shared_with(post(fields), surface)};
  };
  EXPECT_EQ(shared({{"Origin", "https://app.example"}}, api_surface()), "https://app.example");
  EXPECT_EQ(shared({{"Origin", "http://localhost:5173"}}, asset_surface()), "http://localhost:5173");
  EXPECT_EQ(shared({{"Origin", "https://app.example"}}, lenient_surface()), "https://app.example");
  EXPECT_EQ(shared({{"Origin", "https://app.example"}}, page_surface()), "");
  for (const std::string_view other :
       {"https://auth.example", "https://evil.example", "null", "*", "http://app.example",
        "https://app.example.evil.example", "https://app.example:444", ""}) {
    EXPECT_EQ(shared({{"Origin", other}}, api_surface()), "") << other;
  }
  EXPECT_EQ(shared({}, api_surface()), "");
}

TEST(origins, that_cannot_be_read_stop_the_start) {
  EXPECT_THROW((Origins{{"https://auth.example/"}, {}}), std::invalid_argument);
  EXPECT_THROW((Origins{{"https://auth.example"}, {"*"}}), std::invalid_argument);
}

}  // namespace
}  // namespace cardea::http
