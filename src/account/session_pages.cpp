#include <algorithm>

#include "account/account.hpp"
#include "account/user_agent.hpp"
#include "page/form.hpp"

namespace cardea::account {
namespace {

Result<http::Response> show(const Deps& deps, const http::Call& call) {
  auto sessions = deps.authn.database.read([&](db::Tx& tx) { return session::list(tx, call.who().account, call.now); });
  const auto here = std::find_if(sessions.begin(), sessions.end(),
                                 [&](const session::Session& session) { return session.id == call.who().session; });
  if (here != sessions.end()) std::rotate(sessions.begin(), here, here + 1);
  wire::Array list;
  for (const auto& session : sessions) {
    const auto browser = describe_browser(session.user_agent);
    list.emplace_back(wire::Object{{"id", session.id.text()},
                                   {"type", browser.type},
                                   {"device", browser.name},
                                   {"address", session.address},
                                   {"current", session.id == call.who().session},
                                   {"created", page::instant(session.created_at)},
                                   {"seen", page::instant(session.last_seen_at)}});
  }
  const auto others = std::ssize(sessions) - 1;
  return deps.pages.render("account_sessions", call,
                           wire::Object{{"sessions", std::move(list)},
                                        {"others", others > 0 ? wire::Value{others} : wire::Value{false}},
                                        {"one_other", others == 1}});
}

Result<http::Response> post_revoke(const Deps& deps, const http::Call& call) {
  const auto id = SessionId::parse(page::typed(call.form, "id"));
  if (!id) return not_found;
  // One that has just ended by itself is as gone as one that is ended here.
  (void)revoke(deps.authn, call, *id);
  if (*id != call.who().session) return page::redirect("/account/sessions", "account_sessions.revoked");
  auto response = page::redirect("/", "home.signed_out");
  authn::clear_cookies(response, deps.authn);
  return response;
}

}  // namespace

std::vector<http::Route> session_pages(const Deps& deps) {
  using http::Access;
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{http::Style::page, routes};
  pages.get("/account/sessions", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return show(deps, call); });
  pages.post("/account/sessions/revoke", Lane::quick, Access::signed_in,
             [deps](const http::Call& call) { return post_revoke(deps, call); });
  pages.post("/account/sessions/revoke-others", Lane::quick, Access::signed_in,
             [deps](const http::Call& call) -> Result<http::Response> {
               revoke_others(deps.authn, call);
               return page::redirect("/account/sessions", "account_sessions.revoked_others");
             });
  return routes;
}

}  // namespace cardea::account
