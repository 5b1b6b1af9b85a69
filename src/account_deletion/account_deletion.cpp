#include "account_deletion/account_deletion.hpp"

#include "authn/pending.hpp"
#include "encoding/wire.hpp"

namespace cardea::account_deletion {

/// What waits in the queue.
struct Told {
  AccountId account;
  Time erase_at = {};
  bool by_other = false;  // an administrator or the operator did it
};
template <class D>
void describe(D& d, wire::Of<D, Told>& told) {
  d.required("account", told.account);
  d.required("erase_at", told.erase_at);
  d.required("by_other", told.by_other);
}

namespace {

constexpr Duration longest_grace = std::chrono::hours{24 * 365};
/// Accounts that one look finds, and looks in one run; what is left then waits for the next.
constexpr std::int64_t batch_size = 100;
constexpr int most_batches = 100;

mail::Letter letter_of(const page::Words& words, std::string_view url, const identity::Account& account,
                       const Told& told) {
  const std::vector<std::pair<std::string, std::string>> values{{"account", identity::account_label(account)},
                                                                {"time", page::instant_text(words, told.erase_at)}};
  mail::Letter letter{.subject = words.text("letter.erasure.subject", values),
                      .before = {words.text("letter.erasure.text", values)}};
  if (told.by_other) letter.before.emplace_back(words.text("letter.erasure.by_other"));
  letter.before.emplace_back(words.text("letter.erasure.keep"));
  letter.link = mail::Link{.label = std::string{words.text("nav.signin")}, .url = std::string{url} + "/signin"};
  letter.after = {std::string{words.text("letter.erasure.not_you")}};
  return letter;
}

/// What is no session ends as well, and its owner hears of it.
account::Grace grace_of(const FeatureSettings& settings, jobs::Queue& queue) {
  return {.span = settings.of<Settings>().grace,
          .on_asked = [&queue](db::Tx& tx, const Context& context, const identity::Account& account) {
            authn::end_pending(tx, account.id);
            const Told told{.account = account.id, .erase_at = *account.erase_at, .by_other = !context.is(account.id)};
            queue.put(tx, letter_kind, wire::write(told), context.now);
          }};
}

/// A clock that is wrong for less than an hour erases nothing.
jobs::Periodic erase_job(const account::Deps& deps) {
  return {.name = "account_deletion.erase",
          .every = std::chrono::hours{1},
          .work = [&deps](Time now) -> Result<Done> {
            erase_due(deps, now);
            return done;
          },
          .removes_by_age = true};
}

}  // namespace

Result<Done> write_to(const Deps& deps, std::string_view payload, Time now) {
  const auto told = TRY(wire::read<Told>(payload));
  if (!deps.outbox.is_on()) return done;
  return deps.authn.database.write([&](db::Tx& tx) -> Result<Done> {
    const auto account = identity::find(tx, told.account);
    if (!account || account->erase_at != told.erase_at) return done;
    const auto address = mail::Address::of(identity::confirmed_address(*account));
    if (!address) return done;
    const auto words = deps.pages.words_in(account->language);
    deps.outbox.put(tx, *address, letter_of(words, deps.outbox.url(), *account, told), words, now);
    return done;
  });
}

std::int64_t erase_due(const account::Deps& deps, Time now) {
  const Context context{.now = now, .origin = {.surface = "job:account_deletion.erase"}};
  // A clock that was far ahead when it was asked for puts nothing off for ever.
  const Time latest = now + longest_grace;
  if (deps.database.read([&](db::Tx& tx) { return identity::is_put_off_beyond(tx, latest); })) {
    deps.database.write([&](db::Tx& tx) { identity::erase_by(tx, latest); });
  }
  std::int64_t erased = 0;
  for (int batch = 0; batch < most_batches; ++batch) {
    const auto due = deps.database.read([&](db::Tx& tx) { return identity::due_for_erasure(tx, now, batch_size); });
    for (const auto& id : due) {
      if (account::erase_if_due(deps, context, id)) ++erased;
    }
    if (std::ssize(due) < batch_size) break;
  }
  return erased;
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                root.section("account").span("deletion_grace", all.of<Settings>().grace,
                                             "An account whose deletion was asked for is closed at once, and erased "
                                             "after this long; until then its owner can keep it. \"0s\": erased at "
                                             "once.",
                                             {.max = longest_grace});
              },
          .make =
              [](const Host& host) {
                const Deps deps{
                    .authn = host.authn, .pages = host.pages, .outbox = host.outbox, .front_ends = host.front_ends};
                Feature feature{.name = "account_deletion", .routes = page_routes(deps)};
                for (auto& route : api_routes(deps)) feature.routes.push_back(std::move(route));
                feature.periodic = {erase_job(host.authn.account)};
                feature.workers = {
                    {.kind = std::string{letter_kind}, .work = [deps, &clock = host.clock](const jobs::Item& item) {
                       return write_to(deps, item.payload, clock.now());
                     }}};
                return feature;
              },
          .commands = {{.noun = "user",
                        .verb = "restore",
                        .what = "Keep a user who waits to be erased",
                        .run = account::restore,
                        .said = "{} is kept, and may sign in again."}},
          .grace = grace_of};
}

}  // namespace cardea::account_deletion
