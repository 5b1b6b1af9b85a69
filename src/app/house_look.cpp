#include "app/house_look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/dev_files.hpp"
#include "app/real_clock.hpp"
#include "app/say.hpp"
#include "crypto/system_random.hpp"
#include "identity/listing.hpp"

namespace cardea::app {
namespace {

// Stands where a database would, in a house that is only looked at.
class NoDatabase : public db::Database {
 public:
  [[nodiscard]] std::optional<db::Failure> failure() noexcept override { return db::Failure::unreachable; }
  [[nodiscard]] std::string_view engine() const override { return "none"; }
  [[nodiscard]] db::Bus& bus() override { throw std::logic_error("a house that is only looked at has no database"); }

 protected:
  void run_transaction(db::Access, const std::function<db::Verdict(db::Tx&)>&) override {
    throw std::logic_error("a house that is only looked at has no database");
  }
};

/// What `look` says of a house of these settings.
template <class Look>
auto look_into(Settings& settings, Look look) {
  if (settings.url.empty()) settings.url = "http://localhost:8025";
  NoDatabase database;
  RealClock clock;
  crypto::SystemRandom random;
  observe::Log log{observe::Format::human, observe::Level::error};
  observe::Metrics metrics;
  if (settings.secret.empty()) settings.secret = generate_secret(random);
  const House house{settings, {.database = database, .clock = clock, .random = random, .log = log, .metrics = metrics}};
  return look(house);
}

}  // namespace

int look_at_house(const Options& options, const std::function<std::string(const House&)>& look) {
  Settings settings;
  // So that every route there can be is listed.
  settings.features.of<identity::ListingSettings>().visible = identity::ListedFor::everyone;
  auto root = describe(settings);
  if (const auto loaded = load_settings(settings, root, options); !loaded) return fail(loaded.error());
  fmt::print("{}", look_into(settings, look));
  return 0;
}

std::size_t longest_body(Settings& settings) {
  return look_into(settings, [](const House& house) {
    std::size_t longest = 0;
    for (const auto& route : house.pipeline().routes()) longest = std::max(longest, route.body_limit);
    return longest;
  });
}

}  // namespace cardea::app
