#include "authn/unusual.hpp"

namespace cardea::authn {

std::vector<AuthMethod> stand_ins(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account,
                                  Asked asked) {
  std::vector<AuthMethod> methods;
  for (const Factor& factor : deps.factors) {
    if (!factor.stands_in) continue;
    if (asked == Asked::before || factor.stands_in(tx, account, context.now)) methods.push_back(factor.method);
  }
  return methods;
}

void record_unusual(db::Tx& tx, const Deps& deps, const Context& context, const AccountId& account, const Step& step) {
  const auto* ask = std::get_if<Ask>(&step);
  const std::string_view reason = ask != nullptr ? enum_text(ask->methods.front()) : "nothing";
  audit::Event event{.kind = signin_unusual, .account = account, .reason = reason};
  if (ask == nullptr) event.actor = account;  // who is asked has not shown yet who they are
  deps.trail.record(tx, context, event);
}

}  // namespace cardea::authn
