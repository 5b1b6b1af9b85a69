#pragma once
// Whether anybody takes mail for a domain, as DNS says: its MX records or, where there are none, its address (RFC 5321
// §5.1); a "null MX" says that nobody does (RFC 7505).
//
// Never: resolves what it is told beyond these names, or connects to what it finds.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace cardea::outbound {

enum class TakesMail {
  yes,
  no,
  unknown,  // the name server said nothing, or nothing that counts
};

struct NameServer {
  std::string address = {};  // "192.0.2.53" or "192.0.2.53:5353"; empty: those of the machine
  std::chrono::seconds timeout{2};  // for each of at most three questions
};
/// What is wrong with the address; empty: nothing.
[[nodiscard]] std::string problem_with_name_server(const std::string& address);

/// Asks, and remembers what it was told for ten minutes; what it was not told, for half a minute. Thread-safe.
class MailDomains {
 public:
  using Observer = std::function<void(TakesMail)>;
  /// `observe` is told of every answer that a name server gave, or did not give; any thread.
  explicit MailDomains(NameServer server, Observer observe = [](TakesMail) {});
  ~MailDomains();
  MailDomains(const MailDomains&) = delete;
  MailDomains& operator=(const MailDomains&) = delete;

  /// `domain` is in ASCII, without a final dot. Blocks for three time-outs at most.
  [[nodiscard]] TakesMail ask(const std::string& domain);

 private:
  class Memory;

  NameServer server_;
  Observer observe_;
  std::unique_ptr<Memory> memory_;
};

}  // namespace cardea::outbound
