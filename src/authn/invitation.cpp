#include "authn/invitation.hpp"

#include "crypto/system_random.hpp"
#include "encoding/unicode.hpp"
#include "http/problem.hpp"

namespace cardea::authn {
namespace {

/// The operator of the machine: no account acts, and everything is permitted.
bool is_operator(const Context& context) {
  return context.principal && !context.principal->account && context.may(account::owners_manage);
}

/// "admin ann@example.org", "user".
std::string to_subject(const Invitation& invitation) {
  std::string subject{enum_text(invitation.role)};
  if (invitation.email) subject.append(" ").append(*invitation.email);
  return subject;
}

Result<Invitation> from_subject(std::string_view subject) {
  const auto space = subject.find(' ');
  const auto role = parse_enum<Role>(subject.substr(0, space));
  if (!role) return invitation_not_valid;
  Invitation invitation{.role = *role};
  if (space != std::string_view::npos) invitation.email = subject.substr(space + 1);
  return invitation;
}

Error wrong_address(std::string code, std::string detail) {
  return Error{validation_failed, std::vector<FieldError>{{"email", std::move(code), std::move(detail)}}};
}

}  // namespace

Result<challenge::Issued> invite(const account::Deps& deps, identity::SignupMode mode, const Context& context,
                                 const Invitation& invitation, Duration lifetime) {
  if (!is_operator(context)) return http::forbidden;
  if (mode == identity::SignupMode::closed) return signup_closed;
  Invitation wanted = invitation;
  if (wanted.email) {
    wanted.email = unicode::email(*wanted.email);
    if (!wanted.email) return wrong_address("email_invalid", "Enter an address like name@example.com.");
  }
  crypto::SystemRandom random;
  const auto challenges = challenge::Challenges::of_links(random);
  return deps.database.write([&](db::Tx& tx) -> Result<challenge::Issued> {
    if (wanted.email && identity::find_by_identifier(tx, *wanted.email)) {
      return wrong_address("email_taken", "An account has this address.");
    }
    auto issued = challenges.issue(tx, invitation_link, to_subject(wanted), context.now, lifetime);
    deps.trail.record(tx, context, {.kind = invitation_issued, .reason = "command", .subject = enum_text(wanted.role)});
    return issued;
  });
}

std::string address_of_invitation(std::string_view url, const Secret& token) {
  return std::string{url} + "/invite?link=" + std::string{token.reveal()};
}

Result<Done> may_sign_up(identity::SignupMode mode, bool has_invitation) {
  switch (mode) {
    case identity::SignupMode::open: return done;
    case identity::SignupMode::invite:
      if (has_invitation) return done;
      return invitation_required;
    case identity::SignupMode::closed: return signup_closed;
  }
  return signup_closed;
}

Result<Invitation> find_invitation(const Deps& deps, const Context& context, std::string_view token) {
  const auto subject = deps.database.read(
      [&](db::Tx& tx) { return challenge::Challenges::subject_of_link(tx, invitation_link, token, context.now); });
  if (!subject) return invitation_not_valid;
  return from_subject(*subject);
}

Result<Invitation> redeem_invitation(db::Tx& tx, const Deps& deps, const Context& context, std::string_view token) {
  const auto redeemed =
      challenge::Challenges::of_links(deps.random).redeem_link(tx, invitation_link, token, context.now);
  if (!redeemed) return invitation_not_valid;
  return from_subject(redeemed->subject);
}

}  // namespace cardea::authn
