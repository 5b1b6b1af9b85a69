#include "identity/address_rules.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cardea::identity {
namespace {

std::string code_for(const AddressRules& rules, std::string_view address) {
  const auto problem = rules.problem_with(address);
  EXPECT_TRUE(!problem || problem->field == "email");
  return problem ? problem->code : "";
}

TEST(AddressRules, without_any_every_address_is_fine) {
  const AddressSettings none;
  EXPECT_EQ(code_for(AddressRules{none}, "ann@example.org"), "");
}

TEST(AddressRules, allowed_domains_are_exact_or_below) {
  const AddressSettings settings{.allowed = {"Example.com", ".corp.example.com", "bücher.example", ".edu"}};
  const AddressRules rules{settings};
  for (const auto* address :
       {"a@example.com", "a@a.corp.example.com", "a@a.b.corp.example.com", "a@xn--bcher-kva.example", "a@mit.edu"}) {
    EXPECT_EQ(code_for(rules, address), "") << address;
  }
  for (const auto* address : {"a@www.example.com", "a@corp.example.com", "a@notexample.com", "a@evilcorp.example.com",
                              "a@example.com.evil.org", "a@edu.org"}) {
    EXPECT_EQ(code_for(rules, address), "email_domain_not_allowed") << address;
  }
}

TEST(AddressRules, refused_domains_win) {
  const AddressSettings settings{.allowed = {".example.com"}, .refused = {"old.example.com", ".test.example.com"}};
  const AddressRules rules{settings};
  EXPECT_EQ(code_for(rules, "a@new.example.com"), "");
  EXPECT_EQ(code_for(rules, "a@old.example.com"), "email_domain_refused");
  EXPECT_EQ(code_for(rules, "a@x.old.example.com"), "");
  EXPECT_EQ(code_for(rules, "a@x.test.example.com"), "email_domain_refused");
}

TEST(AddressRules, disposable_domains_are_followed_in_their_file) {
  const auto path = std::filesystem::temp_directory_path() / ("disposable." + std::to_string(::getpid()));
  const auto write = [&path](const std::string& text) {
    const auto fresh = path.string() + ".new";
    std::ofstream{fresh} << text;
    std::filesystem::rename(fresh, path);
  };
  write("# of somewhere\nMailinator.example\r\n\n  bücher.example # comment\nno domain at all\n");
  const AddressSettings settings{.disposable_file = path};
  const AddressRules rules{settings};
  EXPECT_EQ(code_for(rules, "a@mailinator.example"), "email_disposable");
  EXPECT_EQ(code_for(rules, "a@deep.below.mailinator.example"), "email_disposable");
  EXPECT_EQ(code_for(rules, "a@xn--bcher-kva.example"), "email_disposable");
  EXPECT_EQ(code_for(rules, "a@notmailinator.example"), "");
  write("other.example\n");
  EXPECT_EQ(code_for(rules, "a@mailinator.example"), "");
  EXPECT_EQ(code_for(rules, "a@other.example"), "email_disposable");
  write("");
  EXPECT_EQ(code_for(rules, "a@other.example"), "email_disposable") << "what was known before a bad file";
  std::filesystem::remove(path);
  EXPECT_EQ(code_for(rules, "a@other.example"), "email_disposable") << "or before it went";
  EXPECT_THROW(AddressRules{settings}, std::runtime_error) << "but not from the start";
}

}  // namespace
}  // namespace cardea::identity
