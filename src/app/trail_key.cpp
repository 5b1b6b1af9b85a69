#include "app/trail_key.hpp"

#include <unistd.h>

#include "app/dev_files.hpp"
#include "app/house.hpp"

namespace cardea::app {

Secret trail_key(const Options& options, const Settings& settings) {
  const bool has_own = !settings.secret.empty() || !options.data;
  if (has_own || ::access((*options.data + "/secret").c_str(), R_OK) != 0) return audit_sealing_key(settings);
  Settings of_folder;
  of_folder.secret = secret_in(*options.data, "secret");
  return audit_sealing_key(of_folder);
}

}  // namespace cardea::app
