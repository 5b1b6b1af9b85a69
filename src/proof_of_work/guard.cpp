#include "proof_of_work/proof_of_work.hpp"
#include "proof_of_work/spent.hpp"

namespace cardea::proof_of_work {
namespace {

observe::Counter& counter(const Deps& deps, std::string_view result) {
  return deps.authn.metrics.counter("cardea_signup_proof_total", "Sign-ups of which a proof of work was asked.",
                                    {{"result", std::string{result}}});
}

}  // namespace

Guard::Guard(Deps deps)
    : deps_(std::move(deps)),
      challenges_(std::move(deps_.key), "signup"),
      watch_(deps_.settings.from),
      accepted_(counter(deps_, "accepted")),
      unsolved_(counter(deps_, "unsolved")),
      missing_(counter(deps_, "missing")),
      refused_(counter(deps_, "refused")) {
  deps_.authn.metrics.gauge("cardea_signup_under_attack", "1 while sign-ups come faster than people make them.",
                            [this] {
                              const auto seen = watch_.look(deps_.clock.now());
                              tell(seen);
                              return seen.is_under_attack ? 1.0 : 0.0;
                            });
}

bool Guard::asks(const AttackWatch::Seen& seen) const {
  switch (deps_.settings.asked) {
    case Asked::under_attack: return seen.is_under_attack;
    case Asked::always: return true;
    case Asked::off: return false;
  }
  return false;
}

void Guard::tell(const AttackWatch::Seen& seen) {
  switch (seen.change) {
    case AttackWatch::Change::none: return;
    case AttackWatch::Change::began: return deps_.log.warn("signup.attack_began", {{"attempts", seen.attempts}});
    case AttackWatch::Change::ended: return deps_.log.info("signup.attack_ended", {{"attempts", seen.attempts}});
  }
}

Result<authn::Admission> Guard::judge(const Context& context, std::string_view text) {
  const auto seen = watch_.add_attempt(context.now);
  tell(seen);
  if (!asks(seen)) return authn::Admission{};
  if (text.empty()) {
    missing_.add();
    return authn::signup_proof_required;
  }
  const auto proof = read_proof(text);
  const auto terms = challenges_.read(proof.challenge);
  const bool is_good = terms && is_live(*terms, lifetime, context.now) &&
                       (!proof.number || solves(proof.challenge, *proof.number, terms->bits));
  if (!is_good) {
    refused_.add();
    return authn::signup_proof_not_valid;
  }
  if (!proof.number) {
    return authn::Admission{[this, its = *terms](const Context& caller) { return use_unsolved(its, caller); }};
  }
  return authn::Admission{[this, its = *terms](const Context& caller) { return use(its, caller.now); }};
}

Result<Done> Guard::use(const Terms& terms, Time now) {
  if (!spend(deps_.authn.database, terms)) {
    refused_.add();
    return authn::signup_proof_not_valid;
  }
  watch_.add_solved(now);
  accepted_.add();
  return done;
}

Result<Done> Guard::use_unsolved(const Terms& terms, const Context& context) {
  const ClientNetwork network{context.origin.address};
  auto charges = throttle::network_charges(deps_.settings.unsolved_address, "signup.unsolved", network);
  charges.push_back(
      throttle::whole_charge(deps_.settings.unsolved_whole, "signup.unsolved_whole", context.origin.address));
  TRY(throttle::charge_in_turn(deps_.authn.database, deps_.authn.account.refusals, charges,
                               {.key = "signup.unsolved_turn:" + network.text(0)}, context));
  if (!spend(deps_.authn.database, terms)) {
    refused_.add();
    return authn::signup_proof_not_valid;
  }
  unsolved_.add();
  return done;
}

http::ProblemChallenge Guard::challenge(Time now) {
  const auto seen = watch_.look(now);
  tell(seen);
  const Terms terms{.seed = deps_.authn.random.bytes<16>(),
                    .expires_at = now + lifetime,
                    .bits = difficulty(deps_.settings.bits, deps_.settings.from, seen)};
  return {.algorithm = "sha-256",
          .text = challenges_.make(terms),
          .difficulty = terms.bits,
          .expires_at = terms.expires_at};
}

bool Guard::is_asking(Time now) {
  const auto seen = watch_.look(now);
  tell(seen);
  return asks(seen);
}

}  // namespace cardea::proof_of_work
