#include "http/proxy.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace cardea::http {
namespace {

/// The fields of one name in the order sent.
std::vector<std::string_view> values_of(const Request& request, std::string_view name) {
  std::vector<std::string_view> values;
  for (const Header& field : request.headers.fields()) {
    if (text::equals_ignoring_case(field.name, name)) values.emplace_back(field.value);
  }
  return values;
}

std::optional<Address> peer_of(const Request& request) {
  return parse_address(std::string_view{request.peer}.substr(0, request.peer.find('%')));  // without zone
}

}  // namespace

Proxies::Proxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const auto network = parse_network(text);
    if (!network) throw std::invalid_argument{"not a network of trusted proxies: " + text};
    networks_.push_back(*network);
  }
}

bool Proxies::is_trusted(const Address& address) const {
  return std::any_of(networks_.begin(), networks_.end(),
                     [&](const Network& network) { return contains(network, address); });
}

bool Proxies::brought(const Request& request) const {
  const auto peer = peer_of(request);
  return peer && is_trusted(*peer);
}

Proxies::Client Proxies::client_of(const Request& request) const {
  const auto peer = peer_of(request);
  if (!peer) return {request.peer, request.secure};
  Client client{to_text(*peer), request.secure};
  if (!is_trusted(*peer)) return client;

  const auto protocols = values_of(request, "X-Forwarded-Proto");
  if (protocols.size() == 1) {
    client.secure = text::equals_ignoring_case(text::trim(protocols[0]), "https");
    client.plain = text::equals_ignoring_case(text::trim(protocols[0]), "http");
  }

  const auto lists = values_of(request, "X-Forwarded-For");
  Address nearest = *peer;
  for (auto list = lists.rbegin(); list != lists.rend(); ++list) {
    const auto items = text::split(*list, ',');
    for (auto item = items.rbegin(); item != items.rend(); ++item) {
      const auto address = parse_address(text::trim(*item));
      if (!address) return client;
      nearest = *address;
      if (is_trusted(nearest)) continue;
      client.address = to_text(nearest);
      return client;
    }
  }
  client.address = to_text(nearest);
  return client;
}

}  // namespace cardea::http
