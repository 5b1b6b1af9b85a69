#include "http/site.hpp"

#include <gtest/gtest.h>

namespace cardea::http {
namespace {

TEST(Site, is_scheme_and_registered_domain_whatever_the_port) {
  for (const auto& [one, other] : {std::pair{"https://auth.example.com", "https://app.example.com"},
                                   {"https://auth.example.com", "https://example.com:8443"},
                                   {"https://auth.example.com:444", "https://AUTH.example.com"},
                                   {"http://localhost:8025", "http://localhost:4100"},
                                   {"http://127.0.0.1:8025", "http://127.0.0.1:5500"},
                                   {"http://[::1]:8025", "http://[::1]:4100"},
                                   {"https://a.shop.co.uk", "https://b.shop.co.uk"},
                                   {"https://a.me.github.io", "https://b.me.github.io"}}) {
    EXPECT_EQ(site_of(one, other), Site::same) << one << " " << other;
    EXPECT_EQ(site_of(other, one), Site::same) << one << " " << other;
  }
}

TEST(Site, is_another_for_another_scheme_domain_or_address) {
  for (const auto& [one, other] : {std::pair{"https://auth.example.com", "http://app.example.com"},
                                   {"https://auth.example.com", "https://auth.example.org"},
                                   {"https://auth.example.com", "https://app-example.com"},
                                   {"https://example.com", "https://notexample.com"},
                                   {"http://localhost:8025", "http://127.0.0.1:8025"},
                                   {"http://app.localhost", "http://localhost"},
                                   {"http://10.0.0.1", "http://11.0.0.1"},
                                   {"http://intranet", "http://wiki"},
                                   {"https://auth.example.com", "null"},
                                   {"https://auth.example.com", ""}}) {
    EXPECT_EQ(site_of(one, other), Site::other) << one << " " << other;
    EXPECT_EQ(site_of(other, one), Site::other) << one << " " << other;
  }
}

TEST(Site, is_perhaps_another_below_a_domain_that_gives_names_to_strangers) {
  for (const auto& [one, other] : {std::pair{"https://auth.co.uk", "https://app.co.uk"},
                                   {"https://me.github.io", "https://you.github.io"},
                                   {"https://me.duckdns.org", "https://you.duckdns.org"},
                                   {"https://a.t.co", "https://b.t.co"}}) {
    EXPECT_EQ(site_of(one, other), Site::perhaps) << one << " " << other;
  }
}

TEST(KnownOrigin, is_the_url_and_on_this_machine_the_name_that_the_client_used) {
  const auto known = [](std::string_view host, std::string_view url) {
    Request request;
    request.headers.add("Host", host);
    return known_origin(request, url);
  };
  EXPECT_EQ(known("127.0.0.1:8025", "http://localhost:8025"), "http://127.0.0.1:8025");
  EXPECT_EQ(known("[::1]:8025", "http://localhost:8025"), "http://[::1]:8025");
  EXPECT_EQ(known("evil.example", "http://localhost:8025"), "http://localhost:8025");
  EXPECT_EQ(known("localhost/x", "http://localhost:8025"), "http://localhost:8025");
  EXPECT_EQ(known("", "http://localhost:8025"), "http://localhost:8025");
  EXPECT_EQ(known("localhost", "https://auth.example"), "https://auth.example");
}

TEST(OriginOfUrl, is_the_origin_alone) {
  EXPECT_EQ(origin_of_url("https://app.example/a?b#c"), "https://app.example:443");
  EXPECT_EQ(origin_of_url("http://localhost:4100"), "http://localhost:4100");
  for (const auto* none : {"", "about:blank", "app.example/a", "https://u@app.example/", "file:///x"}) {
    EXPECT_EQ(origin_of_url(none), "") << none;
  }
}

}  // namespace
}  // namespace cardea::http
