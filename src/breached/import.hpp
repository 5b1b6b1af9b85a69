#pragma once
// From a downloaded list of leaked passwords to a filter.

#include <cstdint>
#include <functional>
#include <string>

#include "breached/breached.hpp"

namespace cardea::breached {

/// Told now and then how much is done, of how much; 0: nobody knows. Bytes, or files of a folder. May throw, which ends
/// the import.
using ImportProgress = std::function<void(std::int64_t read, std::int64_t all)>;

/// Reads `place`: a file that is ordered by hash, a folder with a file for each range (00000 or 00000.txt to FFFFF), or
/// "-", standard input; and writes the filter into the empty file `filter`, which nobody uses before this succeeds.
/// Errors: breached.unusable, with the place and number of the line. Throws std::system_error.
Result<Facts> import_list(const std::string& place, const std::string& filter, Time now,
                          const ImportProgress& progress);

}  // namespace cardea::breached
