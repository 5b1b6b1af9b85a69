#pragma once
// A whole Cardea in process, without sockets: its house over a fresh database, with a clock that the test moves.
//
//   World world{[](app::Settings& settings) { list_for(settings, identity::ListedFor::everyone); }};
//   world.advance(std::chrono::minutes{11});
//
// Passwords are hashed at the least cost. The address is https://auth.test.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "app/house.hpp"
#include "identity/listing.hpp"
#include "mailbox/mailbox.hpp"
#include "tests/support/client.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"
#include "tests/support/statements.hpp"

namespace cardea::testing_support {

/// Stands still until it is moved.
class TestClock : public Clock {
 public:
  [[nodiscard]] Time now() const override { return from_micros(micros_.load()); }
  void advance(Duration span) { micros_.fetch_add(span.count()); }

 private:
  std::atomic<std::int64_t> micros_{1'795'435'200'000'000};  // 2026-11-23T12:00:00Z
};

/// Who may see the list of users.
inline void list_for(app::Settings& settings, identity::ListedFor visible) {
  settings.features.of<identity::ListingSettings>().visible = visible;
}

/// Letters are kept where `letter_to` finds them.
inline void with_mail(app::Settings& settings) {
  settings.mail.has_mailbox = true;
  settings.identity.can_send_mail = true;
}

class World {
 public:
  using Adjust = std::function<void(app::Settings&)>;
  /// `engine` is "sqlite" or "postgres".
  /// `more_features` are hosted besides the product's own, for tests of the host.
  using More = std::function<std::vector<Feature>(World&)>;
  explicit World(const Adjust& adjust = {}, std::string_view engine = "sqlite", More more_features = {});
  /// Another process on the database of `first`, which it reaches at `url` when that is given. Its clock is its own.
  struct Beside {
    const World& first;
    std::string url = {};
  };
  explicit World(const Beside& beside, const Adjust& adjust = {});
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// A browser with an empty cookie jar.
  [[nodiscard]] Client client() { return {*this, Client::Kind::browser}; }
  [[nodiscard]] Client curl() { return {*this, Client::Kind::curl}; }

  /// Time passes, and with it what is done every few seconds.
  void advance(Duration span);
  [[nodiscard]] Time now() const { return clock_.now(); }

  /// Ends the process and starts another on the same database, with other settings.
  void restart(const Adjust& adjust = {});
  /// From now on what the house writes is taken back, and told to nobody; or it is kept again. Its answers are those of
  /// a house that had kept it.
  void take_back_writes(bool is_on);
  /// From now on the database does not answer those who ask whether it is ready; or it does again.
  void seem_ready(bool is_ready);
  /// Runs every periodic job once, now.
  void run_jobs();
  /// Does what waits in the queue and is due, and what that puts there.
  void run_queue();
  /// The latest letter to this address, once the queue is done; empty texts when there is none. In a world with
  /// `with_mail`.
  [[nodiscard]] mailbox::Entry letter_to(std::string_view address);
  /// How many letters there are to this address.
  [[nodiscard]] std::int64_t letters_to(std::string_view address);

  void make_admin(std::string_view uid) { give_role(uid, Role::owner); }
  void give_role(std::string_view uid, Role role);
  void disable(std::string_view uid);
  [[nodiscard]] AccountId id_of(std::string_view uid);
  /// How many accounts there are.
  [[nodiscard]] std::int64_t accounts();
  /// The kinds of all audit events, by time and, within an instant, by name: "signup.completed signin.failed".
  [[nodiscard]] std::string audit_kinds();
  /// Every statement that `work` sends on this thread, BEGIN and COMMIT included, in order.
  [[nodiscard]] std::vector<std::string> statements(const std::function<void()>& work);
  /// Everything logged so far, one JSON line per event.
  [[nodiscard]] std::string log() const;

  [[nodiscard]] const app::Settings& settings() const { return settings_; }
  [[nodiscard]] app::House& house() { return *house_; }
  [[nodiscard]] db::Database& database() { return *database_; }
  [[nodiscard]] const std::string& database_url() const { return fresh_->url(); }
  [[nodiscard]] observe::Metrics& metrics() { return *metrics_; }

  /// The answer to a request as it stands, target not yet parsed.
  [[nodiscard]] http::Response answer(const http::Request& request);

 private:
  class Forgetful;
  void start(const Adjust& adjust);
  void open();

  std::shared_ptr<FreshDatabase> fresh_;
  StatementRecorder recorder_;
  std::unique_ptr<db::Database> database_;
  std::unique_ptr<Forgetful> forgetful_;
  TestClock clock_;
  SeededRandom random_;
  mutable std::mutex mutex_;
  std::string lines_;
  observe::Log log_{observe::Format::json, observe::Level::debug};
  app::Settings settings_;
  More more_features_;
  std::unique_ptr<observe::Metrics> metrics_;
  std::unique_ptr<app::House> house_;
};

}  // namespace cardea::testing_support
