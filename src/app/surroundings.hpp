#pragma once
// What the settings meet on this machine: the database, folders, certificate and clock. For `cardea config check`; the
// settings themselves have been found usable before.

#include <string>
#include <string_view>
#include <vector>

#include "app/settings.hpp"

namespace cardea::app {

struct Finding {
  enum class Weight {
    remark,   // worth knowing
    problem,  // keeps the server from starting, or is dangerous
  };
  Weight weight;
  std::string text;  // begins with the key it is about, and says what to do
  std::string fix = {};  // a line to be pasted into a shell or a file, where there is one
};

/// A list of findings that grows.
class Findings {
 public:
  void remark(std::string text, std::string fix = {}) { add(Finding::Weight::remark, std::move(text), std::move(fix)); }
  void problem(std::string text, std::string fix = {}) {
    add(Finding::Weight::problem, std::move(text), std::move(fix));
  }
  std::vector<Finding> all = {};

 private:
  void add(Finding::Weight weight, std::string text, std::string fix) {
    all.push_back({weight, std::move(text), std::move(fix)});
  }
};

/// A certificate with fewer days left is worth a word: it is renewed before.
inline constexpr Duration certificate_is_old = std::chrono::days{21};
/// A list of leaked passwords that is older misses much.
inline constexpr Duration leaked_list_is_old = std::chrono::days{366};
/// A file of countries that is older is often wrong.
inline constexpr Duration country_file_is_old = std::chrono::days{92};
/// Clocks that are further apart are a problem.
inline constexpr Duration clock_tolerance = std::chrono::minutes{1};
/// What sets a clock right.
inline constexpr std::string_view clock_fix = "timedatectl set-ntp true";
/// "12 days".
[[nodiscard]] std::string days_text(Duration span);

/// Looks and changes nothing; an unreachable database costs some seconds. `config_file` is where the settings came
/// from, empty when there was none; `now` is this machine's clock.
[[nodiscard]] std::vector<Finding> look_around(const Settings& settings, const std::string& config_file, Time now);

}  // namespace cardea::app
