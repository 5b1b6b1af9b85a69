#include "app/print.hpp"

#include <fmt/format.h>

#include "app/dev_files.hpp"
#include "app/error_reference.hpp"
#include "app/house_look.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/surroundings.hpp"
#include "config/load.hpp"
#include "crypto/system_random.hpp"
#include "http/openapi.hpp"
#include "password/secret_strength.hpp"

namespace cardea::app {

int print_openapi(const Options& options) {
  return look_at_house(options, [](const House& house) { return house.openapi() + "\n"; });
}

int print_routes(const Options& options) {
  return look_at_house(options, [](const House& house) { return http::route_table(house.pipeline().routes()); });
}

int print_errors(const Options& options) {
  return look_at_house(options, [](const House& house) {
    std::string page =
        "# Errors\n\nEvery error answer has one of these codes. A code is never renamed. A running server says what to "
        "do about each at `/docs/errors/<code>`.\n\n"
        "| code | status | meaning |\n|---|---|---|\n";
    for (const auto& [code, kind] : error_catalogue(house.features()))
      page += fmt::format("| `{}` | {} | {} |\n", code, kind->status, kind->title);
    return page;
  });
}

int config_check(const Options& options) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_to_serve(settings, root, options); !loaded) return fail(loaded.error());
  if (!settings.ignored_variables.empty()) {
    fmt::print(stderr, "note: ignored, as of a Kubernetes Service: {}\n", fmt::join(settings.ignored_variables, " "));
  }
  int problems = 0;
  for (const auto& [weight, text, fix] : look_around(settings, options.config_file, RealClock{}.now())) {
    const bool is_problem = weight == Finding::Weight::problem;
    problems += is_problem ? 1 : 0;
    fmt::print(stderr, "{}{}\n", is_problem ? "" : "note: ", config::located(root, text));
  }
  if (problems == 0) fmt::print(stderr, "The settings are fine.\n");
  return problems == 0 ? 0 : 1;
}

int config_show(const Options& options, bool defaults_too) {
  Settings settings;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) return fail(loaded.error());
  fmt::print("{}", config::show(root, defaults_too));
  return 0;
}

int config_schema() {
  Settings settings;
  fmt::print("{}\n", config::json_schema(describe(settings)));
  return 0;
}

int config_reference() {
  Settings settings;
  fmt::print("{}", config::reference(describe(settings)));
  return 0;
}

int secret_generate() {
  crypto::SystemRandom random;
  Secret secret = generate_secret(random);
  while (password::is_guessable(secret.reveal())) secret = generate_secret(random);  // chance knows no promises
  fmt::print("{}\n", secret.reveal());
  return 0;
}

}  // namespace cardea::app
