#include "tests/fault/load.hpp"

#include <algorithm>

#include "tests/support/within.hpp"

namespace cardea::fault {
namespace {

using namespace std::chrono_literals;
using testing_support::RawAnswer;
using testing_support::Visitor;
using Steady = std::chrono::steady_clock;

constexpr auto pause_after_surprise = 50ms;

/// "503 storage.full".
std::string kind_of(const RawAnswer& answer) {
  const auto body = wire::parse(answer.body);
  const auto* code = body ? body->find("code") : nullptr;
  const auto* text = code != nullptr ? code->get<std::string>() : nullptr;
  return std::to_string(answer.status) + (text != nullptr ? " " + *text : "");
}

/// The answer of `ask`, noted.
template <class Ask>
std::optional<RawAnswer> noted(Seen& seen, int wished, Ask ask) {
  const auto begun = Steady::now();
  auto answer = ask();
  seen.answer(answer, wished, std::chrono::duration_cast<Seen::Wait>(Steady::now() - begun));
  if (answer && answer->status != wished) std::this_thread::sleep_for(pause_after_surprise);
  if (!answer) std::this_thread::sleep_for(pause_after_surprise);
  return answer;
}

bool is(const std::optional<RawAnswer>& answer, int status) { return answer && answer->status == status; }

}  // namespace

void Seen::answer(const std::optional<RawAnswer>& answer, int wished, Wait wait) {
  const std::lock_guard lock{mutex_};
  longest_ = std::max(longest_, wait);
  if (!answer) {
    ++surprises_["no answer"];
  } else if (answer->status != wished) {
    ++surprises_[kind_of(*answer)];
  }
}

std::map<std::string, int> Seen::surprises() const {
  const std::lock_guard lock{mutex_};
  return surprises_;
}

Seen::Wait Seen::longest() const {
  const std::lock_guard lock{mutex_};
  return longest_;
}

void Seen::start_over() {
  const std::lock_guard lock{mutex_};
  surprises_.clear();
  longest_ = Wait{0};
}

Load::Load(std::uint16_t port, std::string names, testing_support::Ledger& ledger) : port_(port), ledger_(ledger) {
  for (const char letter : {'p', 'q', 'r', 's'}) {
    threads_.emplace_back([this, name = names + letter] { be_busy(name); });
  }
  threads_.emplace_back([this] { look(); });
}

Load::~Load() { stop(); }

void Load::stop() {
  is_over_ = true;
  threads_.clear();
}

void Load::start_over() {
  changes_.start_over();
  checks_.start_over();
}

bool Load::goes_on(int acknowledgements, std::chrono::seconds most) {
  const int wanted = acknowledged_ + acknowledgements;
  return testing_support::within(most, [&] { return acknowledged_ >= wanted; });
}

bool Load::meets(const std::string& answer, std::chrono::seconds most) {
  return testing_support::within(most, [&] { return changes_.surprises().contains(answer); });
}

void Load::be_busy(std::string name) {
  Visitor visitor{port_};
  for (int number = 20; !is_over_; ++number) {
    std::string uid = name;  // letters alone: digits would make one visitor's id look like another's
    for (int rest = number; rest > 0; rest /= 7) uid += static_cast<char>("bcdfghk"[rest % 7]);
    if (!act(visitor, uid)) ledger_.unanswered(uid);
  }
}

/// False when it is not known whether there is an account.
bool Load::act(Visitor& visitor, const std::string& uid) {
  const auto up = noted(changes_, 201, [&] { return visitor.sign_up(uid); });
  if (!is(up, 201)) return false;
  const auto session = testing_support::held(*up);
  const std::string cookie = "Cookie: " + session.cookie;
  ledger_.account(uid, session);
  ++acknowledged_;
  testing_support::NotePromise note{.id = {}, .cookie = session.cookie, .text = "of " + uid, .has_image = true};
  const wire::Value body = wire::Object{{"note", note.text}, {"image", testing_support::one_pixel}};
  const auto written = noted(changes_, 201, [&] { return visitor.ask("POST", "/v1/me/notes", body, cookie); });
  if (is(written, 201)) {
    note.id = *wire::parse(written->body)->find("id")->get<std::string>();
    ledger_.note(std::move(note));
    ++acknowledged_;
  }
  const auto in = noted(changes_, 200, [&] { return visitor.sign_in(uid); });
  if (!is(in, 200)) return true;
  const auto other = testing_support::held(*in);
  (void)noted(changes_, 200, [&] { return visitor.ask("GET", "/v1/session", {}, "Cookie: " + other.cookie); });
  const auto gone =
      noted(changes_, 204, [&] { return visitor.ask("DELETE", "/v1/me/sessions/" + other.id, {}, cookie); });
  if (!is(gone, 204)) return true;
  ledger_.revoked(other);
  ++acknowledged_;
  return true;
}

void Load::look() {
  Visitor visitor{port_};
  std::string cookie;
  while (!is_over_) {
    if (cookie.empty()) {
      const auto up = visitor.sign_up("onlooker");
      if (is(up, 201)) cookie = "Cookie: " + testing_support::held(*up).cookie;
    } else {
      (void)noted(checks_, 200, [&] { return visitor.ask("GET", "/v1/session", {}, cookie); });
    }
    std::this_thread::sleep_for(10ms);
  }
}

}  // namespace cardea::fault
