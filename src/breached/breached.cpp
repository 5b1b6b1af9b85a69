#include "breached/breached.hpp"

#include <stdexcept>

#include "breached/filter.hpp"
#include "breached/range_client.hpp"

namespace cardea::breached {

Result<Facts> inspect(const std::string& path) { return TRY(Filter::open(path)).facts(); }

Passwords::Passwords(std::string path, Presence presence, observe::Log& log, std::unique_ptr<RangeClient> service)
    : path_(std::move(path)), log_(log), service_(std::move(service)), seen_(identity_of_file(path_)) {
  if (!seen_.is_there() && presence == Presence::optional) return;
  auto filter = Filter::open(path_);
  if (!filter) throw std::runtime_error("password.breached_file: " + path_ + ": " + filter.error().detail);
  filter_ = std::make_shared<Filter>(std::move(filter).value());
}

Passwords::Passwords(std::string path, Presence presence, observe::Log& log)
    : Passwords(std::move(path), presence, log, nullptr) {}

Passwords::~Passwords() = default;

// Asks each time, which costs a microsecond: an import is heard of without a signal, by every process.
std::shared_ptr<const Filter> Passwords::current() const {
  const auto found = identity_of_file(path_);
  const std::scoped_lock lock{mutex_};
  if (found == seen_ || !found.is_there()) return filter_;
  seen_ = found;
  auto fresh = Filter::open(path_);
  if (fresh) {
    const auto entries = fresh->facts().entries;
    filter_ = std::make_shared<Filter>(std::move(fresh).value());
    log_.info("breached.list_reloaded", {{"entries", entries}});
  } else {
    log_.error("breached.list_unusable", {{"path", path_}, {"problem", fresh.error().detail}});
  }
  return filter_;
}

bool Passwords::hold(std::string_view password, Ask ask) const {
  const auto filter = current();
  const bool asks_service = !filter && service_ && ask == Ask::service_too;
  if (asks_service) return service_->holds(crypto::sha1(password)).value_or(false);
  if (!filter) return false;
  const auto found = filter->holds(key_of(crypto::sha1(password)));
  // Open rather than shut: nobody should be kept from a new password by a bad disk.
  if (!found) log_.error("breached.list_damaged", {{"path", path_}});
  return found.value_or(false);
}

}  // namespace cardea::breached
