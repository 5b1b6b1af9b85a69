#include "audit/retention.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "audit/archive.hpp"
#include "audit/checkpoint.hpp"
#include "config/words.hpp"
#include "encoding/base64.hpp"

namespace cardea::audit {
namespace {

constexpr std::string_view forever = "forever";
constexpr Duration shortest = std::chrono::hours{24};

std::string problem_with(const Settings& settings) {
  const auto span = config::parse_span(settings.keep);
  if (settings.keep != forever && !span) {
    return "keep: " + config::quoted(settings.keep) + " is neither a span of time, such as \"400d\", nor \"forever\"";
  }
  if (span && *span < shortest)
    return "keep: " + config::quoted(settings.keep) + " is too short, allowed is at least 1d";
  if (settings.export_before_removal.empty()) return {};
  std::error_code ignored;
  const auto folder = std::filesystem::status(settings.export_before_removal, ignored);
  // Whoever runs a command need not be able to see it.
  const bool is_seen = folder.type() != std::filesystem::file_type::none;
  if (!is_seen || std::filesystem::is_directory(folder)) return {};
  return "export_before_removal: there is no folder " + config::quoted(settings.export_before_removal);
}

Error broken_at(const Break& broken) {
  return Error{chain_broken, fmt::format("it breaks at event {}: {}; no event is removed until somebody has seen to it",
                                         broken.number, broken.what)};
}

/// The last event of the chain's beginning that may go; absent when there is none.
///
/// A clock that was ahead has written events of a time that has not come. They are no reason to keep what came before
/// them for ever, and are not the last to go either.
Result<std::optional<Link>> find_last_old(db::Database& database, const CheckpointKey& key, Time before, Time now) {
  std::optional<Link> last_old;
  const auto newest = database.read(head);
  ChainReader chain{database, key};
  const std::int64_t most = jobs::batch_size * jobs::most_batches;
  for (std::int64_t seen = 0; seen < most;) {
    const auto events = chain.next();
    if (events.empty()) break;
    for (const auto& event : events) {
      const bool is_old = event.entry.at < before;
      if (event.number >= newest.number || (!is_old && event.entry.at <= now)) return last_old;
      if (!is_old) continue;
      last_old = Link{.number = event.number};
      std::copy(event.hash->begin(), event.hash->end(), last_old->hash.begin());
    }
    seen += static_cast<std::int64_t>(events.size());
  }
  if (chain.broken()) return broken_at(*chain.broken());
  return last_old;
}

/// Removes the next events, at most a batch, none behind `last`; returns the new beginning.
Result<Checkpoint> remove_batch(db::Tx& tx, const Secret& key, const Link& last, Time now) {
  const auto present = find_checkpoint(tx);
  if (present && !is_signed(*present, crypto::ed25519_public_key(key))) {
    return broken_at({present->link.number, "the checkpoint was not signed by this server"});
  }
  Link end = present ? present->link : Link{};
  if (end.number >= last.number) return *present;  // another process did it
  const auto events = sealed_after(tx, end.number, std::min(jobs::batch_size, last.number - end.number));
  if (const auto broken = check_links(events, end)) return broken_at(*broken);
  if (end.number == last.number && end.hash != last.hash) {
    return broken_at({end.number, "the event is not the one that was looked at"});
  }
  auto checkpoint = sign_checkpoint(key, end, now);
  replace_checkpoint(tx, checkpoint);
  if (remove_up_to(tx, end.number) != static_cast<std::int64_t>(events.size())) {
    return broken_at({end.number, "there are events that were removed before"});
  }
  return checkpoint;
}

}  // namespace

void describe(config::Section& section, Settings& settings) {
  section.text("keep", settings.keep,
               "Events of the audit trail are removed when they are older: a span of at least a day, or \"forever\".");
  section.text("export_before_removal", settings.export_before_removal,
               "A folder: what is removed is first written to a file there. Empty: it is not.");
  section.check([&settings] { return problem_with(settings); });
}

std::optional<Duration> keep_span(const Settings& settings) {
  if (settings.keep == forever) return std::nullopt;
  const auto span = config::parse_span(settings.keep);
  if (!span) throw std::invalid_argument{"audit.keep is no span: " + settings.keep};
  return span;
}

Retention::Retention(db::Database& database, const Settings& settings, Secret key, observe::Log& log)
    : database_(&database),
      keep_(keep_span(settings)),
      folder_(settings.export_before_removal),
      key_(std::move(key)),
      log_(&log) {}

Result<Done> Retention::remove_old(Time now) const {
  if (!keep_) return done;
  auto last = TRY(find_last_old(*database_, crypto::ed25519_public_key(key_), now - *keep_, now));
  if (!last) return done;
  if (!folder_.empty()) last = TRY(archive(*database_, folder_, last->number, key_, now));
  Link begin;
  while (begin.number < last->number) {
    const auto moved = TRY(database_->write([&](db::Tx& tx) { return remove_batch(tx, key_, *last, now); }));
    begin = moved.link;
  }
  log_->info("audit.removed", {{"number", begin.number}, {"hash", encoding::hex(begin.hash)}});
  return done;
}

jobs::Periodic Retention::job() const {
  return {.name = "audit.remove",
          .every = std::chrono::hours{1},
          .work = [this](Time now) { return remove_old(now); },
          .removes_by_age = true};
}

}  // namespace cardea::audit
