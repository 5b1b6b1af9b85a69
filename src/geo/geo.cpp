#include "geo/geo.hpp"

#include <stdexcept>

#include "geo/country_file.hpp"
#include "geo/inspect.hpp"

namespace cardea::geo {

Countries::Countries(std::string path, observe::Log& log)
    : path_(std::move(path)), log_(log), seen_(identity_of_file(path_)), file_(CountryFile::open(path_)) {}

Countries::~Countries() = default;

// Asks each time, which costs a microsecond: a file that was renewed is heard of without a signal.
std::shared_ptr<const CountryFile> Countries::current() const {
  const auto found = identity_of_file(path_);
  const std::scoped_lock lock{mutex_};
  if (found == seen_ || !found.is_there()) return file_;
  seen_ = found;
  try {
    file_ = CountryFile::open(path_);
    log_.info("geo.file_reloaded", {{"path", path_}});
  } catch (const std::runtime_error& error) {
    log_.error("geo.file_unusable", {{"path", path_}, {"problem", error.what()}});
  }
  return file_;
}

Time made_at(const std::string& path) { return CountryFile::open(path)->made_at(); }

std::string Countries::of(std::string_view address) const { return current()->country_of(address); }

}  // namespace cardea::geo
