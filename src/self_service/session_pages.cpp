#include <algorithm>

#include "authn/credentials.hpp"
#include "authn/credentials_answer.hpp"
#include "base/coarse_network.hpp"
#include "base/user_agent.hpp"
#include "page/client_words.hpp"
#include "page/form.hpp"
#include "self_service/self_service.hpp"

namespace cardea::self_service {
namespace {

/// "Password, authenticator app", as it was shown in the session.
std::string methods_of(const page::Words& words, const session::Session& session) {
  std::string names;
  for (const Shown& shown : session.assurance.shown) {
    const auto key = "shown." + std::string{enum_text(shown.method)};
    (names += names.empty() ? "" : ", ") += words.text(key);
  }
  return names;
}

Result<http::Response> show(const Deps& deps, const http::Call& call) {
  auto sessions = deps.authn.database.read([&](db::Tx& tx) { return session::list(tx, call.account(), call.now()); });
  const auto here = std::find_if(sessions.begin(), sessions.end(),
                                 [&](const session::Session& session) { return session.id == call.session(); });
  if (here != sessions.end()) std::rotate(sessions.begin(), here, here + 1);
  const auto words = deps.pages.words(call);
  wire::Array list;
  for (const auto& session : sessions) {
    list.emplace_back(wire::Object{{"id", session.id.text()},
                                   {"type", describe_browser(session.user_agent).type},
                                   {"device", page::browser_text(words, session.user_agent)},
                                   {"address", session.address},
                                   {"network", coarse_network(session.address)},
                                   {"methods", methods_of(words, session)},
                                   {"current", session.id == call.session()},
                                   {"bound", session.binding.has_value()},
                                   {"created", page::instant(words, session.created_at)},
                                   {"seen", page::instant(words, session.last_seen_at)}});
  }
  const auto others = std::ssize(sessions) - 1;
  return deps.pages.render(
      "account_sessions", call,
      wire::Object{{"sessions", std::move(list)},
                   {"others", others > 0 ? words.counted("account_sessions.confirm_others", others) : std::string{}}});
}

Result<http::Response> post_revoke(const Deps& deps, const http::Call& call) {
  const auto id = SessionId::parse(page::typed(call.form, "id"));
  if (!id) return not_found;
  // One that has just ended by itself is as gone as one that is ended here.
  const auto ended = account::end_session(deps.authn.account, call.context, call.account(), *id);
  if (!ended && !ended.error().is(not_found)) return ended.error();
  if (*id != call.session()) return page::redirect("/account/sessions", "account_sessions.revoked");
  auto response = page::redirect("/", "home.signed_out");
  authn::clear_cookies(response, deps.authn, call);
  return response;
}

}  // namespace

std::vector<http::Route> session_pages(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages.get("/account/sessions", Lane::quick, signed_in, [deps](const http::Call& call) { return show(deps, call); });
  pages.post("/account/sessions/revoke", Lane::quick, signed_in,
             [deps](const http::Call& call) { return post_revoke(deps, call); });
  pages.post("/account/sessions/revoke-others", Lane::quick, signed_in,
             [deps](const http::Call& call) -> Result<http::Response> {
               TRY(account::end_other_sessions(deps.authn.account, call.context));
               return page::redirect("/account/sessions", "account_sessions.revoked_others");
             });
  return routes;
}

}  // namespace cardea::self_service
