#include "app/audit_list.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <set>
#include <thread>

#include "app/account_finder.hpp"
#include "app/command_database.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "app/trail_key.hpp"
#include "audit/listing.hpp"
#include "base/text.hpp"
#include "crypto/system_random.hpp"
#include "encoding/rfc3339.hpp"
#include "encoding/wire.hpp"

namespace cardea::app {
namespace {

constexpr int most_by_default = 1000;
constexpr int tail_length = 20;
constexpr std::string_view without_secret =
    "Addresses, sessions and subjects are sealed: name the server's settings with --config to read them.\n";

/// "15m", "24h", "7d".
std::optional<Duration> parse_span(std::string_view text) {
  constexpr std::array<std::pair<char, std::chrono::seconds>, 4> units{{{'s', std::chrono::seconds{1}},
                                                                        {'m', std::chrono::minutes{1}},
                                                                        {'h', std::chrono::hours{1}},
                                                                        {'d', std::chrono::hours{24}}}};
  constexpr std::int64_t most = 10'000'000;
  if (text.size() < 2) return std::nullopt;
  const auto count = text::parse_integer(text.substr(0, text.size() - 1));
  if (!count || *count < 0 || *count > most) return std::nullopt;
  for (const auto& [letter, unit] : units) {
    if (text.back() == letter) return unit * *count;
  }
  return std::nullopt;
}

wire::Value text_or_null(bool is_there, std::string text) {
  return is_there ? wire::Value{std::move(text)} : wire::Value{nullptr};
}

wire::Value text_of(const std::optional<audit::Pseudonym>& pseudonym) {
  return text_or_null(pseudonym.has_value(), pseudonym ? pseudonym->text() : "");
}

/// By the pseudonym alone when the account was erased.
std::string user_of(const audit::Entry& event) {
  if (event.account) return event.account->text();
  return event.account_pseudonym ? event.account_pseudonym->text() : "-";
}

std::string json_of(const audit::Entry& event) {
  return wire::to_json(
      wire::Object{{"id", event.id.text()},
                   {"at", rfc3339(event.at)},
                   {"kind", event.kind},
                   {"user", text_or_null(event.account.has_value(), event.account ? event.account->text() : "")},
                   {"user_pseudonym", text_of(event.account_pseudonym)},
                   {"actor", text_or_null(event.actor.has_value(), event.actor ? event.actor->text() : "")},
                   {"actor_pseudonym", text_of(event.actor_pseudonym)},
                   {"session", text_or_null(event.session.has_value(), event.session ? event.session->text() : "")},
                   {"reason", event.reason},
                   {"subject", event.subject},
                   {"address", event.address},
                   {"request", event.request_id},
                   {"count", event.count},
                   {"last_at", text_or_null(event.last_at.has_value(), event.last_at ? rfc3339(*event.last_at) : "")}});
}

std::vector<std::string> row_of(const audit::Entry& event) {
  const auto detail = event.reason + (event.reason.empty() || event.subject.empty() ? "" : ": ") + event.subject;
  return {rfc3339(event.at),
          event.kind,
          user_of(event),
          event.address.empty() ? "-" : event.address,
          event.count > 1 ? fmt::format("{} times until {}", event.count, rfc3339(event.last_at.value_or(event.at)))
                          : "once",
          detail.empty() ? "-" : detail};
}

void print(const Manner& manner, const std::vector<audit::Entry>& events) {
  Table table{{"AT", "KIND", "USER", "ADDRESS", "COUNT", "DETAIL"}};
  for (const auto& event : events) {
    if (manner.as_json)
      fmt::print("{}\n", json_of(event));
    else
      table.add(row_of(event));
  }
  if (!manner.as_json && !table.is_empty()) table.print();
}

/// What the question asks for; absent after a complaint, with the exit code.
struct Reading {
  audit::Wanted wanted = {};
  int code = exit_code::done;
};

bool read_moments(const AuditQuestion& question, Time now, audit::Wanted& wanted) {
  for (const auto& [name, text, into] :
       {std::tuple{"--since", &question.since, &wanted.since}, std::tuple{"--until", &question.until, &wanted.until}}) {
    if (text->empty()) continue;
    *into = parse_moment(*text, now);
    if (*into) continue;
    complain(std::string{name} + ": write 24h, 7d, 2026-11-23 or 2026-11-23T12:00:00Z");
    return false;
  }
  return true;
}

Reading read_question(db::Database& database, const AuditQuestion& question, Time now) {
  Reading reading{.wanted = {.kind = question.kind, .account = {}, .address = question.address}};
  if (!read_moments(question, now, reading.wanted)) return {.code = exit_code::usage};
  if (question.user.empty()) return reading;
  const auto account = database.read([&](db::Tx& tx) { return find_account(tx, question.user, now); });
  if (!account && (reading.wanted.pseudonym = audit::Pseudonym::parse(question.user))) return reading;
  // Older events of an account outlive it under its id.
  reading.wanted.account = account ? std::optional{account->id} : AccountId::parse(question.user);
  if (!reading.wanted.account) reading.code = nobody_is(question.user);
  return reading;
}

/// Prints what is new each second. An event may show late, when its transaction took long: a little of the past is
/// read again each time.
void follow(db::Database& database, const audit::Keys& keys, const Manner& manner, audit::Wanted wanted,
            std::vector<audit::Entry> shown) {
  constexpr std::chrono::seconds overlap{30};
  std::set<EventId> known;
  while (true) {
    for (const auto& event : shown) known.insert(event.id);
    if (std::fflush(stdout) != 0) return;
    std::this_thread::sleep_for(std::chrono::seconds{1});
    wanted.since = RealClock{}.now() - overlap;
    shown = database.read([&](db::Tx& tx) { return audit::latest(tx, keys, wanted, most_by_default); });
    std::erase_if(shown, [&known](const auto& event) { return known.contains(event.id); });
    print(manner, shown);
  }
}

int look(const Options& options, const Manner& manner, const AuditQuestion& question, int limit) {
  return with_copy(options, [&](db::Database& database, const Settings& settings) {
    crypto::SystemRandom random;
    Secret key = trail_key(options, settings);
    if (key.empty()) fmt::print(stderr, "{}", without_secret);
    const audit::Keys keys{std::move(key), random};
    const auto reading = read_question(database, question, RealClock{}.now());
    if (reading.code != exit_code::done) return reading.code;
    const auto events = database.read([&](db::Tx& tx) { return audit::latest(tx, keys, reading.wanted, limit); });
    print(manner, events);
    if (question.follow) follow(database, keys, manner, reading.wanted, events);
    if (events.empty()) fmt::print(stderr, "No such events.\n");
    if (std::ssize(events) == limit) fmt::print(stderr, "These are the last {}; --limit shows more.\n", limit);
    return exit_code::done;
  });
}

}  // namespace

std::optional<Time> parse_moment(const std::string& text, Time now) {
  if (const auto span = parse_span(text)) return now - *span;
  if (const auto date = parse_date(text)) return Time{std::chrono::sys_days{*date}};
  return wire::parse_rfc3339(text);
}

int audit_list(const Options& options, const Manner& manner, const AuditQuestion& question) {
  return look(options, manner, question, question.limit.value_or(most_by_default));
}

int audit_tail(const Options& options, const Manner& manner, const AuditQuestion& question) {
  return look(options, manner, question, question.limit.value_or(tail_length));
}

}  // namespace cardea::app
