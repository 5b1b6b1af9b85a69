#pragma once
// outbound: connections that this program opens to others: SMTP here, HTTP in http.hpp, both by libcurl.
//
// Owns: nothing stored. Never: waits without a deadline; trusts a certificate that the machine does not; sends a
// password over a connection that is not encrypted, unless it never leaves this machine.

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace cardea::outbound {

/// How a server is reached.
struct SmtpServer {
  std::string url;           // "smtps://smtp.example.com:465", or "smtp://…:587", which becomes encrypted (STARTTLS)
  bool is_encrypted = true;  // else in the clear: for a server on this machine
  std::string user = {};     // empty: no authentication
  Secret password = {};
  std::string ca_file = {};  // certificates to trust besides the machine's; empty: none
  std::string own_name = {};  // what EHLO says
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};  // for one message, from the first byte to the last
};

/// One message, as it goes out: lines end with CRLF.
struct SmtpMessage {
  std::string_view from;  // addresses without names
  std::string_view to;
  std::string_view content;
};

/// What became of a message.
struct SmtpOutcome {
  enum class Kind { sent, recipient_refused, failed } kind = Kind::failed;
  long reply = 0;      // of the server, "550"; 0: there was none
  std::string reason = {};  // for the operator: what failed, without anything secret; empty when it was sent
};

/// What is wrong with a URL of a server; empty: nothing.
[[nodiscard]] std::string problem_with_smtp_url(std::string_view url);

/// Sends messages, one after another on a connection that stays open. Thread-safe: each message that is sent at the
/// same time has a connection of its own.
class SmtpClient {
 public:
  explicit SmtpClient(SmtpServer server);
  ~SmtpClient();
  SmtpClient(const SmtpClient&) = delete;
  SmtpClient& operator=(const SmtpClient&) = delete;

  /// Blocks for the timeouts of the server at most, and ends soon when `stop` is requested.
  ///
  /// `recipient_refused` is for good (RFC 5321 §4.2.1: 5yz to RCPT); what else fails may succeed later.
  [[nodiscard]] SmtpOutcome send(const SmtpMessage& message, const std::stop_token& stop = {});

 private:
  class Connection;
  [[nodiscard]] std::unique_ptr<Connection> take();
  void put_back(std::unique_ptr<Connection> connection);

  const SmtpServer server_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace cardea::outbound
