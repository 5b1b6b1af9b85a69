#include "app/invite_command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "app/operator.hpp"
#include "authn/invitation.hpp"

namespace cardea::app {
namespace {

constexpr int usual_days = 7;

std::string remark(const authn::Invitation& invitation, Time expires_at) {
  const std::string whom = invitation.email ? ", for " + printable(*invitation.email) : "";
  const std::string role =
      invitation.role == Role::user ? "" : " It has the role " + std::string{enum_text(invitation.role)} + ".";
  return fmt::format(
      "Whoever opens it first can make an account{}.{} It works once, until {}; hand it over yourself, on a way that "
      "you trust.",
      whom, role, rfc3339(expires_at));
}

}  // namespace

int user_invite(const Options& options, const Manner& manner, const InviteOrder& order) {
  return at_desk(options, [&](const Desk& desk) {
    const authn::Invitation invitation{.email = order.email.empty() ? std::nullopt : std::optional{order.email},
                                       .role = *parse_enum<Role>(order.role)};
    const auto issued = authn::invite(desk.deps, desk.settings.identity.signup_mode, desk.context, invitation,
                                      std::chrono::hours{24 * order.days.value_or(usual_days)});
    if (!issued) return fail_with(issued.error());
    const auto url = authn::address_of_invitation(url_of(desk.settings), *issued->link);
    if (manner.as_json) {
      fmt::print("{}\n", wire::to_json(wire::Object{{"url", url}, {"expires_at", rfc3339(issued->expires_at)}}));
    } else {
      fmt::print("{}\n", url);
      std::fflush(stdout);  // before what is said about it
      fmt::print(stderr, "{}\n", remark(invitation, issued->expires_at));
    }
    return exit_code::done;
  });
}

}  // namespace cardea::app
