#pragma once
// geo: the country that an address is in, by a file in MaxMind's format (MaxMind DB 2.0), which the operator renews.
//
// Never: asks anybody over the network; is believed further than that a country is another one than before.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/file_identity.hpp"
#include "observe/log.hpp"

namespace cardea::geo {

class CountryFile;

/// The file in use. One that is put in its place is used from the next look-up on; the old one goes on being used when
/// that one is damaged, which is logged. Thread-safe; a look-up blocks for no longer than a copy of a new file takes.
class Countries {
 public:
  /// Throws std::runtime_error, with the name of the setting, when what is at `path` cannot be used.
  Countries(std::string path, observe::Log& log);
  ~Countries();
  Countries(const Countries&) = delete;
  Countries& operator=(const Countries&) = delete;

  /// Two letters of ISO 3166-1, "CH". Empty where that is not known: an address of no country, or none at all.
  [[nodiscard]] std::string of(std::string_view address) const;

 private:
  std::shared_ptr<const CountryFile> current() const;

  const std::string path_;
  observe::Log& log_;
  mutable std::mutex mutex_;
  mutable FileIdentity seen_;
  mutable std::shared_ptr<const CountryFile> file_;
};

}  // namespace cardea::geo
