#include "account_activity/account_activity_wire.hpp"
#include "authn/credentials_answer.hpp"
#include "http/problem.hpp"

namespace cardea::account_activity {

struct Query {
  std::int64_t limit = 50;
  std::optional<std::string> cursor;
};
template <class D>
void describe(D& d, wire::Of<D, Query>& query) {
  d.optional("limit", query.limit, {.min = 1, .max = most_per_page, .doc = "Events in one page."});
  d.optional("cursor", query.cursor, {.max = 100, .doc = "`next_cursor` of the page before."});
}

namespace {

constexpr http::Tag tag{"Activity", "What happened to the account of the caller."};

Result<std::optional<EventId>> place_in(const Query& query) {
  if (!query.cursor) return std::optional<EventId>{};
  const auto id = EventId::parse(*query.cursor);
  if (!id) {
    return Error{validation_failed,
                 std::vector{FieldError{"cursor", "cursor_invalid", "Use the next_cursor of a page as it is."}}};
  }
  return id;
}

Result<http::Response> get_page(const Deps& deps, const http::Call& call) {
  const auto query = TRY(call.query<Query>());
  const auto before = TRY(place_in(query));
  // One more than asked for tells whether there is more.
  const auto items = deps.authn.database.read([&](db::Tx& tx) {
    return list(tx, deps.authn.trail.keys(), call.account(), before, call.now(), query.limit + 1);
  });
  ItemPage page{.has_more = std::ssize(items) > query.limit};
  for (const auto& item : items) {
    if (std::ssize(page.data) < query.limit) page.data.push_back(view(item));
  }
  if (page.has_more) page.next_cursor = page.data.back().id.text();
  return http::json(page);
}

Result<http::Response> post_secure(const Deps& deps, const http::Call& call) {
  TRY(secure(deps.authn, call.context));
  auto response = http::no_content();
  authn::clear_cookies(response, deps.authn, call);
  return response;
}

}  // namespace

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.get("/v1/activity", Lane::quick, signed_in, [deps](const http::Call& call) { return get_page(deps, call); },
          {.summary = "What happened to the caller's account in the last 90 days, the latest first, in pages.",
           .response = &wire::schema<ItemPage>,
           .errors = {&validation_failed}})
      .query = &http::query_of<Query>();
  api.post("/v1/activity/secure", Lane::quick, signed_in,
           [deps](const http::Call& call) { return post_secure(deps, call); },
           {.summary = "Something there was not the caller: end every session of theirs, this one too, and know no "
                       "browser any more. Then have them sign in and choose a new password, or ask for a link to set "
                       "one.",
            .status = 204});
  return routes;
}

}  // namespace cardea::account_activity
