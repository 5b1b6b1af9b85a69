#include "app/listen_place.hpp"

namespace cardea::app {

std::string reachable_place(const std::string& listen) {
  const auto colon = listen.rfind(':');
  const auto host = listen.substr(0, colon);
  if (host == "0.0.0.0" || host.empty()) return "127.0.0.1" + listen.substr(colon);
  if (host == "[::]") return "[::1]" + listen.substr(colon);
  return listen;
}

std::string address_in(const std::string& place) {
  auto host = place.substr(0, place.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return host == "localhost" ? "127.0.0.1" : host;
}

}  // namespace cardea::app
