#include "forward_auth/handoff.hpp"

#include <algorithm>

#include "challenge/challenge.hpp"

namespace cardea::forward_auth {
namespace {

// A browser that comes back after that long gets another one without being asked anything, while the session lives.
constexpr Duration app_lifetime = std::chrono::hours{12};
constexpr TokenType app_token{.typ = "cardea-app+jwt", .audience_path = "/forward-auth", .name_claim = "host"};
constexpr challenge::Purpose code_purpose{
    "forward_auth.code",
    {.lifetime = std::chrono::minutes{1}, .carries = challenge::Carries::link, .live = challenge::Live::any}};

std::string subject_of(const SessionId& session, std::string_view origin, std::string_view state) {
  return session.text() + '\n' + std::string{origin} + '\n' + std::string{state};
}

}  // namespace

std::optional<authn::Holder> holder_of_token(const Deps& deps, std::string_view token, const AppHost& host, Time now) {
  const auto claims = deps.authn.tokens.verify(app_token, token, now);
  // Another application may have been shown it, and would like to be somebody here.
  if (!claims || claims->name != host.origin) return std::nullopt;
  auto holder = authn::find_holder(deps.authn, claims->session, now);
  if (holder && holder->account.id != claims->subject) return std::nullopt;
  return holder;
}

Result<Secret> make_code(const Deps& deps, const Context& context, const AppHost& host, std::string_view state) {
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Secret> {
    auto issued = challenge::Challenges::of_links(deps.authn.random)
                      .issue(tx, code_purpose, subject_of(context.session(), host.origin, state), context.now);
    return std::move(issued.link).value();
  });
}

std::optional<AppToken> use_code(const Deps& deps, std::string_view code, const AppHost& host, std::string_view state,
                                 Time now) {
  std::optional<session::Session> session;
  const auto used = deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto was = TRY(challenge::Challenges::of_links(deps.authn.random).redeem_link(tx, code_purpose, code, now));
    const auto id = SessionId::parse(std::string_view{was.subject}.substr(0, was.subject.find('\n')));
    const bool is_meant = id && was.subject == subject_of(*id, host.origin, state);
    session = is_meant ? session::find(tx, *id, now) : std::nullopt;
    return done;  // used up all the same
  });
  if (!used || !session) return std::nullopt;
  const auto lifetime = std::chrono::floor<std::chrono::seconds>(std::min(app_lifetime, session->expires_at - now));
  return AppToken{.text = deps.authn.tokens.issue(app_token, {.subject = session->account,
                                                              .session = session->id,
                                                              .issued_at = now,
                                                              .expires_at = now + lifetime,
                                                              .name = host.origin}),
                  .lifetime = lifetime};
}

}  // namespace cardea::forward_auth
