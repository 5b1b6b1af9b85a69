#include "app/house.hpp"

#include "db/migrate.hpp"
#include "entry/gate.hpp"
#include "identity/directory.hpp"

namespace cardea::app {
namespace {

http::Policy policy_of(const Settings& settings, std::vector<std::string> extra_origins) {
  http::Policy policy{.own_origins = {settings.url},
                      .cors_origins = settings.cors_origins,
                      .trusted_proxies = settings.trusted_proxies,
                      .hsts = settings.url.starts_with("https://"),
                      .recent = settings.session.recent};
  for (auto& origin : extra_origins) policy.own_origins.push_back(std::move(origin));
  return policy;
}

}  // namespace

struct House::State {
  State(const Settings& settings_, const Outside& outside_, std::vector<std::string> extra_origins)
      : settings(settings_), outside(outside_), policy(policy_of(settings_, std::move(extra_origins))) {}

  const Settings& settings;
  Outside outside;
  http::Policy policy;
  // Built in this order: each uses only what stands above it.
  jobs::Queue queue{outside.random};
  keyring::Keyring keyring{outside.database, crypto::derive_key(settings.secret, "cardea signing keys"),
                           settings.keyring, outside.random};
  token::Tokens tokens{keyring, settings.url, outside.random};
  session::Cache cache{settings.session.cache_size, settings.session.trust_cache};
  password::Hasher hasher{settings.password, outside.random, outside.metrics};
  audit::Trail trail{outside.log, outside.random};
  entry::Deps entry{.database = outside.database,
                    .random = outside.random,
                    .cache = cache,
                    .hasher = hasher,
                    .tokens = tokens,
                    .trail = trail,
                    .metrics = outside.metrics,
                    .identity = settings.identity,
                    .password = settings.password,
                    .session = settings.session,
                    .token = settings.token,
                    .budgets = settings.budgets,
                    .cookie = settings.cookie};
  entry::Gate gate{entry};
  http::FormTokens form_tokens{crypto::derive_key(settings.secret, "cardea form tokens"), outside.random};
  page::Pages pages{
      page::embedded_assets(), {.brand = settings.brand, .people_hidden = settings.directory.is_off()}, form_tokens};
  std::vector<Feature> features = app::features(
      {.settings = settings, .entry = entry, .keyring = keyring, .pages = pages, .metrics = outside.metrics});
  std::unique_ptr<http::Desk> desk;
};

House::House(const Settings& settings, const Outside& outside, std::vector<std::string> extra_origins)
    : state_(std::make_unique<State>(settings, outside, std::move(extra_origins))) {
  std::vector<http::Route> routes;
  for (const auto& feature : state_->features) {
    routes.insert(routes.end(), feature.routes.begin(), feature.routes.end());
  }
  state_->desk = std::make_unique<http::Desk>(std::move(routes), state_->policy,
                                              http::Desk::Tools{.gatekeeper = state_->gate,
                                                                .form_tokens = state_->form_tokens,
                                                                .random = outside.random,
                                                                .log = outside.log,
                                                                .metrics = outside.metrics},
                                              error_page(state_->pages, settings.note));
  outside.metrics.gauge("cardea_session_cache_entries", "Live sessions in memory.",
                        [&cache = state_->cache] { return static_cast<double>(cache.size()); });
}

House::~House() = default;

void House::prepare(Time now) {
  db::migrate(state_->outside.database, db::embedded_migrations(), now);
  identity::prepare_ranks(state_->outside.database, state_->settings.identity);
  state_->keyring.start(now);
}

const http::Desk& House::desk() const { return *state_->desk; }
const std::vector<Feature>& House::features() const { return state_->features; }
const entry::Deps& House::entry() const { return state_->entry; }

jobs::Queue& House::queue() { return state_->queue; }

jobs::Work House::work() const {
  jobs::Work work;
  for (const auto& feature : state_->features) {
    work.periodic.insert(work.periodic.end(), feature.periodic.begin(), feature.periodic.end());
    work.workers.insert(work.workers.end(), feature.workers.begin(), feature.workers.end());
  }
  return work;
}

}  // namespace cardea::app
