#include "session/cache.hpp"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <utility>

namespace cardea::session {

namespace {

template <class IdType>
std::size_t shard_of(const IdType& id) {
  return std::hash<IdType>{}(id) % Cache::shards;
}

}  // namespace

std::size_t Cache::DigestHash::operator()(const crypto::Digest& digest) const {
  std::size_t value = 0;  // a digest is uniform already
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

void Cache::follow(db::Bus& bus, db::Topic account_topic) {
  const auto id_of = [](BytesView subject) { return SessionId::from_bytes(subject); };
  subscriptions_.push_back(bus.subscribe(ended_topic, [this, id_of](BytesView subject) noexcept {
    if (const auto id = id_of(subject)) return drop(*id);
    if (subject.size() != crypto::Digest{}.size()) return clear();
    crypto::Digest token_hash{};
    std::copy(subject.begin(), subject.end(), token_hash.begin());
    drop(token_hash);
  }));
  for (const auto& topic : {ended_of_topic, account_topic}) {
    subscriptions_.push_back(bus.subscribe(topic, [this](BytesView subject) noexcept {
      const auto account = AccountId::from_bytes(subject);
      account ? drop_account(*account) : clear();
    }));
  }
  subscriptions_.push_back(bus.watch([this]() noexcept { is_deaf_ = true; },
                                     [this]() noexcept {
                                       clear();
                                       is_deaf_ = false;
                                     }));
  is_deaf_ = !bus.is_connected();
}

Cache::Epochs Cache::epochs() const {
  Epochs epochs{};
  for (std::size_t i = 0; i < epochs.size(); ++i) epochs[i] = epochs_[i].load(std::memory_order_acquire);
  return epochs;
}

void Cache::advance(std::size_t shard) { epochs_[shard].fetch_add(1, std::memory_order_release); }

bool Cache::put(const Epochs& epochs, std::shared_ptr<const Live> live) {
  const std::unique_lock lock{mutex_};
  const auto& session = live->session;
  for (const std::size_t shard : {shard_of(session.id), shard_of(session.account)}) {
    if (epochs_[shard].load(std::memory_order_relaxed) != epochs[shard]) return false;
  }
  if (most_ == 0) return false;
  erase(session.id);
  // Full: the one remembered first goes. It may still be in use, but then it is only loaded again.
  if (by_id_.size() >= most_) erase(SessionId{order_.front()});
  // The entry first: by it `erase` finds the rest, of which there may be only a part when memory ends.
  std::list<SessionId> place{session.id};
  by_id_.insert_or_assign(session.id, Entry{.live = live, .place = place.begin()});
  order_.splice(order_.end(), place);
  try {
    by_account_[session.account].insert(session.id);
    by_token_.insert_or_assign(session.token_hash, Shown{.id = session.id});
  } catch (const std::bad_alloc&) {
    erase(session.id);
    throw;
  }
  return true;
}

std::shared_ptr<const Live> Cache::find(const crypto::Digest& shown, Time now) const {
  const std::shared_lock lock{mutex_};
  const auto at = by_token_.find(shown);
  if (at == by_token_.end() || now >= at->second.until) return nullptr;
  return trusted(by_id_.at(at->second.id).live, now);
}

std::shared_ptr<const Live> Cache::find(const SessionId& id, Time now) const {
  const std::shared_lock lock{mutex_};
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return nullptr;
  return trusted(at->second.live, now);
}

void Cache::show(const crypto::Digest& shown, const SessionId& id, Time until, Time now) {
  const std::unique_lock lock{mutex_};
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  auto& all = at->second.shown;
  all.reserve(most_shown);  // before there is a token that nothing else knows of
  const bool is_new = by_token_.insert_or_assign(shown, Shown{id, std::min(until, now + trust_)}).second;
  if (!is_new) return;
  if (all.size() == most_shown) {
    by_token_.erase(all.front());
    all.erase(all.begin());
  }
  all.push_back(shown);
}

void Cache::put_absent(const Epochs& epochs, const crypto::Digest& shown, Time now) {
  const std::unique_lock lock{mutex_};
  if (most_ == 0 || epochs_[of_absent].load(std::memory_order_relaxed) != epochs[of_absent]) return;
  absent_.put(shown, now);
}

bool Cache::is_absent(const crypto::Digest& shown, Time now) const {
  const std::shared_lock lock{mutex_};
  const Time* since = absent_.find(shown);
  // Before: a clock that was set back, which may have made a session live again.
  const bool is_fresh = since != nullptr && now >= *since && now < *since + std::min(trust_, trust_absent);
  return is_fresh && !is_deaf_.load(std::memory_order_acquire);
}

void Cache::forget_absent() {
  advance(of_absent);
  absent_.clear();
}

void Cache::drop(const SessionId& id) {
  const std::unique_lock lock{mutex_};
  advance(shard_of(id));
  erase(id);
}

// One that is not remembered needs no dropping: whoever is loading it reads the row, which the announcer read too.
void Cache::drop(const crypto::Digest& token_hash) {
  const auto id = [&]() -> std::optional<SessionId> {
    const std::shared_lock lock{mutex_};
    const auto at = by_token_.find(token_hash);
    return at == by_token_.end() ? std::nullopt : std::optional{at->second.id};
  }();
  if (id) drop(*id);
}

void Cache::clear() {
  const std::unique_lock lock{mutex_};
  for (std::size_t shard = 0; shard < shards; ++shard) advance(shard);
  order_.clear();
  by_id_.clear();
  by_account_.clear();
  by_token_.clear();
  forget_absent();
}

void Cache::drop_account(const AccountId& account) {
  const std::unique_lock lock{mutex_};
  advance(shard_of(account));
  forget_absent();
  const auto at = by_account_.find(account);
  if (at == by_account_.end()) return;
  // Taken out, because erasing changes the set. Not copied: this is called where nothing may fail.
  const auto ids = std::exchange(at->second, {});
  for (const auto& id : ids) erase(id);
}

std::size_t Cache::size() const {
  const std::shared_lock lock{mutex_};
  return by_id_.size();
}

std::shared_ptr<const Live> Cache::trusted(std::shared_ptr<const Live> live, Time now) const {
  if (is_deaf_.load(std::memory_order_acquire) || !live->session.is_live(now) || now - live->loaded_at > trust_)
    return nullptr;
  return live;
}

void Cache::erase(const SessionId& id) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  const auto& session = at->second.live->session;
  by_token_.erase(session.token_hash);
  for (const crypto::Digest& shown : at->second.shown) by_token_.erase(shown);
  const auto of_account = by_account_.find(session.account);
  if (of_account != by_account_.end()) {
    of_account->second.erase(id);
    if (of_account->second.empty()) by_account_.erase(of_account);
  }
  order_.erase(at->second.place);
  by_id_.erase(at);
}

}  // namespace cardea::session
