#pragma once
// Events on the wire, as their account sees them. Internal to account_activity.

#include <optional>
#include <string>
#include <vector>

#include "account_activity/account_activity.hpp"
#include "encoding/wire.hpp"

namespace cardea::account_activity {

struct ItemView {
  static constexpr std::string_view schema_name = "Activity";
  static constexpr std::string_view schema_example =
      R"({"id":"evt_01K2V7F3T4Q9M6W8X5Y0Z1A2B6","event":"signin.succeeded","reason":"password","subject":"",)"
      R"("at":"2026-11-23T12:00:00.000Z","last_at":null,"count":1,"by":"self","session":null,)"
      R"("user_agent":"curl/7.88.1","network":"192.0.2.0/24","unusual":true})";
  EventId id;
  std::string event;
  std::string reason;
  std::string subject;
  Time at;
  std::optional<Time> last_at;
  std::int64_t count = 1;
  By by = By::unknown;
  std::optional<SessionId> session;
  std::string user_agent;
  std::string network;
  bool unusual = false;
};
template <class D>
void describe(D& d, wire::Of<D, ItemView>& item) {
  d.required("id", item.id);
  d.required("event", item.event, {.max = wire::unlimited, .doc = "What happened: \"user.password.changed\"."});
  d.required("reason", item.reason, {.max = wire::unlimited, .doc = "How or why, as a stable code; may be empty."});
  d.required("subject", item.subject, {.max = wire::unlimited, .doc = "What else it names, as an id; may be empty."});
  d.required("at", item.at);
  d.required("last_at", item.last_at, {.doc = "When it last happened, where it happened more than once."});
  d.required("count", item.count, {.doc = "How often."});
  d.required("by", item.by,
             {.doc = "`self`; `other`, as an administrator; `unknown`, as whoever typed a wrong password."});
  d.required("session", item.session, {.doc = "In which session, where it was in one of this account."});
  d.required("user_agent", item.user_agent,
             {.max = wire::unlimited, .doc = "Of the client; empty when it is not known, or somebody else's."});
  d.required("network", item.network,
             {.max = wire::unlimited, .doc = "About where it came from: a network, or empty likewise."});
  d.required("unusual", item.unusual, {.doc = "Its owner should know it again: a new browser, a changed way in."});
}

struct ItemPage {
  static constexpr std::string_view schema_name = "ActivityPage";
  static constexpr std::string_view schema_example =
      R"({"data":[{"id":"evt_01K2V7F3T4Q9M6W8X5Y0Z1A2B6","event":"signin.succeeded","reason":"password",)"
      R"("subject":"","at":"2026-11-23T12:00:00.000Z","last_at":null,"count":1,"by":"self","session":null,)"
      R"("user_agent":"curl/7.88.1","network":"192.0.2.0/24","unusual":true}],)"
      R"("next_cursor":null,"has_more":false})";
  std::vector<ItemView> data;
  std::optional<std::string> next_cursor;
  bool has_more = false;
};
template <class D>
void describe(D& d, wire::Of<D, ItemPage>& page) {
  d.required("data", page.data, {.max = most_per_page, .doc = "The latest first."});
  d.required("next_cursor", page.next_cursor, {.doc = "Goes into `cursor` to read on."});
  d.required("has_more", page.has_more);
}

[[nodiscard]] inline ItemView view(const Item& item) {
  const bool is_other = item.by == By::other;
  return {.id = item.entry.id,
          .event = item.entry.kind,
          .reason = item.entry.reason,
          .subject = item.entry.subject,
          .at = item.entry.at,
          .last_at = item.entry.last_at,
          .count = item.entry.count,
          .by = item.by,
          .session = is_other ? std::nullopt : item.entry.session,
          .user_agent = item.user_agent,
          .network = item.network,
          .unusual = item.is_unusual};
}

}  // namespace cardea::account_activity
