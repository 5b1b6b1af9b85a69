#include "authn/proof.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cardea::authn {
namespace {

const Time noon = from_micros(1'795'435'200'000'000);

bool same(const std::vector<Evidence>& a, const std::vector<Evidence>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Evidence& left, const Evidence& right) {
    return left.method == right.method && left.at == right.at && left.detail == right.detail;
  });
}

TEST(Evidence, stored_form_is_what_the_table_holds) {
  EXPECT_EQ(to_text(std::vector<Evidence>{}), "");
  EXPECT_EQ(to_text({Evidence{.method = AuthMethod::password, .at = noon, .detail = "3"},
                     Evidence{.method = AuthMethod::totp, .at = noon + std::chrono::seconds{60}}}),
            "password 1795435200000000 3;totp 1795435260000000 ");
}

TEST(Evidence, every_method_comes_back_as_it_went) {
  std::vector<Evidence> all;
  for (const auto& text : enum_texts(AuthMethod{})) {
    all.push_back({.method = text.value, .at = noon + std::chrono::microseconds{all.size()}, .detail = "a-Z_09"});
    all.push_back({.method = text.value, .at = Time{}});
    EXPECT_TRUE(same(parse_evidence(to_text(all)), all));
  }
  EXPECT_TRUE(parse_evidence("").empty());
}

TEST(Evidence, damaged_text_throws) {
  for (const char* text :
       {";", "password", "password ", "password 1", "password x 3", "password  3", "passwort 1 3", " 1 3",
        "password 1 3 4", "password 1 3;", ";password 1 3", "password 1 3;totp", "password 1 3,totp 2 ", "PASSWORD 1 3",
        "password 99999999999999999999 3", "password 1.5 3", "password 1e3 3"}) {
    EXPECT_THROW(static_cast<void>(parse_evidence(text)), std::runtime_error) << '"' << text << '"';
  }
}

TEST(Evidence, assurance_has_the_latest_proof_of_each_method) {
  const Time later = noon + std::chrono::minutes{1};
  const auto assurance = assurance_of({Evidence{.method = AuthMethod::password, .at = noon, .detail = "3"},
                                       Evidence{.method = AuthMethod::totp, .at = later},
                                       Evidence{.method = AuthMethod::totp, .at = noon}});
  EXPECT_EQ(assurance, (Assurance{.shown = {{AuthMethod::password, noon}, {AuthMethod::totp, later}}}));
}

}  // namespace
}  // namespace cardea::authn
