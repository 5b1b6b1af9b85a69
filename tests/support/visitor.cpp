#include "tests/support/visitor.hpp"

#include <chrono>
#include <random>
#include <stdexcept>
#include <system_error>

#include "base/text.hpp"

namespace cardea::testing_support {

const std::string one_pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

namespace {

const std::string password = "eleven quiet harbours";

std::string text_at(const wire::Value& value, std::string_view member) {
  const auto* found = value.find(member);
  const auto* text = found != nullptr ? found->get<std::string>() : nullptr;
  if (text == nullptr) throw std::runtime_error("no " + std::string{member} + " in " + wire::to_json(value));
  return *text;
}

wire::Value parsed(const RawAnswer& answer) {
  auto value = wire::parse(answer.body);
  if (!value) throw std::runtime_error("no JSON: " + answer.head + answer.body);
  return *value;
}

/// The session cookie among several Set-Cookie fields.
std::string session_cookie(const std::string& head) {
  const std::string name = "__Host-cardea=";
  const auto at = head.find(name);
  if (at == std::string::npos) throw std::runtime_error("no session cookie in " + head);
  return head.substr(at, head.find(';', at) - at);
}

[[noreturn]] void surprise(const char* what, const RawAnswer& answer) {
  throw std::runtime_error(std::string{what} + ": " + answer.head + answer.body);
}

/// What one visitor does between sign-ups; false when an answer did not come.
struct Errands {
  Visitor& visitor;
  std::mt19937_64& random;
  Ledger& ledger;

  bool write_note(const Held& session) {
    NotePromise promise{.cookie = session.cookie, .text = std::string(random() % 3000 + 1, 'n')};
    promise.text += std::to_string(random());
    promise.has_image = random() % 2 == 0;
    wire::Object body{{"note", promise.text}};
    if (promise.has_image) body.push_back({"image", one_pixel});
    const auto answer = visitor.ask("POST", "/v1/me/notes", std::move(body), "Cookie: " + session.cookie);
    if (!answer) return false;
    if (answer->status != 201) surprise("note", *answer);
    promise.id = text_at(parsed(*answer), "id");
    ledger.note(std::move(promise));
    return true;
  }

  bool revoke_elsewhere(const std::string& uid, const Held& session) {
    const auto in = visitor.sign_in(uid);
    if (!in) return false;
    if (in->status != 200) surprise("sign-in", *in);
    Held other = held(*in);
    // Used, so that it is in memory when it is revoked.
    const auto used = visitor.ask("GET", "/v1/session", {}, "Cookie: " + other.cookie);
    if (!used) return false;
    if (used->status != 200) surprise("session", *used);
    const auto gone = visitor.ask("DELETE", "/v1/me/sessions/" + other.id, {}, "Cookie: " + session.cookie);
    if (!gone) return false;
    if (gone->status != 204) surprise("revocation", *gone);
    ledger.revoked(std::move(other));
    return true;
  }
};

}  // namespace

void Ledger::account(const std::string& uid, const Held& session) {
  const std::lock_guard lock{mutex_};
  uids.push_back(uid);
  live.push_back(session);
  ++count_;
  changed_.notify_all();
}

void Ledger::note(NotePromise note) {
  const std::lock_guard lock{mutex_};
  notes.push_back(std::move(note));
  ++count_;
  changed_.notify_all();
}

void Ledger::revoked(Held session) {
  const std::lock_guard lock{mutex_};
  ended.push_back(std::move(session));
  ++count_;
  changed_.notify_all();
}

bool Ledger::wait_for(int acknowledgements) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, std::chrono::minutes{1}, [&] { return count_ >= acknowledgements; });
}

void Ledger::unanswered(std::string uid) {
  const std::lock_guard lock{mutex_};
  open_questions.push_back(std::move(uid));
}

std::string request_text(const std::string& method, const std::string& path, const wire::Value& body,
                         const std::string& credential, const std::string& extra) {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + extra;
  if (!credential.empty()) text += credential + "\r\n";
  if (body.is<std::nullptr_t>()) return text + "\r\n";
  const std::string json = wire::to_json(body);
  return text + "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n\r\n" + json;
}

wire::Value sign_up_body(const std::string& uid) {
  return wire::Object{{"name", "Crash Test"},
                      {"uid", uid},
                      {"email", uid + "@example.org"},
                      {"password", password},
                      {"tracking", "tracked " + uid}};
}

Held held(const RawAnswer& answer) {
  const auto body = parsed(answer);
  return {.cookie = session_cookie(answer.head),
          .token = text_at(body, "access_token"),
          .id = text_at(*body.find("session"), "id")};
}

std::optional<RawAnswer> Visitor::ask(const std::string& method, const std::string& path, const wire::Value& body,
                                      const std::string& credential) {
  try {
    if (!connection_) connection_ = std::make_unique<RawClient>(port_);
  } catch (const std::system_error&) {
    return std::nullopt;  // nobody listens any more
  }
  auto answer = connection_->ask(request_text(method, path, body, credential));
  if (!answer || text::equals_ignoring_case(answer->field("Connection"), "close")) connection_.reset();
  return answer;
}

std::optional<RawAnswer> Visitor::sign_up(const std::string& uid) {
  return ask("POST", "/v1/signup", sign_up_body(uid));
}

std::optional<RawAnswer> Visitor::sign_in(const std::string& uid) {
  return ask("POST", "/v1/signin", wire::Object{{"uid", uid}, {"password", password}});
}

void be_busy(std::uint16_t port, const std::string& name, std::uint64_t seed, Ledger& ledger) {
  Visitor visitor{port};
  std::mt19937_64 random{seed};
  Errands errands{visitor, random, ledger};
  for (int number = 20;; ++number) {
    // Letters alone: digits would make one visitor's id look like another's.
    std::string uid = name;
    for (int rest = number; rest > 0; rest /= 7) uid += static_cast<char>("bcdfghk"[rest % 7]);
    const auto in = visitor.sign_up(uid);
    if (!in) return ledger.unanswered(uid);
    if (in->status != 201) surprise("sign-up", *in);
    const Held session = held(*in);
    ledger.account(uid, session);
    for (auto notes = random() % 3; notes > 0; --notes) {
      if (!errands.write_note(session)) return;
    }
    if (random() % 2 == 0 && !errands.revoke_elsewhere(uid, session)) return;
  }
}

}  // namespace cardea::testing_support
