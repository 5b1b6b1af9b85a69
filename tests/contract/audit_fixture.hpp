#pragma once
// For the contract tests of audit: a trail on each engine, whose log is kept.

#include <mutex>
#include <string>
#include <vector>

#include "audit/audit_chain.hpp"
#include "audit/listing.hpp"
#include "tests/contract/audit_accounts.hpp"
#include "tests/support/engines.hpp"
#include "tests/support/random.hpp"

namespace cardea::audit {

inline const Time noon = from_micros(1'800'000'000'000'000);

class OnTrail : public testing_support::OnEngine {
 protected:
  OnTrail() {
    log.redirect([this](std::string_view line) {
      const std::lock_guard lock{mutex};
      lines.emplace_back(line);
    });
    add_account(database(), ann);
  }

  void record(const Event& event, const Origin& origin = {}, Time now = noon) {
    database().write([&](db::Tx& tx) { trail.record(tx, {.now = now, .origin = origin}, event); });
  }
  /// Sealed events of noon, a second apart and of different content.
  void record_chain(int count, Time first = noon) {
    for (int i = 0; i < count; ++i) {
      const auto subject = "note " + std::to_string(i);
      record({.kind = Kind{"note.created", {}}, .account = ann, .subject = subject},
             {.request = RequestId::make(first, random), .address = "192.0.2.1"}, first + std::chrono::seconds{i});
    }
    database().write(seal);
  }
  /// All of them, opened as far as they can be; the oldest first.
  std::vector<Entry> events() {
    return database().read([&](db::Tx& tx) { return latest(tx, trail.keys(), {}, 10'000); });
  }
  std::int64_t count_events() {
    return database().read([](db::Tx& tx) { return tx.one("SELECT count(*) FROM audit_event")->integer(0); });
  }

  testing_support::SeededRandom random{3};
  observe::Log log{observe::Format::json, observe::Level::debug};
  Trail trail{log, random, Secret{std::string(32, 's')}};
  AccountId ann = AccountId::make(noon, random);
  std::mutex mutex;
  std::vector<std::string> lines;
};

}  // namespace cardea::audit
