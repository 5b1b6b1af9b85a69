#include "breached/range_client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "breached/list_line.hpp"

namespace cardea::breached {
namespace {

/// Some 2,000 hashes of 40 characters and what fills the answer up take a third of it.
constexpr std::size_t most_answer = 262'144;

outbound::HttpSettings http_of(const ServiceSettings& settings) {
  return {.reach = settings.allow_private ? outbound::Reach::anywhere : outbound::Reach::public_only,
          .connect_timeout = settings.timeout,
          .timeout = settings.timeout,
          .max_answer = most_answer};
}

/// One of the places of those who ask, until the end of its scope.
class Place {
 public:
  explicit Place(std::atomic<int>& taken) : taken_(taken), is_there_(taken.fetch_add(1) < RangeClient::most_at_once) {}
  ~Place() { taken_.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] bool is_there() const { return is_there_; }

 private:
  std::atomic<int>& taken_;
  bool is_there_;
};

}  // namespace

std::string problem_with_service(const ServiceSettings& settings) {
  if (settings.url.empty()) return {};
  if (auto problem = outbound::problem_with_http_url(settings.url); !problem.empty()) return problem;
  if (!settings.url.starts_with("https://") && !settings.allow_private) return "must begin with https://";
  if (!settings.url.ends_with('/') && !settings.url.ends_with('='))
    return "must end with /, behind which a range is put";
  return {};
}

Result<std::vector<std::uint32_t>> read_range(std::uint32_t range, std::string_view body) {
  std::vector<std::uint32_t> rests;
  ListLines lines;
  lines.set_prefix(range);
  for (const auto line : text::split(body, '\n')) {
    const auto key = TRY(lines.read(line));
    if (!key) continue;
    if (key->range != range) return Error{unusable, "it is of another range than was asked for"};
    rests.push_back(key->rest);
  }
  // Every range has hundreds: an empty one is a page of somebody else, or a service that has lost its list.
  if (rests.empty()) return Error{unusable, "there is no hash in it"};
  std::sort(rests.begin(), rests.end());
  return rests;
}

RangeClient::RangeClient(const ServiceSettings& settings, observe::Metrics& metrics, observe::Log& log, Now now)
    : url_(settings.url), http_(http_of(settings)), metrics_(metrics), log_(log), now_(std::move(now)) {
  for (const char* which : {"leaked", "clear", "failed", "skipped"}) (void)outcome(which);
}

observe::Counter& RangeClient::outcome(const char* which) const {
  return metrics_.counter("cardea_breached_service_total",
                          "Passwords looked up at the service of leaked ones, by what came of it.",
                          {{"outcome", which}});
}

std::optional<bool> RangeClient::holds(const crypto::Sha1& hash) {
  const Key key = key_of(hash);
  const auto now = now_();
  auto found = recall(key.range, key.rest, now);
  if (!found) {
    if (const auto rests = ask(key.range, now)) found = std::binary_search(rests->begin(), rests->end(), key.rest);
  }
  if (found) outcome(*found ? "leaked" : "clear").add();
  return found;
}

std::optional<bool> RangeClient::recall(std::uint32_t range, std::uint32_t rest, Instant now) const {
  const std::lock_guard lock{mutex_};
  const Range* known = ranges_.find(range);
  if (known == nullptr || now - known->read_at >= kept_for) return std::nullopt;
  return std::binary_search(known->rests.begin(), known->rests.end(), rest);
}

bool RangeClient::is_paused(Instant now) const {
  const std::lock_guard lock{mutex_};
  return now < paused_until_;
}

std::optional<std::vector<std::uint32_t>> RangeClient::ask(std::uint32_t range, Instant now) {
  const Place place{asking_};
  if (!place.is_there() || is_paused(now)) {
    outcome("skipped").add();
    return std::nullopt;
  }
  outbound::HttpRequest request{.url = Secret{fmt::format("{}{:05X}", url_, range)}};
  request.headers.emplace_back("Add-Padding: true");  // so that the size of the answer does not say which range it is
  const auto answer = outbound::send(http_, request);
  const bool is_good = answer.kind == outbound::HttpOutcome::Kind::answered && answer.status == 200;
  auto rests =
      is_good ? read_range(range, answer.body)
              : Result<std::vector<std::uint32_t>>{Error{
                    unusable, answer.reason.empty() ? fmt::format("it answered {}", answer.status) : answer.reason}};
  if (!rests) {
    count_failure(rests.error().detail, now_());
    return std::nullopt;
  }
  const std::lock_guard lock{mutex_};
  if (failures_ > 0) log_.info("breached.service_recovered");
  failures_ = 0;
  ranges_.put(range, {.rests = *rests, .read_at = now});
  return *std::move(rests);
}

void RangeClient::count_failure(const std::string& reason, Instant now) {
  outcome("failed").add();
  const std::lock_guard lock{mutex_};
  if (failures_ == 0) log_.warn("breached.service_failed", {{"reason", reason}});
  if (++failures_ >= failures_before_pause) paused_until_ = now + pause;
}

}  // namespace cardea::breached
