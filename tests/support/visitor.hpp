#pragma once
// A client of the program, and the record of everything it was promised.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "encoding/value.hpp"
#include "tests/support/raw_client.hpp"

namespace cardea::testing_support {

/// A session as its owner holds it.
struct Held {
  std::string cookie;   // "__Host-cardea=…"
  std::string token;    // access token
  std::string id;
};

struct NotePromise {
  std::string id;
  std::string cookie;
  std::string text;
  bool has_image = false;
};

/// What was acknowledged; and sign-ups that were asked for and never answered.
class Ledger {
 public:
  void account(const std::string& uid, const Held& session);
  void note(NotePromise note);
  void revoked(Held session);
  void unanswered(std::string uid);
  /// Waits until so many acknowledgements are entered; false after a minute.
  [[nodiscard]] bool wait_for(int acknowledgements);

  std::vector<std::string> uids = {};
  std::vector<Held> live = {};
  std::vector<NotePromise> notes = {};
  std::vector<Held> ended = {};
  std::vector<std::string> open_questions = {};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// Sends requests one after the other on one connection, and opens another when that has ended.
class Visitor {
 public:
  explicit Visitor(std::uint16_t port) : port_(port) {}

  /// Absent when the connection ended without an answer.
  std::optional<RawAnswer> ask(const std::string& method, const std::string& path, const wire::Value& body = {},
                               const std::string& credential = {});
  std::optional<RawAnswer> sign_up(const std::string& uid);
  std::optional<RawAnswer> sign_in(const std::string& uid);

 private:
  std::uint16_t port_;
  std::unique_ptr<RawClient> connection_;
};

/// A whole request; without a body when `body` is null.
[[nodiscard]] std::string request_text(const std::string& method, const std::string& path, const wire::Value& body,
                                       const std::string& credential, const std::string& extra = {});
[[nodiscard]] wire::Value sign_up_body(const std::string& uid);
/// The session of a 200 or 201 answer to sign-in or sign-up.
[[nodiscard]] Held held(const RawAnswer& answer);
/// The image that notes carry: a PNG of one pixel, in base64.
extern const std::string one_pixel;

/// Signs up, writes notes, signs in elsewhere and revokes that session, over and over until an answer fails to come.
void be_busy(std::uint16_t port, const std::string& name, std::uint64_t seed, Ledger& ledger);

}  // namespace cardea::testing_support
