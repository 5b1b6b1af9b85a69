#include "config/service_variable.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cardea::config {
namespace {

constexpr std::string_view protocols[] = {"tcp", "udp", "sctp"};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == std::string_view::npos;
}

bool is_protocol(std::string_view text) {
  return std::any_of(std::begin(protocols), std::end(protocols),
                     [text](std::string_view one) { return text::equals_ignoring_case(text, one); });
}

/// "tcp://10.96.7.12:8025"
bool is_place(std::string_view text) { return is_protocol(text.substr(0, text.find("://"))); }

/// What follows PORT_ in a name: "8025_TCP" and perhaps "_PROTO", "_PORT" or "_ADDR".
bool is_of_port(std::string_view rest, std::string_view value) {
  const auto parts = text::split(rest, '_');
  if (parts.size() < 2 || parts.size() > 3 || !is_number(parts[0]) || !is_protocol(parts[1])) return false;
  if (parts.size() == 2) return is_place(value);
  if (parts[2] == "PROTO") return is_protocol(value);
  if (parts[2] == "PORT") return is_number(value);
  return parts[2] == "ADDR" && is_address(value);
}

}  // namespace

bool is_service_variable(std::string_view name, std::string_view value) {
  if (!name.starts_with("CARDEA_")) return false;
  if (name.ends_with("_SERVICE_HOST")) return is_address(value);
  // A link of Docker, which passes on the other container's environment too.
  if (name.starts_with("CARDEA_ENV_")) return true;
  if (name == "CARDEA_NAME") return value.starts_with('/');
  // The Service's own name may hold these words too, so each place where they stand is tried.
  for (auto at = name.find("_SERVICE_PORT"); at != std::string_view::npos; at = name.find("_SERVICE_PORT", at + 1)) {
    const auto rest = name.substr(at + std::string_view{"_SERVICE_PORT"}.size());
    if ((rest.empty() || rest.starts_with('_')) && is_number(value)) return true;
  }
  if (name.ends_with("_PORT") && is_place(value)) return true;
  for (auto at = name.find("_PORT_"); at != std::string_view::npos; at = name.find("_PORT_", at + 1)) {
    if (is_of_port(name.substr(at + std::string_view{"_PORT_"}.size()), value)) return true;
  }
  return false;
}

}  // namespace cardea::config
