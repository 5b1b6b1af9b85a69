#pragma once
// mail: letters to people. A letter is put in the queue in the transaction that causes it, and sent afterwards.
//
// Owns: mail_bounce. Never: sends what a rolled-back transaction wanted to say; loses a letter, or sends one twice
// unless a process is killed between the server's answer and its commit; builds a link from anything but the public
// URL; lets what somebody typed become a header.
//
// What is in the queue is sealed: a letter may hold a code or a link that signs somebody in.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "jobs/queue.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "page/words.hpp"
#include "throttle/throttle.hpp"

namespace cardea::mail {

inline constexpr ErrorKind not_set_up{"mail.not_set_up", 503, "This server cannot send mail: mail.smtp is not set."};

/// The server did not answer, or does not let this program in: no fault of whom the letter is to.
inline constexpr ErrorKind not_reached{"mail.not_reached", 503,
                                       "The mail server cannot be reached; the letter is tried again."};

/// An e-mail address that can stand in an envelope and a header as it is.
class Address {
 public:
  /// Absent unless it is one, as identity takes it (unicode::email).
  [[nodiscard]] static std::optional<Address> parse(std::string_view text);
  /// Of one that there may not be, such as identity::confirmed_address.
  [[nodiscard]] static std::optional<Address> of(const std::optional<std::string>& text);
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Under which the address is counted and remembered.
  [[nodiscard]] std::string key() const;

 private:
  explicit Address(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// "Acme <no-reply@example.com>", or the address alone.
struct Sender {
  std::string name;
  Address address;
  [[nodiscard]] static std::optional<Sender> parse(std::string_view text);
};

struct Settings {
  std::string from;
  std::string smtp;            // empty: no mail is sent
  std::string user;
  Secret password;
  std::string ca_file;
  bool is_encrypted = true;
  Duration timeout = std::chrono::seconds{60};
  /// Letters to one address, whoever asks for them, so that nobody can bury a stranger in mail.
  throttle::Budget address{.free = 10,
                           .regain = std::chrono::minutes{15},
                           .delay = std::chrono::minutes{1},
                           .max_delay = std::chrono::hours{1}};
  bool has_mailbox = false;    // kept on this machine for `cardea dev`; no setting

  [[nodiscard]] bool is_on() const { return has_mailbox || !smtp.empty(); }
};
void describe(config::Section& root, Settings& settings);

/// A button.
struct Link {
  std::string label;
  std::string url;
};

/// What somebody is written, in their language. All of it is text: markup in it is shown as it is typed.
struct Letter {
  std::string subject;
  std::vector<std::string> before;  // paragraphs
  std::string code = {};            // shown large; empty: none
  std::optional<Link> link = {};
  std::vector<std::string> after = {};
};

/// A letter as it goes out.
struct Message {
  std::string to;
  std::string subject;
  std::string text;
  std::string html;
  std::string code = {};
  std::string language;  // its tag
  bool is_rtl = false;
};

/// Where letters end up. `send` may block; called on the threads of the queue.
class Transport {
 public:
  virtual ~Transport() = default;
  /// `id` is the same for each attempt at one letter. Errors: any; the letter is tried again later.
  virtual Result<Done> send(const Message& message, const jobs::Item& item) = 0;
};

/// What letters are made with.
struct Stationery {
  std::string brand;
  std::string url;               // of this server, where every link begins
  std::string accent = "#0e5e69";  // of the button, dark enough for white words
};

/// Where letters are put. Thread-safe.
class Outbox {
 public:
  struct Parts {
    jobs::Queue& queue;
    Random& random;
    observe::Metrics& metrics;
  };
  Outbox(const Settings& settings, Stationery stationery, Secret key, const Parts& parts);

  /// Whether letters can be sent at all.
  [[nodiscard]] bool is_on() const { return settings_.is_on(); }
  /// Whether they are sent, as far as this process knows: it has not failed for minutes to reach the server.
  [[nodiscard]] bool is_working(Time now) const;
  [[nodiscard]] const std::string& url() const { return stationery_.url; }

  /// Puts a letter; false when this address has had too many, which nobody is told. It is not sent any more `lifetime`
  /// after `now`, when what it says is no longer so.
  bool put(db::Tx& tx, const Address& to, const Letter& letter, const page::Words& words, Time now,
           Duration lifetime = std::chrono::hours{24}) const;

  /// Sends what was put. `transport` outlives the worker.
  [[nodiscard]] jobs::Worker worker(Transport& transport, const Clock& clock) const;

 private:
  void heed(const Result<Done>& sent, Time now) const;

  const Settings& settings_;
  Stationery stationery_;
  Secret key_;
  Parts parts_;
  // When the server could not be reached, first and last, in microseconds; 0: it was reached last.
  mutable std::atomic<std::int64_t> failing_since_ = 0;
  mutable std::atomic<std::int64_t> failed_at_ = 0;
};

/// What a message looks like on its way (RFC 5322): lines end with CRLF.
[[nodiscard]] std::string to_mime(const Message& message, const Sender& from, std::string_view id, Time at);

/// The server of the settings; outlives nothing. Records addresses that the server refuses for good.
[[nodiscard]] std::unique_ptr<Transport> smtp_transport(const Settings& settings, std::string_view own_name,
                                                        db::Database& database, const Clock& clock, observe::Log& log);

/// Sends a message at once, past the queue; what went wrong, or empty.
[[nodiscard]] std::string send_now(const Settings& settings, std::string_view own_name, const Message& message,
                                   Time now);

/// "auth.example.com" of "https://auth.example.com:8443": what a server says that it is.
[[nodiscard]] std::string_view host_of(std::string_view url);

/// Since when mail to this address comes back; absent: it does not.
[[nodiscard]] std::optional<Time> bounced_at(db::Tx& tx, const Address& address);

}  // namespace cardea::mail
