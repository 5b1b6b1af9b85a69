#pragma once
// What the two sides of an HTTP/2 stream tell each other: the protocol, which knows frames, and the session, which
// serves its request.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/secret.hpp"
#include "edge/http2_head.hpp"

namespace cardea::edge {

struct Http2Stream {
  explicit Http2Stream(std::int32_t id_) : id(id_) {}
  ~Http2Stream() { wipe(received); }
  Http2Stream(const Http2Stream&) = delete;
  Http2Stream& operator=(const Http2Stream&) = delete;

  std::int32_t id;

  // The protocol's to write.
  Http2Head head;
  std::string received = {};  // of the body, and not yet used; as much as the connection's window lets through
  std::size_t trailers = 0;  // bytes, thrown away
  bool is_whole = false;  // the request
  bool is_closed = false;  // for the protocol there is no such stream any more
  bool is_taken = false;  // all of `outgoing`, and the end with it if it is the last

  // The session's to write.
  std::size_t body_limit = 0;  // bytes
  bool expects_continue = false;
  std::string_view outgoing = {};  // of the response's body, and not yet taken
  bool is_last = false;  // nothing comes behind it
  std::function<void()> on_change = {};  // called when one of the others changes; must not throw

  /// Adds to `received`, and leaves no copy behind.
  void keep(std::string_view bytes) {
    if (received.capacity() - received.size() < bytes.size()) {
      std::string larger;
      larger.reserve(std::max(received.capacity() * 2, received.size() + bytes.size()));
      larger.append(received);
      wipe(received);
      received.swap(larger);
    }
    received.append(bytes);
  }
  void changed() const {
    if (on_change) on_change();
  }
};

}  // namespace cardea::edge
