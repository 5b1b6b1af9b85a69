#pragma once
// The server's certificate and the terms of its handshakes: TLS 1.2 and 1.3, forward secrecy and AEAD only.

#include <memory>
#include <mutex>
#include <string>

#include "base/result.hpp"
#include "edge/asio.hpp"
#include "edge/server.hpp"

namespace cardea::edge {

/// Shared, because handshakes under way keep the context they began with when a reload swaps it.
using TlsContext = std::shared_ptr<asio::ssl::context>;

/// Of `settings` it takes certificate, key, and whether HTTP/2 is spoken. Errors: edge.wrong_certificate, with the file
/// and OpenSSL's reason as detail.
[[nodiscard]] Result<TlsContext> make_tls_context(const Settings& settings);

/// Whether a handshake chose HTTP/2.
[[nodiscard]] bool agreed_on_http2(TlsStream& stream);

/// The context for the next handshake. Any thread.
class TlsSlot {
 public:
  [[nodiscard]] TlsContext get() const {
    const std::lock_guard lock{mutex_};
    return context_;
  }
  void set(TlsContext context) {
    const std::lock_guard lock{mutex_};
    context_.swap(context);
  }

 private:
  mutable std::mutex mutex_;
  TlsContext context_;
};

}  // namespace cardea::edge
