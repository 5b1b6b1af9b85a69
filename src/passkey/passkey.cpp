#include "passkey/passkey.hpp"

#include "http/origin.hpp"
#include "http/site.hpp"
#include "passkey/passkey_store.hpp"

namespace cardea::passkey {
namespace {

/// An origin as browsers write it: without the port that its scheme has anyway. Empty for what is none.
std::string browser_origin(std::string_view url) {
  std::string origin = http::origin_of_url(url);
  for (const auto& [scheme, port] : {std::pair{"https://", ":443"}, std::pair{"http://", ":80"}}) {
    if (origin.starts_with(scheme) && origin.ends_with(port)) {
      origin.resize(origin.size() - std::string_view{port}.size());
      break;
    }
  }
  return origin;
}

std::string host_of(std::string_view origin) {
  const auto begin = origin.find("://") + 3;
  const auto end = origin[begin] == '[' ? origin.find(']', begin) + 1 : origin.find(':', begin);
  return std::string{origin.substr(begin, end == std::string_view::npos ? end : end - begin)};
}

/// The host of `url` is the id. Browsers have no passkeys for an address of numbers: a server of this machine is known
/// to them as "localhost".
webauthn::RelyingParty party_of(std::string_view url, const std::vector<std::string>& related) {
  webauthn::RelyingParty party{.origins = {browser_origin(url)}};
  party.id = host_of(party.origins.front());
  if (party.id == "127.0.0.1" || party.id == "[::1]") {
    auto named = party.origins.front();
    party.origins.push_back(named.replace(named.find(party.id), party.id.size(), "localhost"));
    party.id = "localhost";
  }
  for (const auto& each : related) party.origins.push_back(browser_origin(each));
  return party;
}

std::string problem_with_origins(const std::vector<std::string>& origins) {
  for (const auto& each : origins) {
    if (browser_origin(each) != each || !each.starts_with("https://")) {
      return "passkey.related_origins: \"" + each + "\" is no origin; write it as \"https://shop.example.com\"";
    }
  }
  return {};
}

void describe_settings(config::Section& root, Settings& settings) {
  auto& section = root.section("passkey");
  section.texts("related_origins", settings.related_origins,
                "Origins of other domains on which passkeys of this server may be used: \"https://example.co.uk\".");
  section.check([&settings] { return problem_with_origins(settings.related_origins); });
  section.integer("max_per_account", settings.max_per_account, "Passkeys and security keys an account may have.",
                  {.min = 1, .max = 100});
  throttle::describe(root.section("throttle").section("passkey_ceremonies"), settings.ceremonies);
}

template <class T>
void add(std::vector<T>& all, std::vector<T> more) {
  for (auto& each : more) all.push_back(std::move(each));
}

}  // namespace

FeatureEntry entry() {
  return {.switch_name = "passkeys",
          .switch_doc = "Passkeys and security keys: signing in by one, and their pages.",
          .describe = [](config::Section& root,
                         FeatureSettings& settings) { describe_settings(root, settings.of<Settings>()); },
          .make =
              [](const Host& host) {
                const auto& settings = host.settings.of<Settings>();
                return feature({.authn = host.authn,
                                .pages = host.pages,
                                .settings = settings,
                                .front_ends = host.front_ends,
                                .url = std::string{host.url},
                                .party = party_of(host.url, settings.related_origins)});
              },
          .export_account = export_at_once([](const account::Deps&, const Context&, db::Tx& tx, const AccountId& owner,
                                              const ExportSink& sink) { export_passkeys(tx, owner, sink); }),
          .remove_factor = [](db::Tx& tx, const AccountId& owner) { return erase_all(tx, owner) > 0; }};
}

Feature feature(const Deps& deps) {
  Feature feature{
      .name = "passkey",
      .navigation = {{.menu = page::Menu::account,
                      .key = "passkeys",
                      .href = "/account/security/passkeys",
                      .page = "account_passkeys"}},
      .errors = {&unknown, &exists, &too_many, &last_way_in, &webauthn::not_verified, &challenge::not_valid},
      .events = {created, renamed, removed, cloned},
      .factor = factor(deps),
      .first_step = first_step(deps)};
  for (auto routes : {ceremony_routes(deps), own_routes(deps), page_routes(deps), well_known_routes(deps)}) {
    add(feature.routes, std::move(routes));
  }
  return feature;
}

}  // namespace cardea::passkey
