#include "security_notice/security_notice.hpp"

#include "base/coarse_network.hpp"
#include "encoding/wire.hpp"
#include "security_notice/letter.hpp"

namespace cardea::security_notice {
namespace {

bool is_wanted(const Settings& settings, audit::Concern concern) {
  switch (concern) {
    case audit::Concern::none: return false;
    case audit::Concern::new_browser: return settings.new_browser;
    case audit::Concern::credential: return settings.credential;
    case audit::Concern::address: return settings.address;
    case audit::Concern::recovery_code: return settings.recovery_code;
  }
  return false;
}

// The beginning alone: it is read for the names in it.
std::string bounded(std::string_view user_agent) {
  std::string text{user_agent.substr(0, longest_user_agent)};
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text;
}

bool has_budget(db::Tx& tx, const Deps& deps, const Told& told, Time now) {
  if (told.concern != audit::Concern::new_browser) return true;
  const throttle::Charge charge{.budget = deps.settings.browsers, .key = "notice.browsers:" + told.account.text()};
  return throttle::charge(tx, std::span{&charge, 1}, now).ok();
}

}  // namespace

void hear(db::Tx& tx, const Deps& deps, const Context& context, const audit::Event& event, const audit::Entry& entry) {
  if (!entry.account || !is_wanted(deps.settings, event.kind.concern) || !deps.outbox.is_on()) return;
  const bool is_own = !entry.actor || entry.actor == entry.account;
  const bool counts = event.kind.concern == audit::Concern::recovery_code;
  deps.queue.put(tx, letter_kind,
                 wire::write(Told{.account = *entry.account,
                                  .event = entry.kind,
                                  .concern = event.kind.concern,
                                  .at = entry.at,
                                  .by_other = !is_own,
                                  // Of somebody else nothing is told.
                                  .user_agent = is_own ? bounded(context.origin.user_agent) : std::string{},
                                  .network = is_own ? coarse_network(entry.address) : std::string{},
                                  .left = counts ? entry.subject : std::string{},
                                  .address_before = std::string{event.address_before}}),
                 context.now);
}

Result<Done> write_to(const Deps& deps, std::string_view payload, Time now) {
  const auto told = TRY(wire::read<Told>(payload));
  return deps.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto account = identity::find(tx, told.account);
    if (!account || !has_budget(tx, deps, told, now)) return done;
    const auto words = deps.pages.words_in(account->language);
    const auto letter = letter_of(words, deps.outbox.url(), *account, told);
    const auto current = mail::Address::of(identity::confirmed_address(*account));
    const auto before = mail::Address::parse(told.address_before);
    if (current) deps.outbox.put(tx, *current, letter, words, now);
    if (before && (!current || before->key() != current->key())) deps.outbox.put(tx, *before, letter, words, now);
    return done;
  });
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                auto& settings = all.of<Settings>();
                auto& section = root.section("notice");
                section.flag("new_browser", settings.new_browser,
                             "Write to the owner of an account when somebody signs in to it in a new browser. All of "
                             "these letters go to a confirmed address alone.");
                section.flag("credential", settings.credential,
                             "Write to them when a password, passkey or second factor is added, changed or removed.");
                section.flag("address", settings.address,
                             "Write to them, and to the address before, when their e-mail address changes.");
                section.flag("recovery_code", settings.recovery_code,
                             "Write to them when a recovery code is used, and how many are left.");
                throttle::describe(root.section("throttle").section("notice_browsers"), settings.browsers);
              },
          .make =
              [](const Host& host) {
                const Deps deps{.database = host.authn.database,
                                .pages = host.pages,
                                .outbox = host.outbox,
                                .queue = host.queue,
                                .settings = host.settings.of<Settings>()};
                return Feature{
                    .name = "security_notice",
                    .workers = {{.kind = std::string{letter_kind},
                                 .work =
                                     [deps, &clock = host.clock](const jobs::Item& item) {
                                       return write_to(deps, item.payload, clock.now());
                                     }}},
                    .on_event = [deps](db::Tx& tx, const Context& context, const audit::Event& event,
                                       const audit::Entry& entry) { hear(tx, deps, context, event, entry); }};
              }};
}

}  // namespace cardea::security_notice
