#include "http/proxy.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"
#include "http/forwarded.hpp"

namespace cardea::http {
namespace {

constexpr std::string_view forwarded = "Forwarded";
constexpr std::string_view forwarded_for = "X-Forwarded-For";
constexpr std::string_view forwarded_proto = "X-Forwarded-Proto";

std::optional<Address> peer_of(const Request& request) {
  return parse_address(std::string_view{request.peer}.substr(0, request.peer.find('%')));  // without zone
}

/// What the proxies say of one thing, nearest last, and in which header.
struct Said {
  std::string_view header;
  std::vector<std::string_view> items;
};

Said said(const Request& request, std::string_view header) {
  auto items = list_items(request.headers, header);
  if (!items.empty()) return {header, std::move(items)};
  return {forwarded, list_items(request.headers, forwarded)};
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
  if (networks_.empty()) return false;
  const auto peer = peer_of(request);
  return peer && is_trusted(*peer);
}

bool Proxies::says_plain(const Request& request) const {
  if (!brought(request)) return false;
  const Said said_of_scheme = said(request, forwarded_proto);
  if (said_of_scheme.items.empty()) return false;
  const std::string_view first = said_of_scheme.items.front();
  const bool is_alone = said_of_scheme.header == forwarded_proto;
  return text::equals_ignoring_case(is_alone ? first : forwarded_parameter(first, "proto"), "http");
}

Proxies::Client Proxies::client_of(const Request& request) const {
  if (networks_.empty()) return {request.peer};
  const auto peer = peer_of(request);
  if (!peer) return {request.peer};
  Client client{to_text(*peer)};
  if (!is_trusted(*peer)) return client;

  const Said said_of_client = said(request, forwarded_for);
  if (said_of_client.items.empty()) client.naming = Naming::missing;
  const bool is_alone = said_of_client.header == forwarded_for;
  for (auto item = said_of_client.items.rbegin(); item != said_of_client.items.rend(); ++item) {
    const auto address = parse_node(is_alone ? *item : forwarded_parameter(*item, "for"));
    if (!address) return {"unknown via " + to_text(*peer), Naming::unreadable, said_of_client.header, *item};
    client.address = to_text(*address);
    if (!is_trusted(*address)) return client;
  }
  return client;
}

}  // namespace cardea::http
