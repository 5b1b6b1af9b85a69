#pragma once
// The house: everything built from the settings, in order, and the list of features that live in it.

#include <functional>
#include <memory>
#include <vector>

#include "app/readiness.hpp"
#include "app/settings.hpp"
#include "feature/feature.hpp"
#include "http/form_token.hpp"
#include "http/pipeline.hpp"
#include "jobs/runner.hpp"
#include "observe/log.hpp"
#include "observe/metrics.hpp"
#include "page/page.hpp"

namespace cardea::app {

/// What comes from outside the house, and outlives it.
struct Outside {
  db::Database& database;
  const Clock& clock;
  Random& random;
  observe::Log& log;
  observe::Metrics& metrics;
  std::function<void(const std::optional<db::Failure>&)> on_database = {};  // told how it is, once a second
  bool is_for_developers = false;  // somebody reads the log while they write a front end
  std::vector<Feature> more_features = {};  // hosted besides the product's own
};

class House {
 public:
  /// `settings` outlives the house. `extra_origins` are further names of this server, such as http://127.0.0.1:8025.
  House(const Settings& settings, const Outside& outside, std::vector<std::string> extra_origins = {});
  ~House();

  /// Brings the database up to date and loads the keys. Throws when it cannot.
  void prepare(Time now);

  [[nodiscard]] const http::Pipeline& pipeline() const;
  /// What GET /openapi.json answers with.
  [[nodiscard]] const std::string& openapi() const;
  [[nodiscard]] const std::vector<Feature>& features() const;
  [[nodiscard]] const account::Deps& account() const;
  [[nodiscard]] const authn::Deps& authn() const;
  /// What the features do periodically, and for the queue.
  [[nodiscard]] jobs::Work work() const;
  [[nodiscard]] jobs::Queue& queue();
  /// What GET /readyz answers from; asks each time until it is started.
  [[nodiscard]] Readiness& readiness();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What the signing keys in the database are sealed with.
[[nodiscard]] Secret keyring_key(const Settings& settings);
/// What checkpoints and exports of the audit trail are signed with.
[[nodiscard]] Secret audit_key(const Settings& settings);
/// What the keys are sealed with that go with accounts in the trail.
[[nodiscard]] Secret audit_sealing_key(const Settings& settings);

/// The features of the product, not yet built.
[[nodiscard]] std::vector<FeatureEntry> feature_entries();

/// What a feature grants whose account is to be deleted, on every road by which that is asked for.
[[nodiscard]] account::Grace deletion_grace(const Settings& settings, jobs::Queue& queue);

/// The one list of what lives in the house.
struct Parts {
  const Settings& settings;
  const authn::Deps& authn;
  keyring::Keyring& keyring;
  const audit::Retention& retention;
  const page::Pages& pages;
  const mail::Outbox& outbox;
  const jobs::Worker& post;  // which sends what the outbox holds
  mail::Transport* kept;     // where `cardea dev` keeps messages instead of sending them; null: nowhere
  jobs::Queue& queue;
  const challenge::Challenges& challenges;
  const Clock& clock;
  observe::Metrics& metrics;
  observe::Log& log;
  const Readiness& readiness;
};
[[nodiscard]] std::vector<Feature> features(const Parts& parts);

/// Health, readiness and metrics.
[[nodiscard]] Feature system_feature(const Parts& parts);
/// GET /metrics alone, for a listener of its own.
[[nodiscard]] std::vector<http::Route> open_metrics_routes(const observe::Metrics& metrics);

/// Pages for errors; a visitor without a session is sent to sign in, one whose proof is too old to show it again. `url`
/// is where this server is.
struct ErrorPages {
  const page::Pages& pages;
  const std::vector<http::Route>& routes;
  std::string_view url;
};
[[nodiscard]] http::Response error_page(const ErrorPages& all, const http::Call& call, const Error& error);

}  // namespace cardea::app
