// `cardea <noun> <verb> WORD`: what features offer to try with the settings alone.

#include <fmt/core.h>

#include "app/command_database.hpp"
#include "app/command_list.hpp"
#include "app/house.hpp"
#include "app/print.hpp"
#include "app/say.hpp"

namespace cardea::app {
namespace {

int run_trial(const Options& options, const Trial& trial, const std::string& word) {
  return with_settings(options, [&](const Settings& settings) {
    const auto said = trial.run(settings.features, settings.branding.name, word);
    if (!said) {
      const auto& error = said.error();
      complain(error.detail.empty() ? std::string{error.kind->title} : error.detail);
      return error.is(validation_failed) ? exit_code::usage : exit_code::failed;
    }
    fmt::print("{}\n", *said);
    return exit_code::done;
  });
}

}  // namespace

std::vector<CommandText> CommandList::trials() {
  std::vector<CommandText> nouns;
  for (const auto& feature : feature_entries()) {
    for (const auto& trial : feature.trials) {
      CommandText noun{.name = std::string{trial.noun}, .what = std::string{trial.about}};
      const auto line = "cardea " + noun.name + " " + std::string{trial.verb} + " " + std::string{trial.example};
      noun.below = {{.name = std::string{trial.verb},
                     .what = std::string{trial.what},
                     .parameters = joined({{.name = std::string{trial.word},
                                            .value = {},
                                            .what = std::string{trial.word_what},
                                            .into = &who_,
                                            .is_required = true}},
                                          database_options()),
                     .examples = {{line, std::string{trial.what}}},
                     .run = [this, trial] { return run_trial(located(), trial, who_); }}};
      nouns.push_back(std::move(noun));
    }
  }
  return nouns;
}

}  // namespace cardea::app
