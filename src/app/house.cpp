#include "app/house.hpp"
#include "app/openapi_route.hpp"

#include <algorithm>

#include "authn/credentials.hpp"
#include "authn/sign_in_meter.hpp"
#include "authn/token_profile.hpp"
#include "breached/range_client.hpp"
#include "challenge/challenge.hpp"
#include "crypto/system_random.hpp"
#include "db/bus.hpp"
#include "db/migrate.hpp"
#include "geo/geo.hpp"
#include "idempotency/idempotency.hpp"
#include "identity/listing.hpp"
#include "mailbox/mailbox.hpp"
#include "outbound/mail_domain.hpp"
#include "page/translate.hpp"

namespace cardea::app {
namespace {

http::Policy policy_of(const Settings& settings, const Outside& outside, std::vector<std::string> extra_origins) {
  http::Policy policy{.own_origins = {settings.url},
                      .cors_origins = settings.cors_origins,
                      .trusted_proxies = settings.trusted_proxies,
                      .tells_of_unlisted_origins = outside.is_for_developers,
                      .hsts = settings.url.starts_with("https://")};
  for (auto& origin : extra_origins) policy.own_origins.push_back(std::move(origin));
  return policy;
}

/// Pages offer to sign up where everybody may.
wire::Object with_signup(wire::Object seen, identity::SignupMode mode) {
  seen.push_back({"signup_open", mode == identity::SignupMode::open});
  return seen;
}

page::Pages::Look look_of(const Settings& settings, const branding::Brand& brand) {
  page::Pages::Look look{.brand = settings.branding.name,
                         .languages = settings.languages,
                         .more = with_signup(brand.in_pages, settings.identity.signup_mode),
                         .home_url = settings.branding.home_url};
  if (!brand.light_theme.empty()) look.light_theme = brand.light_theme;
  if (!brand.dark_theme.empty()) look.dark_theme = brand.dark_theme;
  return look;
}

/// Null when nobody is to look. Throws when there is a list that cannot be used, or none where one was named.
std::unique_ptr<breached::Passwords> leaked_passwords(const Settings& settings, const Outside& outside) {
  if (settings.password.breached == password::LeakCheck::off) return nullptr;
  const auto& service = settings.password.breached_service;
  auto asked =
      service.url.empty() ? nullptr : std::make_unique<breached::RangeClient>(service, outside.metrics, outside.log);
  return std::make_unique<breached::Passwords>(
      leaked_list_file(settings),
      settings.password.breached_file.empty() ? breached::Presence::optional : breached::Presence::required,
      outside.log, std::move(asked));
}

/// Null when countries are not told apart. Throws when the file cannot be used.
std::unique_ptr<geo::Countries> countries_of(const Settings& settings, const Outside& outside) {
  const auto& file = settings.signin.country_file;
  return file.empty() ? nullptr : std::make_unique<geo::Countries>(file, outside.log);
}

/// Everything that some surface takes for credentials, each once.
std::vector<CredentialSource> credentials_of(const std::vector<http::Route>& routes) {
  std::vector<CredentialSource> sources;
  for (const auto& route : routes) {
    for (const CredentialSource& source : route.surface->credentials) {
      const bool is_known = std::any_of(sources.begin(), sources.end(), [&](const CredentialSource& known) {
        return known.place == source.place && known.cookie == source.cookie && known.token == source.token;
      });
      if (!is_known) sources.push_back(source);
    }
  }
  return sources;
}

/// One of a method: what a test hosts stands in for the product's own.
void add_factor(std::vector<authn::Factor>& factors, const authn::Factor& factor) {
  std::erase_if(factors, [&](const authn::Factor& other) { return other.method == factor.method; });
  factors.push_back(factor);
}

/// Says in the log when other processes are no longer heard, and when they are again.
db::Bus::Subscription log_bus(const Outside& outside) {
  auto& bus = outside.database.bus();
  outside.metrics.gauge("cardea_bus_connected", "1 while changes made by other processes are heard.",
                        [&bus] { return bus.is_connected() ? 1.0 : 0.0; });
  const auto say = [&log = outside.log](bool is_heard) noexcept {
    try {
      is_heard ? log.info("bus.connected") : log.warn("bus.lost");
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the gauge tells it too
    }
  };
  return bus.watch([say]() noexcept { say(false); }, [say]() noexcept { say(true); });
}

/// What has to work for this process to serve.
std::vector<Readiness::Part> parts_that_must_work(const Outside& outside) {
  const auto database = [&it = outside.database, tell = outside.on_database]() -> Readiness::Trouble {
    const auto failure = it.failure();
    if (tell) tell(failure);
    // That many want it at once is no fault of the database; one that hangs is noticed by the wait.
    const ErrorKind* kind = failure ? db::kind_of(*failure) : nullptr;
    if (kind == nullptr) return {};
    return {.what = std::string{kind->title}, .code = kind->code};
  };
  return {{.name = "database", .trouble = database}};
}

/// Where letters end up; without a mail server nothing is put, and what was put before waits for one.
class NoTransport : public mail::Transport {
 public:
  Result<Done> send(const mail::Message&, const jobs::Item&) override { return mail::not_set_up; }
};

std::unique_ptr<mail::Transport> transport_of(const Settings& settings, const Outside& outside) {
  if (!settings.mail.smtp.empty()) {
    return mail::smtp_transport(settings.mail, mail::host_of(settings.url), outside.database, outside.clock,
                                outside.log);
  }
  if (settings.mail.has_mailbox) return mailbox::transport(outside.database, outside.clock);
  return std::make_unique<NoTransport>();
}

/// Who is asked whether a domain takes mail; nobody unless that is set.
std::unique_ptr<outbound::MailDomains> mail_domains_of(const Settings& settings, const Outside& outside) {
  const auto& rules = settings.identity.addresses;
  if (!rules.mx) return nullptr;
  const auto count = [&metrics = outside.metrics](std::string_view result) {
    return &metrics.counter("cardea_mail_domain_total", "Answers of name servers to whether a domain takes mail.",
                            {{"result", std::string{result}}});
  };
  return std::make_unique<outbound::MailDomains>(
      outbound::NameServer{.address = rules.mx_server},
      [yes = count("yes"), no = count("no"), unknown = count("unknown")](outbound::TakesMail answer) {
        switch (answer) {
          case outbound::TakesMail::yes: return yes->add();
          case outbound::TakesMail::no: return no->add();
          case outbound::TakesMail::unknown: return unknown->add();
        }
      });
}

}  // namespace

struct House::State {
  State(const Settings& settings_, const Outside& outside_, std::vector<std::string> extra_origins)
      : settings(settings_), outside(outside_), policy(policy_of(settings_, outside_, std::move(extra_origins))) {}

  const Settings& settings;
  Outside outside;
  http::Policy policy;
  // Built in this order: each uses only what stands above it.
  jobs::Queue queue{outside.random};
  keyring::Keyring keyring{outside.database, keyring_key(settings), settings.keyring, outside.random};
  token::Tokens tokens{keyring, settings.url, outside.random, authn::claim_names(settings.identity)};
  session::Cache cache{settings.session.cache_size, settings.session.trust_cache};
  session::Touches touches{outside.database, settings.session, outside.metrics};
  password::Hasher hasher{settings.password,
                          outside.random,
                          outside.metrics,
                          {.permits = static_cast<std::size_t>(edge::hashing_permits(settings.server)),
                           .waiting = static_cast<std::size_t>(edge::hash_queue(settings.server))}};
  std::unique_ptr<breached::Passwords> leaked = leaked_passwords(settings, outside);
  std::unique_ptr<geo::Countries> countries = countries_of(settings, outside);
  audit::Trail trail{outside.log, outside.random, audit_sealing_key(settings)};
  audit::Retention retention{outside.database, settings.audit, audit_key(settings), outside.log};
  throttle::Refusals refusals;
  identity::AddressRules addresses{settings.identity.addresses};
  std::unique_ptr<outbound::MailDomains> mail_domains = mail_domains_of(settings, outside);
  account::Deps account{.database = outside.database,
                        .trail = trail,
                        .identity = settings.identity,
                        .budgets = settings.account_budgets,
                        .refusals = refusals,
                        .recent = settings.session.recent,
                        .addresses = &addresses,
                        .mail_domains = mail_domains.get(),
                        .grace = deletion_grace(settings, queue)};
  authn::Deps authn{.account = account,
                    .database = outside.database,
                    .random = outside.random,
                    .cache = cache,
                    .touches = touches,
                    .hasher = hasher,
                    .tokens = tokens,
                    .trail = trail,
                    .metrics = outside.metrics,
                    .identity = settings.identity,
                    .password = settings.password,
                    .session = settings.session,
                    .token = settings.token,
                    .budgets = settings.authn_budgets,
                    .same_site = authn::same_site(settings.cookie, settings.url, settings.cors_origins),
                    .policy = settings.signin,
                    .leaked = leaked.get(),
                    .countries = countries.get()};
  authn::Authenticator authenticator{authn};
  http::FormTokens form_tokens{crypto::derive_key(settings.secret, "cardea form tokens"), outside.random};
  idempotency::Memory replays{outside.database, crypto::derive_key(settings.secret, "cardea idempotency"),
                              outside.random, outside.log};
  branding::Brand brand = branding::make(settings.branding);
  page::Pages pages{page::embedded_assets(), look_of(settings, brand), form_tokens,
                    [this](const http::Call& call, const Error& error) {
                      return error_page({pages, pipeline->routes(), settings.url}, call, error);
                    }};
  mail::Outbox outbox{settings.mail,
                      {.brand = settings.branding.name, .url = settings.url},
                      crypto::derive_key(settings.secret, "cardea mail"),
                      {queue, outside.random, outside.metrics}};
  challenge::Challenges challenges{crypto::derive_key(settings.secret, "cardea codes"), outside.random};
  std::unique_ptr<mail::Transport> transport = transport_of(settings, outside);
  const bool is_kept = settings.mail.has_mailbox && settings.mail.smtp.empty();
  jobs::Worker post = outbox.worker(*transport, outside.clock);
  [[nodiscard]] http::Translator translator() const {
    const wire::Object limits{{"password_min", settings.password.min_length},
                              {"password_max", settings.password.max_length}};
    return [this, limits](const http::Request& request, const Error& error) {
      return page::translate(pages, request, error, limits);
    };
  }
  Readiness readiness{parts_that_must_work(outside), outside.log, outside.metrics};
  std::vector<Feature> features = app::features({.settings = settings,
                                                 .authn = authn,
                                                 .keyring = keyring,
                                                 .retention = retention,
                                                 .pages = pages,
                                                 .outbox = outbox,
                                                 .post = post,
                                                 .kept = is_kept ? transport.get() : nullptr,
                                                 .queue = queue,
                                                 .challenges = challenges,
                                                 .clock = outside.clock,
                                                 .metrics = outside.metrics,
                                                 .log = outside.log,
                                                 .readiness = readiness});
  crypto::SuppliedRandom request_ids;
  OpenApi openapi{[this]() -> const std::vector<http::Route>& { return pipeline->routes(); }, settings.url};
  std::unique_ptr<http::Pipeline> pipeline;
  db::Bus::Subscription bus_log;
};

Secret keyring_key(const Settings& settings) { return crypto::derive_key(settings.secret, "cardea signing keys"); }
Secret audit_key(const Settings& settings) { return crypto::derive_key(settings.secret, "cardea audit trail"); }
Secret audit_sealing_key(const Settings& settings) {
  if (settings.secret.empty()) return {};
  return crypto::derive_key(settings.secret, "cardea audit events");
}

House::House(const Settings& settings, const Outside& outside, std::vector<std::string> extra_origins)
    : state_(std::make_unique<State>(settings, outside, std::move(extra_origins))) {
  for (const auto& feature : outside.more_features) state_->features.push_back(feature);
  std::vector<http::Route> routes;
  std::vector<page::NavItem> navigation;
  for (const auto& feature : state_->features) {
    navigation.insert(navigation.end(), feature.navigation.begin(), feature.navigation.end());
    routes.insert(routes.end(), feature.routes.begin(), feature.routes.end());
    if (feature.factor) add_factor(state_->authn.factors, *feature.factor);
    if (feature.on_address_pending) state_->account.on_address_pending.push_back(feature.on_address_pending);
    if (feature.on_event) state_->trail.listen(feature.on_event);
    if (feature.first_step) state_->authn.first_steps.push_back(*feature.first_step);
    if (feature.device_binding) state_->authn.device_binding = feature.device_binding;
    if (feature.sign_up_guard) state_->authn.sign_up_guard = feature.sign_up_guard;
  }
  for (auto& route : branding::routes(state_->brand)) routes.push_back(std::move(route));
  add_openapi_route(routes, state_->openapi);
  state_->pages.set_navigation(std::move(navigation));
  state_->authn.language_of = [&pages = state_->pages](const http::Request& request) {
    const auto* language = pages.language_asked_for(request);
    return language == nullptr ? std::string_view{} : language->tag;
  };
  state_->authn.credentials = credentials_of(routes);
  state_->pipeline = std::make_unique<http::Pipeline>(std::move(routes), state_->policy,
                                                      http::Pipeline::Tools{.authenticator = state_->authenticator,
                                                                            .form_tokens = state_->form_tokens,
                                                                            .random = state_->request_ids,
                                                                            .log = outside.log,
                                                                            .metrics = outside.metrics,
                                                                            .translator = state_->translator(),
                                                                            .replays = &state_->replays});
  for (const auto& result : authn::sign_in_results) static_cast<void>(authn::sign_in_counter(outside.metrics, result));
  outside.metrics.gauge("cardea_session_cache_entries", "Live sessions in memory.",
                        [&cache = state_->cache] { return static_cast<double>(cache.size()); });
}

House::~House() = default;

void House::prepare(Time now) {
  db::migrate(state_->outside.database, db::embedded_migrations(), now,
              [this](std::string_view name) { state_->outside.log.info("migration.applied", {{"name", name}}); });
  identity::prepare_ranks(state_->outside.database, state_->settings.identity);
  state_->keyring.start(now);
  state_->trail.keys().prepare(state_->outside.database, now);
  state_->trail.keys().follow(state_->outside.database.bus(), identity::changed_topic);
  state_->cache.follow(state_->outside.database.bus(), identity::changed_topic);
  state_->bus_log = log_bus(state_->outside);
}

const http::Pipeline& House::pipeline() const { return *state_->pipeline; }
const std::string& House::openapi() const { return *state_->openapi.text(); }
const std::vector<Feature>& House::features() const { return state_->features; }
const account::Deps& House::account() const { return state_->account; }
const authn::Deps& House::authn() const { return state_->authn; }

jobs::Queue& House::queue() { return state_->queue; }
Readiness& House::readiness() { return state_->readiness; }

jobs::Work House::work() const {
  jobs::Work work;
  for (const auto& feature : state_->features) {
    work.periodic.insert(work.periodic.end(), feature.periodic.begin(), feature.periodic.end());
    work.workers.insert(work.workers.end(), feature.workers.begin(), feature.workers.end());
  }
  return work;
}

}  // namespace cardea::app
