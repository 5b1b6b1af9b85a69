#pragma once
// breached: whether a password has appeared in a data leak, by a list that lies on this machine, or by a service.
//
// Owns: the filter, a file that `cardea password-list import` makes of Have I Been Pwned's list. Never: says who has a
// password; keeps anything of it; sends a part of its hash anywhere while there is a list, and without one no more than
// five digits of it, to the service that the settings name (range_client.hpp).
//
// The filter (filter_layout.hpp) holds 51 bits of each SHA-1 value: the first 20 choose one of 1,048,576 ranges, which
// is the sorted sequence of the next 31 in Elias and Fano's form. With a billion entries that is 23.3 bits each, 2.9
// GB; making it takes 8 MB of memory and one pass over the list. A password that is not in the list is taken for one
// that is with a probability of entries / 2^51: 4 in 10 million with a billion, and never above one in a million, since
// no more than 2.25 billion are taken. A look-up reads two places of the file, about 3 KB, and checks a digest of what
// it read, so that a damaged disk is noticed instead of believed. It reads them, rather than mapping the file: whoever
// copies a new file over the old one, or a disk that fails, would end a process that has it mapped.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/file_identity.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "observe/log.hpp"

namespace cardea::breached {

inline constexpr ErrorKind unusable{"breached.unusable", 500, "The list of leaked passwords cannot be used."};

/// What a filter says of itself.
struct Facts {
  std::uint64_t entries = 0;
  Time made_at;
};
/// Checks the head and the index of the filter at `path`. Errors: breached.unusable.
Result<Facts> inspect(const std::string& path);

class Filter;
class RangeClient;

/// Whether there must be one.
enum class Presence { optional, required };

/// What is asked about a password.
enum class Ask {
  list_alone,
  service_too,  // where there is no list: blocks for a second or two at most
};

/// The filter in use. Follows the file: one that is put in its place is used from the next look-up on, and the old one
/// goes on being used when that one is damaged. Thread-safe.
class Passwords {
 public:
  /// Throws std::runtime_error when what is at `path` cannot be used, and when it is required and not there. `service`
  /// may be null: there is none.
  Passwords(std::string path, Presence presence, observe::Log& log, std::unique_ptr<RangeClient> service);
  Passwords(std::string path, Presence presence, observe::Log& log);
  ~Passwords();
  Passwords(const Passwords&) = delete;
  Passwords& operator=(const Passwords&) = delete;

  /// Whether `password`, in UTF-8, is in the list, or known to the service. False also when there is neither, or when
  /// they cannot be asked, which is logged.
  [[nodiscard]] bool hold(std::string_view password, Ask ask = Ask::list_alone) const;

 private:
  std::shared_ptr<const Filter> current() const;

  const std::string path_;
  observe::Log& log_;
  const std::unique_ptr<RangeClient> service_;
  mutable std::mutex mutex_;
  mutable FileIdentity seen_;
  mutable std::shared_ptr<const Filter> filter_;
};

}  // namespace cardea::breached
