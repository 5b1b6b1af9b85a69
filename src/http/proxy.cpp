#include "http/proxy.hpp"

#include "base/text.hpp"
#include "http/forwarded.hpp"

namespace cardea::http {
namespace {

constexpr std::string_view forwarded = "Forwarded";
constexpr std::string_view forwarded_for = "X-Forwarded-For";

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

bool Proxies::says_plain(const Request& request) const {
  return brought(request) && text::equals_ignoring_case(forwarded_scheme(request.headers), "http");
}

Proxies::Client Proxies::client_of(const Request& request) const {
  if (trusted_.empty() && request.peer != unix_peer) return {request.peer};
  const auto peer = address_of_peer(request.peer);
  Client client{peer ? to_text(*peer) : request.peer};
  if (!brought(request)) {
    if (!peer && !said(request, forwarded_for).items.empty()) client.naming = Naming::unheard;
    return client;
  }

  const std::string proxy = client.address;
  const Said said_of_client = said(request, forwarded_for);
  if (said_of_client.items.empty()) client.naming = Naming::missing;
  const bool is_alone = said_of_client.header == forwarded_for;
  for (auto item = said_of_client.items.rbegin(); item != said_of_client.items.rend(); ++item) {
    const auto address = parse_node(is_alone ? *item : forwarded_parameter(*item, "for"));
    if (!address) return {"unknown via " + proxy, Naming::unreadable, said_of_client.header, *item};
    client.address = to_text(*address);
    if (!trusted_.holds(*address)) return client;
  }
  return client;
}

}  // namespace cardea::http
