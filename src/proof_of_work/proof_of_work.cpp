#include "proof_of_work/proof_of_work.hpp"

#include "proof_of_work/spent.hpp"

namespace cardea::proof_of_work {
namespace {

void describe_settings(config::Section& root, Settings& settings) {
  auto& section = root.section("signup");
  section.choice("proof_of_work", settings.asked,
                 "Whether the browser of whoever signs up has to work for a moment first: \"under_attack\" while "
                 "sign-ups come faster than people make them, \"always\", or \"off\". Nobody has anything to do; front "
                 "ends of your own have to solve it (docs/proof-of-work.md).");
  section.integer(
      "proof_of_work_from", settings.from,
      "So many sign-ups in a minute, good and refused, in one process are an attack; it ends when there have "
      "been fewer than half as many for five minutes.",
      {.min = 1, .max = 1'000'000});
  section.integer("proof_of_work_bits", settings.bits,
                  "How hard it is: 18 takes half a second on a slow phone, each one more twice as long. It grows by "
                  "itself, to 22, while many are solved.",
                  {.min = least_bits, .max = most_bits});
  auto& throttle = root.section("throttle");
  throttle::describe(throttle.section("signup_unsolved_address"), settings.unsolved_address);
  throttle::describe(throttle.section("signup_unsolved_whole"), settings.unsolved_whole);
}

/// What the part of the page that asks reads. It is there while nothing is asked too: an attack that begins while
/// somebody fills the form in costs them nothing they have typed.
wire::Object in_form(Guard& guard, const Settings& settings, Time now) {
  if (settings.asked == Asked::off) return {};
  const auto challenge = guard.challenge(now);
  const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(lifetime).count();
  return {{"work", wire::Object{{"challenge", challenge.text},
                                {"bits", challenge.difficulty},
                                {"seconds", seconds},
                                {"asked", guard.is_asking(now)}}}};
}

authn::SignUpGuard guard_of(std::shared_ptr<Guard> guard, const Settings& settings) {
  return {.judge = [guard](const Context& context, std::string_view proof) { return guard->judge(context, proof); },
          .challenge = [guard](Time now) { return guard->challenge(now); },
          .in_form = [guard, settings](Time now) { return in_form(*guard, settings, now); }};
}

}  // namespace

FeatureEntry entry() {
  return {.describe = [](config::Section& root, FeatureSettings& all) { describe_settings(root, all.of<Settings>()); },
          // Whose tests sign up hundreds of users do so there.
          .for_development = [](FeatureSettings& all) { all.of<Settings>().asked = Asked::off; },
          .make =
              [](const Host& host) {
                const auto& settings = host.settings.of<Settings>();
                const auto guard = std::make_shared<Guard>(Deps{.authn = host.authn,
                                                                .settings = settings,
                                                                .key = host.key("cardea proofs of work"),
                                                                .clock = host.clock,
                                                                .log = host.log});
                return Feature{.name = "proof_of_work",
                               .routes = routes(guard),
                               .periodic = {sweep_job(host.authn.database)},
                               .sign_up_guard = guard_of(guard, settings)};
              }};
}

}  // namespace cardea::proof_of_work
