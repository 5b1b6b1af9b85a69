#include "account_activity/account_activity.hpp"

#include "account_activity/account_activity_store.hpp"
#include "account_activity/account_activity_wire.hpp"
#include "audit/listing.hpp"
#include "base/coarse_network.hpp"
#include "http/problem.hpp"

namespace cardea::account_activity {
namespace {

By by_whom(const audit::Entry& entry) {
  const bool is_erased = entry.actor_pseudonym && !entry.actor;  // whoever did it, and was not the account
  if (is_erased) return By::other;
  if (!entry.actor) return By::unknown;
  return entry.actor == entry.account ? By::self : By::other;
}

// The beginning alone: it is read for the names in it.
std::string bounded(std::string_view user_agent) {
  std::string text{user_agent.substr(0, longest_user_agent)};
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

/// A session that gives way to the next one is no news, and no event of its own to whoever looks for strangers.
bool is_aside(const audit::Event& event) {
  return event.kind.name == account::session_revoked.name && (event.reason == "replaced" || event.reason == "too_many");
}

void hear(db::Tx& tx, const Context& context, const audit::Event& event, const audit::Entry& entry) {
  // What a stranger can cause in any number is counted in one row of the trail, and gets none here.
  if (!entry.account || event.kind.repeats == audit::Repeats::counted || is_aside(event)) return;
  const bool is_unusual = event.kind.concern != audit::Concern::none;
  const auto user_agent = by_whom(entry) == By::other ? std::string{} : bounded(context.origin.user_agent);
  if (user_agent.empty() && !is_unusual) return;
  insert(tx, entry, {.user_agent = user_agent, .is_unusual = is_unusual});
}

Item to_item(audit::Entry entry, const std::map<EventId, Detail>& known) {
  Item item{.by = by_whom(entry)};
  if (const auto detail = known.find(entry.id); detail != known.end()) {
    item.user_agent = detail->second.user_agent;
    item.is_unusual = detail->second.is_unusual;
  }
  if (item.by != By::other) item.network = coarse_network(entry.address);
  item.entry = std::move(entry);
  return item;
}

std::string export_account(const account::Deps& deps, const Context& context, db::Tx& tx, const AccountId& id,
                           std::string_view after, const ExportSink& sink) {
  const auto items = list(tx, deps.trail.keys(), id, EventId::parse(after), context.now, most_per_page);
  for (const auto& item : items) sink("activity", wire::write(view(item)));
  return std::ssize(items) == most_per_page ? items.back().entry.id.text() : std::string{};
}

}  // namespace

std::vector<Item> list(db::Tx& tx, const audit::Keys& keys, const AccountId& account,
                       const std::optional<EventId>& before, Time now, std::int64_t limit) {
  auto entries = audit::about(tx, keys, account, before, now - shown_for, limit);
  if (entries.empty()) return {};
  const auto known = details(tx, account, entries.back().id, entries.front().id);
  std::vector<Item> items;
  items.reserve(entries.size());
  for (auto& entry : entries) items.push_back(to_item(std::move(entry), known));
  return items;
}

Result<Done> secure(const authn::Deps& deps, const Context& context) {
  return session::write_for(deps.database, context, [&](db::Tx& tx) -> Result<Done> {
    const auto account = identity::hold(tx, context.account());
    if (!account) return http::unauthenticated;
    session::revoke_all(tx, account->id);
    known_browser::forget_all_but(tx, account->id, authn::place_of(deps, context), context.now);
    deps.trail.record(tx, context, {.kind = disowned, .account = account->id});
    return done;
  });
}

FeatureEntry entry() {
  return {.make =
              [](const Host& host) {
                const Deps deps{.authn = host.authn, .pages = host.pages, .can_recover = host.outbox.is_on()};
                Feature feature{.name = "account_activity",
                                .routes = page_routes(deps),
                                .navigation = {{.menu = page::Menu::account,
                                                .key = "activity",
                                                .href = "/activity",
                                                .page = "activity",
                                                .pages_below = {"activity_secure"}}},
                                .periodic = {sweep_job(host.authn.database)},
                                .errors = {&validation_failed},
                                .events = {disowned},
                                .on_event = hear};
                for (auto& route : api_routes(deps)) feature.routes.push_back(std::move(route));
                return feature;
              },
          .export_account = export_account};
}

}  // namespace cardea::account_activity
