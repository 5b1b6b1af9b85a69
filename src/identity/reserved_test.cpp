#include "identity/reserved.hpp"

#include <gtest/gtest.h>

namespace cardea::identity {
namespace {

TEST(ReservedUserId, is_a_name_that_others_would_take_for_the_operator) {
  for (const char* uid : {"admin", "root", "support", "me", "null", "postmaster"})
    EXPECT_TRUE(is_reserved(uid, {})) << uid;
}

TEST(ReservedUserId, is_every_spelling_that_looks_the_same) {
  for (const char* uid : {"Admin", "ADMIN", "adm1n", "admln", "аdmin", "ad.min", "_admin_", "ad-min", "r00t", "rооt",
                          "supp0rt", "no-reply", "No_Reply", "adrnin"}) {
    EXPECT_TRUE(is_reserved(uid, {})) << uid;
  }
}

TEST(ReservedUserId, is_punctuation_alone_and_the_form_of_our_ids) {
  for (const char* uid : {"..", "--", "._-", "usr_01KAT3W7XH3V4A5RD3RNZTT0SB", "ses_01kat3w7xh3v4a5rd3rnztt0sb"}) {
    EXPECT_TRUE(is_reserved(uid, {})) << uid;
  }
}

TEST(ReservedUserId, is_none_that_only_holds_such_a_name) {
  for (const char* uid : {"ann", "badminton", "rooty", "supporter", "meg", "administrator2", "usr_ann", "ola.nordmann",
                          "李小龙", "иван"}) {
    EXPECT_FALSE(is_reserved(uid, {})) << uid;
  }
}

TEST(ReservedUserId, is_also_one_that_the_settings_name) {
  EXPECT_FALSE(is_reserved("acme", {}));
  EXPECT_TRUE(is_reserved("ACME", {"acme"}));
  EXPECT_TRUE(is_reserved("a.c.m.e", {"acme"}));
}

}  // namespace
}  // namespace cardea::identity
