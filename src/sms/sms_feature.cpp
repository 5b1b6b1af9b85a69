#include "encoding/value.hpp"
#include "sms/sms.hpp"
#include "sms/sms_store.hpp"

namespace cardea::sms {
namespace {

std::string problem_with(const Settings& settings) {
  for (const auto& code : settings.countries) {
    if (!is_calling_code(code)) {
      return "sms.countries: \"" + code +
             "\" is no calling code; write it as \"+49\", or \"+1876\" for a country that "
             "shares one";
    }
  }
  if (settings.gateway.url.empty() && !settings.countries.empty() && !settings.is_for_development) {
    return "sms.countries is set, and sms.url is not";
  }
  return {};
}

std::string host_of(std::string_view url) {
  const auto host = outbound::host_of_http_url(url);
  return std::string{host};
}

std::shared_ptr<const Deps> make_deps(const Host& host) {
  const auto& settings = host.settings.of<Settings>();
  const bool is_kept = settings.is_for_development && settings.gateway.url.empty() && host.kept != nullptr;
  return std::make_shared<const Deps>(Deps{.authn = host.authn,
                                           .pages = host.pages,
                                           .challenges = host.challenges,
                                           .settings = settings,
                                           .is_kept = is_kept,
                                           .outbox = {settings.gateway,
                                                      host.key("cardea text messages"),
                                                      {.queue = host.queue,
                                                       .random = host.authn.random,
                                                       .metrics = host.authn.metrics,
                                                       .log = host.log,
                                                       .kept = is_kept ? host.kept : nullptr}},
                                           .key = host.key("cardea telephone numbers"),
                                           .brand = std::string{host.brand},
                                           .host = host_of(host.url)});
}

Feature make(const Host& host) {
  const auto deps = make_deps(host);
  Feature feature{.name = "sms",
                  .routes = api_routes(deps),
                  .navigation = {{.menu = page::Menu::below,
                                  .key = "security",
                                  .href = "/account/security/sms",
                                  .page = "account_sms"}},
                  .periodic = {sweep_job(host.authn.database)},
                  .errors = {&not_set_up, &not_started, &unreachable},
                  .factor = factor(deps)};
  auto worker = deps->outbox.worker(host.clock);
  worker.work = [deps, work = std::move(worker.work)](const jobs::Item& item) { return work(item); };  // keeps it alive
  feature.workers.push_back(std::move(worker));
  for (auto& route : page_routes(deps)) feature.routes.push_back(std::move(route));
  return feature;
}

/// `cardea sms test NUMBER`.
Result<std::string> try_out(const FeatureSettings& all, std::string_view brand, std::string_view word) {
  const auto& settings = all.of<Settings>();
  const auto number = Number::parse(word);
  if (!number) return Error{validation_failed, std::string{word} + " is no number such as +4915112345678"};
  if (settings.gateway.url.empty()) return Error{not_set_up, "sms.url is not set, so that no text messages are sent"};
  const auto delivery =
      deliver(settings.gateway, {.to = *number, .text = std::string{brand} + " can send text messages.", .id = "test"});
  if (delivery.verdict != Verdict::taken) {
    return Error{not_set_up, std::string{outbound::host_of_http_url(settings.gateway.url)} +
                                 " did not take it: " + delivery.reason};
  }
  const auto& countries = settings.countries;
  const bool is_listed = std::find(countries.begin(), countries.end(), number->calling_code()) != countries.end();
  std::string said =
      std::string{outbound::host_of_http_url(settings.gateway.url)} + " took a text message to " + number->text() + ".";
  if (!is_listed) {
    said += " People there get none before sms.countries has \"" + std::string{number->calling_code()} + "\".";
  }
  return said;
}

}  // namespace

void describe(config::Section& root, Settings& settings) {
  auto& section = root.section("sms");
  describe_gateway(section, settings.gateway);
  section.texts(
      "countries", settings.countries,
      "Where text messages are sent, by calling code: \"+49\". Empty: nowhere. \"+1\" is the United States and "
      "Canada; what shares that code is named with its area code, \"+1876\".");
  section.check([&settings] { return problem_with(settings); });
  auto& budgets = root.section("throttle");
  throttle::describe(budgets.section("sms_number"), settings.number);
  throttle::describe(budgets.section("sms_block"), settings.block);
  throttle::describe(budgets.section("sms_network"), settings.network);
}

FeatureEntry entry() {
  return {.switch_name = "sms",
          .switch_doc = "Codes by text message as a second factor.",
          .describe = [](config::Section& root, FeatureSettings& settings) { describe(root, settings.of<Settings>()); },
          .for_development = [](FeatureSettings& settings) { settings.of<Settings>().is_for_development = true; },
          .make = make,
          .trials = {{.noun = "sms",
                      .about = "Text messages",
                      .verb = "test",
                      .what = "Send a text message by the settings' gateway, now",
                      .word = "NUMBER",
                      .word_what = "To whom, with a plus and the country's calling code",
                      .example = "+4915112345678",
                      .run = try_out}},
          .export_account = export_at_once(
              [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& id, const ExportSink& sink) {
                // The number is sealed under the server's secret, which commands on accounts do not have.
                const auto stored = find(tx, id);
                if (!stored) return;
                sink("sms", wire::to_json(wire::Object{{"enrolled_at", rfc3339(stored->enrolled_at)}}));
              }),
          .remove_factor =
              [](db::Tx& tx, const AccountId& id) {
                const bool was_enrolled = find(tx, id).has_value();
                remove(tx, id);
                return was_enrolled;
              }};
}

}  // namespace cardea::sms
