#include "db/postgres_notice.hpp"

#include <gtest/gtest.h>

namespace cardea::db::postgres {
namespace {

TEST(PostgresNotice, announcements_come_back_as_they_were) {
  const std::vector<Announcement> all{{.topic = "session", .subject = {0, 1, 255}},
                                      {.topic = "keys", .subject = {}},
                                      {.topic = "session", .subject = to_bytes(std::string_view{"a b:c"})}};
  const auto payloads = to_payloads("me", all);
  ASSERT_EQ(payloads.size(), 1U);
  const auto notice = parse_payload(payloads[0]);
  ASSERT_TRUE(notice);
  EXPECT_EQ(notice->origin, "me");
  EXPECT_EQ(notice->announcements, all);
}

TEST(PostgresNotice, no_payload_is_longer_than_notify_takes) {
  const std::vector<Announcement> all(5000, {.topic = std::string(40, 't'), .subject = Bytes(max_subject_size, 7)});
  std::size_t count = 0;
  for (const auto& payload : to_payloads("me", all)) {
    EXPECT_LT(payload.size(), 8000U);
    const auto notice = parse_payload(payload);
    ASSERT_TRUE(notice);
    count += notice->announcements.size();
  }
  EXPECT_EQ(count, all.size());
}

TEST(PostgresNotice, nothing_announced_is_no_payload) { EXPECT_TRUE(to_payloads("me", {}).empty()); }

TEST(PostgresNotice, what_is_not_ours_is_refused) {
  for (const std::string_view text :
       {"", " ", "me", "me ", " a:00", "me a", "me :00", "me a:0", "me a:0g", "me a:AA", "me a:00 ", "me a:00  b:00"}) {
    EXPECT_FALSE(parse_payload(text)) << text;
  }
}

}  // namespace
}  // namespace cardea::db::postgres
