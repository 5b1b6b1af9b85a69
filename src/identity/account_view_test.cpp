#include "identity/account_view.hpp"

#include <gtest/gtest.h>

namespace cardea::identity {
namespace {

Account ann() {
  return {.uid = "ann",
          .name = "Ann",
          .email = "ann@example.org",
          .role = Role::admin,
          .profile = {{"dob", "1999-01-02"}, {"coins", std::int64_t{3}}}};
}

std::string json(const Account& account, Viewer viewer) { return wire::write(view(account, Settings{}, viewer)); }

TEST(AccountView, everyone_sees_what_is_public_in_a_fixed_order) {
  EXPECT_EQ(json(ann(), Viewer::everyone), R"({"id":"usr_00000000000000000000000000","uid":"ann","name":"Ann",)"
                                           R"("tracking":null,"exercise":null,"coins":3})");
}

TEST(AccountView, owner_sees_the_rest_before_the_profile) {
  EXPECT_EQ(json(ann(), Viewer::self),
            R"({"id":"usr_00000000000000000000000000","uid":"ann","name":"Ann","email":"ann@example.org",)"
            R"("email_verified":false,"status":"active","role":"admin","created_at":"1970-01-01T00:00:00.000Z",)"
            R"("updated_at":"1970-01-01T00:00:00.000Z","dob":"1999-01-02","tracking":null,"exercise":null,"coins":3})");
}

TEST(AccountView, missing_address_is_null_for_the_owner_and_absent_for_others) {
  const Account account{.name = "Ann", .status = Status::disabled};
  EXPECT_TRUE(json(account, Viewer::self)
                  .find(R"("uid":null,"name":"Ann","email":null,"email_verified":false,"status":"disabled",)"
                        R"("role":"user")") != std::string::npos);
  EXPECT_EQ(json(account, Viewer::everyone).find("email"), std::string::npos);
}

TEST(AccountView, owner_sees_an_address_that_waits_and_others_do_not) {
  Account account = ann();
  account.pending_email = "new@example.org";
  account.email_verified_at = Time{};
  EXPECT_NE(json(account, Viewer::self).find(R"("email_verified":true,"pending_email":"new@example.org")"),
            std::string::npos);
  EXPECT_EQ(json(account, Viewer::everyone).find("example.org"), std::string::npos);
}

TEST(AccountView, schema_names_what_may_be_missing) {
  const auto schema = wire::schema<AccountView>();
  EXPECT_EQ(wire::to_json(*schema.find("$ref")), R"("#/$defs/Account")");
  const auto* account = schema.find("$defs")->find("Account");
  EXPECT_EQ(wire::to_json(*account->find("required")), R"(["id","uid","name"])");
  EXPECT_EQ(wire::to_json(*account->find("properties")->find("role")),
            R"({"type":"string","enum":["owner","admin","support","auditor","user"],)"
            R"("description":"Only for the account itself and administrators."})");
  EXPECT_TRUE(account->find("additionalProperties")->is<wire::Object>());
}

}  // namespace
}  // namespace cardea::identity
