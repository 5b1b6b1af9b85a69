#include "account_activity/account_activity.hpp"
#include "authn/credentials_answer.hpp"
#include "page/client_words.hpp"
#include "page/form.hpp"

namespace cardea::account_activity {

// Where the list goes on.
struct PageQuery {
  std::optional<EventId> before;
};
template <class D>
void describe(D& d, wire::Of<D, PageQuery>& query) {
  d.optional("before", query.before);
}

namespace {

constexpr std::int64_t page_size = 20;

/// "A new password was set", or the name of what has no words.
std::string sentence_of(const page::Words& words, const Item& item) {
  const auto key = "event." + item.entry.kind;
  return std::string{words.has(key) ? words.text(key) : item.entry.kind};
}

wire::Object row_of(const page::Words& words, const Item& item) {
  const auto& entry = item.entry;
  return {{"event", sentence_of(words, item)},
          {"times", entry.count > 1 ? words.counted("activity.times", entry.count) : std::string{}},
          {"at", page::instant(words, entry.last_at.value_or(entry.at))},
          {"browser", item.user_agent.empty() ? std::string{} : page::browser_text(words, item.user_agent)},
          {"network", item.network},
          {"by_other", item.by == By::other},
          {"unusual", item.is_unusual}};
}

Result<http::Response> show(const Deps& deps, const http::Call& call) {
  const auto query = call.query<PageQuery>();
  const auto before = query ? query->before : std::nullopt;  // what is no id names no page
  const auto items = deps.authn.database.read(
      [&](db::Tx& tx) { return list(tx, deps.authn.trail.keys(), call.account(), before, call.now(), page_size + 1); });
  const auto words = deps.pages.words(call);
  wire::Array rows;
  for (const auto& item : items) {
    if (std::ssize(rows) < page_size) rows.emplace_back(row_of(words, item));
  }
  const bool more = std::ssize(items) > page_size;
  const auto older = more ? "/activity?before=" + items[page_size - 1].entry.id.text() : std::string{};
  return deps.pages.render("activity", call,
                           wire::Object{{"events", std::move(rows)},
                                        {"is_paged", before || more},
                                        {"newest", before ? "/activity" : ""},
                                        {"older", older}});
}

Result<http::Response> post_secure(const Deps& deps, const http::Call& call) {
  TRY(secure(deps.authn, call.context));
  auto response = page::redirect("/activity/secured");
  authn::clear_cookies(response, deps.authn, call);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages.get("/activity", Lane::quick, signed_in, [deps](const http::Call& call) { return show(deps, call); }).query =
      &http::query_of<PageQuery>();
  pages.get("/activity/secure", Lane::quick, signed_in, [deps](const http::Call& call) -> Result<http::Response> {
    return page::render_form(deps.pages, call, {.page = "activity_secure"});
  });
  pages.post("/activity/secure", Lane::quick, signed_in,
             [deps](const http::Call& call) { return post_secure(deps, call); });
  // Of nobody: whoever comes here has no session any more.
  pages.get("/activity/secured", Lane::quick, if_signed_in, [deps](const http::Call& call) -> Result<http::Response> {
    return deps.pages.render("activity_secured", call, wire::Object{{"can_recover", deps.can_recover}});
  });
  return routes;
}

}  // namespace cardea::account_activity
