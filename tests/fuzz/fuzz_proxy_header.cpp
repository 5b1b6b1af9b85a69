// libraries: edge
// Whatever bytes arrive as a PROXY header, it is read within its limit, a byte at a time as in one go, and names an
// address or nobody.

#include <algorithm>

#include "base/bytes.hpp"
#include "edge/proxy_header.hpp"
#include "http/address.hpp"
#include "tests/fuzz/require.hpp"

using cardea::fuzz::require;

namespace {

namespace edge = cardea::edge;
using State = edge::ProxyHeader::State;

struct Received {
  edge::ProxyHeader header;
  std::size_t used = 0;
};

Received receive(std::string_view text, std::size_t step) {
  Received received;
  for (;;) {
    received.header = edge::parse_proxy_header(text.substr(0, received.used));
    const std::size_t left = text.size() - received.used;
    if (received.header.state != State::incomplete || left == 0) return received;
    require(received.header.needed > 0, "what is not whole needs something");
    received.used += std::min({received.header.needed, left, step});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const auto text = cardea::as_text({data, size});
  const Received whole = receive(text, size + 1);
  const Received slow = receive(text, 1);
  require(whole.used <= edge::max_proxy_header, "it ends");
  require(whole.header.state == slow.header.state && whole.header.client == slow.header.client,
          "it is the same slowly");
  if (whole.header.state != State::complete) return 0;
  require(whole.used == slow.used, "and takes the same bytes");
  if (whole.header.client)
    require(cardea::http::parse_address(*whole.header.client).has_value(), "it names an address");
  return 0;
}
