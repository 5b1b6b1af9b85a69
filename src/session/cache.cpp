#include "session/cache.hpp"

#include <cstring>
#include <mutex>

namespace cardea::session {

std::size_t Cache::DigestHash::operator()(const crypto::Digest& digest) const {
  std::size_t value = 0;  // a digest is uniform already
  std::memcpy(&value, digest.data(), sizeof value);
  return value;
}

bool Cache::put(std::uint64_t epoch, std::shared_ptr<const Live> live) {
  const std::unique_lock lock{mutex_};
  if (epoch_.load(std::memory_order_relaxed) != epoch || most_ == 0) return false;
  const auto& session = live->session;
  erase(session.id);
  // Full: the one remembered first goes. It may still be in use, but then it is only loaded again.
  if (by_id_.size() >= most_) erase(SessionId{order_.front()});
  const auto place = order_.insert(order_.end(), session.id);
  by_token_.insert_or_assign(session.token_hash, session.id);
  by_account_[session.account].insert(session.id);
  by_id_.insert_or_assign(session.id, Entry{.live = std::move(live), .place = place});
  return true;
}

std::shared_ptr<const Live> Cache::find(const crypto::Digest& token_hash, Time now) const {
  const std::shared_lock lock{mutex_};
  const auto at = by_token_.find(token_hash);
  if (at == by_token_.end()) return nullptr;
  return trusted(by_id_.at(at->second).live, now);
}

std::shared_ptr<const Live> Cache::find(const SessionId& id, Time now) const {
  const std::shared_lock lock{mutex_};
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return nullptr;
  return trusted(at->second.live, now);
}

void Cache::drop(std::span<const SessionId> ids) {
  const std::unique_lock lock{mutex_};
  epoch_.fetch_add(1, std::memory_order_release);
  for (const auto& id : ids) erase(id);
}

void Cache::drop_account(const AccountId& account) {
  const std::unique_lock lock{mutex_};
  epoch_.fetch_add(1, std::memory_order_release);
  const auto at = by_account_.find(account);
  if (at == by_account_.end()) return;
  const auto ids = at->second;  // a copy: erasing changes the set
  for (const auto& id : ids) erase(id);
}

std::size_t Cache::size() const {
  const std::shared_lock lock{mutex_};
  return by_id_.size();
}

std::shared_ptr<const Live> Cache::trusted(std::shared_ptr<const Live> live, Time now) const {
  if (!live->session.is_live(now) || now - live->loaded_at > trust_) return nullptr;
  return live;
}

void Cache::erase(const SessionId& id) {
  const auto at = by_id_.find(id);
  if (at == by_id_.end()) return;
  const auto& session = at->second.live->session;
  by_token_.erase(session.token_hash);
  const auto of_account = by_account_.find(session.account);
  of_account->second.erase(id);
  if (of_account->second.empty()) by_account_.erase(of_account);
  order_.erase(at->second.place);
  by_id_.erase(at);
}

}  // namespace cardea::session
