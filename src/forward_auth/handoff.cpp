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

// Codes are links here, and those are not hashed under a key.
challenge::Challenges challenges_of(const Deps& deps) { return {Secret{}, deps.authn.random}; }

std::string subject_of(const SessionId& session, std::string_view origin, std::string_view state) {
  return session.text() + '\n' + std::string{origin} + '\n' + std::string{state};
}

}  // namespace

std::optional<Person> find_person(const Deps& deps, const SessionId& session, Time now) {
  std::optional<identity::Account> account;
  const auto live = deps.authn.database.read([&](db::Tx& tx) {
    auto found = session::find(tx, session, now);
    account = found ? identity::find(tx, found->account) : std::nullopt;
    return found;
  });
  if (!live || !account || account->status != identity::Status::active) return std::nullopt;
  if (session::wants_touch(*live, now)) (void)deps.authn.touches.touched(*live, now);
  return Person{.account = *std::move(account), .session = session};
}

std::optional<Person> person_of_token(const Deps& deps, std::string_view token, const AppHost& host, Time now) {
  const auto claims = deps.authn.tokens.verify(app_token, token, now);
  // Another application may have been shown it, and would like to be somebody here.
  if (!claims || claims->name != host.origin) return std::nullopt;
  auto person = find_person(deps, claims->session, now);
  if (person && person->account.id != claims->subject) return std::nullopt;
  return person;
}

Result<Secret> make_code(const Deps& deps, const Context& context, const AppHost& host, std::string_view state) {
  return session::write_for(deps.authn.database, context, [&](db::Tx& tx) -> Result<Secret> {
    auto issued =
        challenges_of(deps).issue(tx, code_purpose, subject_of(context.session(), host.origin, state), context.now);
    return std::move(issued.link).value();
  });
}

std::optional<AppToken> use_code(const Deps& deps, std::string_view code, const AppHost& host, std::string_view state,
                                 Time now) {
  std::optional<session::Session> session;
  const auto used = deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto was = TRY(challenges_of(deps).redeem_link(tx, code_purpose, code, now));
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
