#include "audit/keys.hpp"

#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "audit/key_store.hpp"
#include "crypto/hash.hpp"
#include "crypto/seal.hpp"
#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t most_remembered = 20'000;  // accounts; a few MiB
constexpr Duration remembered_for = std::chrono::minutes{10};
constexpr std::size_t process_name_size = 8;  // bytes; enough that no two processes share a lease

std::string where(const AccountId& account) { return "audit_key.key_sealed:" + account.text(); }
std::string where(std::int64_t month) { return "audit_month_key.key_sealed:" + std::to_string(month); }

struct Hash {
  std::size_t operator()(const AccountId& id) const {
    return std::hash<std::string_view>{}(as_text(id.bytes()));  // its end is random
  }
};

struct Remembered {
  AccountKey key;
  Time since = {};
};

AccountKey copy_of(const AccountKey& key) { return {.pseudonym = key.pseudonym, .key = key.key.copy()}; }

}  // namespace

struct Keys::State {
  State(Secret secret_, Random& random_) : secret(std::move(secret_)), random(random_) {}

  Secret secret;
  Random& random;
  // Nothing is both sealed and authenticated with one key.
  Secret mac_key = secret.empty() ? Secret{} : crypto::derive_key(secret, "cardea audit repeats");

  std::mutex mutex;  // guards what is below
  std::unordered_map<AccountId, Remembered, Hash> accounts;
  std::map<std::int64_t, Secret> months;
  db::Bus::Subscription changes;

  Bytes sealed_key(const Secret& key, const std::string& place) const {
    return crypto::seal(secret, key.reveal_bytes(), place, random);
  }
  std::optional<AccountKey> recall(const AccountId& account, Time now) {
    const std::lock_guard lock{mutex};
    const auto found = accounts.find(account);
    if (found == accounts.end()) return std::nullopt;
    const Time since = found->second.since;
    if (now >= since && now - since < remembered_for) return copy_of(found->second.key);
    accounts.erase(found);
    return std::nullopt;
  }
  void remember(const AccountId& account, AccountKey key, Time now) {
    const std::lock_guard lock{mutex};
    if (accounts.size() >= most_remembered) accounts.erase(accounts.begin());
    accounts.insert_or_assign(account, Remembered{.key = std::move(key), .since = now});
  }
  void remember(std::int64_t month, const Secret& key) {
    const std::lock_guard lock{mutex};
    months.insert_or_assign(month, key.copy());
  }
  Secret recall(std::int64_t month) {
    const std::lock_guard lock{mutex};
    const auto found = months.find(month);
    return found == months.end() ? Secret{} : found->second.copy();
  }
  void forget_before(std::int64_t month, Time now) {
    const std::lock_guard lock{mutex};
    months.erase(months.begin(), months.lower_bound(month));
    std::erase_if(accounts, [now](const auto& each) {
      return each.second.since > now || now - each.second.since >= remembered_for;
    });
  }
};

Keys::Keys(Secret secret, Random& random) : state_(std::make_unique<State>(std::move(secret), random)) {}
Keys::~Keys() = default;
Keys::Keys(Keys&&) noexcept = default;
Keys& Keys::operator=(Keys&&) noexcept = default;

std::optional<Secret> Keys::open(const StoredKey& row) const {
  if (state_->secret.empty() || row.key_sealed.empty()) return std::nullopt;
  auto key = crypto::open(state_->secret, row.key_sealed, where(row.account));
  if (key && key->size() != key_size) return std::nullopt;
  return key;
}

std::optional<AccountKey> Keys::of_account(db::Tx& tx, const AccountId& account, Time now) const {
  if (auto known = state_->recall(account, now)) return known;
  auto row = find_key(tx, account);
  const bool is_missing = row && row->key_sealed.empty() && !state_->secret.empty();
  if (!row || is_missing) {
    const Secret key{BytesView{state_->random.bytes<key_size>()}};
    insert_key(tx, {.account = account,
                    .pseudonym = Pseudonym{state_->random.bytes<sizeof(RawId)>()},
                    .key_sealed = state_->secret.empty() ? Bytes{} : state_->sealed_key(key, where(account))});
    row = find_key(tx, account);  // that of another process, if it was quicker
  }
  if (!row) return std::nullopt;
  auto key = open(*row);
  AccountKey found{.pseudonym = row->pseudonym, .key = key ? *std::move(key) : Secret{}};
  // Not before it is in the database: what a key seals that never was there could not be read by anybody.
  tx.after_commit([keys = this, stored = *std::move(row), now] { keys->learn(stored, now); });
  return found;
}

Secret Keys::of_month(db::Tx& tx, Time at) const {
  if (state_->secret.empty()) return {};
  const auto month = month_of(at);
  if (auto known = state_->recall(month); !known.empty()) return known;
  auto sealed = find_month(tx, month);
  if (!sealed) {
    const Secret key{BytesView{state_->random.bytes<key_size>()}};
    insert_month(tx, month, state_->sealed_key(key, where(month)));
    sealed = find_month(tx, month);
  }
  auto key = sealed ? crypto::open(state_->secret, *sealed, where(month)) : std::nullopt;
  if (!key) return {};
  tx.after_commit([this, month, remembered = std::make_shared<const Secret>(key->copy())] {
    state_->remember(month, *remembered);
  });
  return *std::move(key);
}

void Keys::learn(const StoredKey& row, Time now) const {
  if (state_->recall(row.account, now)) return;
  auto key = open(row);
  if (key) state_->remember(row.account, {.pseudonym = row.pseudonym, .key = *std::move(key)}, now);
}

void Keys::follow(db::Bus& bus, db::Topic changed) {
  State& state = *state_;
  state.changes = bus.subscribe(changed, [&state](BytesView subject) noexcept {
    const std::lock_guard lock{state.mutex};
    if (const auto account = AccountId::from_bytes(subject))
      state.accounts.erase(*account);
    else
      state.accounts.clear();
  });
}

void Keys::prepare(db::Database& database, Time now) const {
  const auto month = month_of(now);
  state_->forget_before(month, now);
  if (state_->secret.empty()) return;
  for (const auto each : {month, month + 1}) {
    if (!state_->recall(each).empty()) continue;
    const Time within{std::chrono::sys_days{std::chrono::year{1970} / 1 / 1 + std::chrono::months{each}}};
    const Secret key = database.write([&](db::Tx& tx) { return of_month(tx, within); });
    if (key.empty()) {
      throw std::runtime_error{
          "a key of the audit trail does not open: the server's secret is not the one this "
          "database was made with, or the row was changed"};
    }
  }
}

std::map<std::int64_t, Secret> Keys::months(db::Tx& tx) const {
  std::map<std::int64_t, Secret> opened;
  if (state_->secret.empty()) return opened;
  for (const auto& [month, sealed] : all_months(tx)) {
    if (auto key = crypto::open(state_->secret, sealed, where(month))) opened.emplace(month, *std::move(key));
  }
  return opened;
}

Bytes Keys::mac(BytesView data) const {
  if (state_->secret.empty()) return to_bytes(state_->random.bytes<key_size>());  // counted with nothing
  return to_bytes(crypto::hmac_sha256(state_->mac_key.reveal_bytes(), data));
}

Random& Keys::random() const { return state_->random; }

std::vector<jobs::Periodic> Keys::jobs(db::Database& database) const {
  return {{.name = "audit.month:" + encoding::hex(state_->random.bytes<process_name_size>()),
           .every = std::chrono::hours{1},
           .work = [this, &database](Time now) -> Result<Done> {
             prepare(database, now);
             return done;
           }},
          {.name = "audit.keys",
           .every = std::chrono::hours{6},
           .work = [this, &database](Time now) -> Result<Done> {
             jobs::in_batches(database, [&](db::Tx& tx) { return give_keys(tx, *this, jobs::batch_size, now); });
             return done;
           }},
          {.name = "audit.months",
           .every = std::chrono::hours{1},
           .work = [&database](Time now) -> Result<Done> {
             database.write([now](db::Tx& tx) { return destroy_old_months(tx, now); });
             return done;
           },
           .removes_by_age = true}};
}

std::int64_t month_of(Time at) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
  const std::chrono::year_month month{date.year(), date.month()};
  return (month - std::chrono::year{1970} / std::chrono::January).count();
}

std::int64_t destroy_old_months(db::Tx& tx, Time now) {
  // The first whose end is less than that long ago: the month in which that instant lies.
  return remove_months_before(tx, month_of(now - months_are_kept));
}

std::int64_t give_keys(db::Tx& tx, const Keys& keys, std::int64_t limit, Time now) {
  const auto accounts = without_key(tx, limit);
  for (const auto& account : accounts) static_cast<void>(keys.of_account(tx, account, now));
  return static_cast<std::int64_t>(accounts.size());
}

}  // namespace cardea::audit
