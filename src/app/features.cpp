#include "account_activity/account_activity.hpp"
#include "account_deletion/account_deletion.hpp"
#include "account_export/account_export.hpp"
#include "app/error_reference.hpp"
#include "app/house.hpp"
#include "app/server_metadata.hpp"
#include "app/unsealed.hpp"
#include "challenge/challenge.hpp"
#include "device_session/device_session.hpp"
#include "email_address/email_address.hpp"
#include "email_code/email_code.hpp"
#include "forward_auth/forward_auth.hpp"
#include "idempotency/idempotency.hpp"
#include "jobs/announcements.hpp"
#include "legacy_api/legacy_api.hpp"
#include "login/login.hpp"
#include "mailbox/mailbox.hpp"
#include "note/note.hpp"
#include "page/language_page.hpp"
#include "passkey/passkey.hpp"
#include "password_reset/password_reset.hpp"
#include "people/people.hpp"
#include "proof_of_work/proof_of_work.hpp"
#include "recovery_code/recovery_code.hpp"
#include "security_notice/security_notice.hpp"
#include "self_service/self_service.hpp"
#include "signup/signup.hpp"
#include "sms/sms.hpp"
#include "totp/totp.hpp"

namespace cardea::app {
namespace {

/// Leaves out what other features answer on the surface of one that is not there.
void leave_out(std::vector<Feature>& features, const http::Surface& surface) {
  for (auto& feature : features) {
    std::erase_if(feature.routes, [&](const http::Route& route) { return route.surface == &surface; });
  }
}

std::vector<jobs::Periodic> audit_work(const audit::Trail& trail, db::Database& database,
                                       std::vector<jobs::Periodic> work) {
  for (auto& job : trail.keys().jobs(database)) work.push_back(std::move(job));
  return work;
}

std::vector<Exporter> exporters_of(const Settings& settings, const std::vector<FeatureEntry>& entries) {
  std::vector<Exporter> exporters;
  for (const auto& feature : entries) {
    if (feature.export_account && has_feature(settings, feature.switch_name)) {
      exporters.push_back(feature.export_account);
    }
  }
  return exporters;
}

}  // namespace

// In the order of their links in the menus.
std::vector<FeatureEntry> feature_entries() {
  std::vector<FeatureEntry> entries;
  entries.push_back(signup::entry());
  entries.push_back(proof_of_work::entry());
  entries.push_back(login::entry());
  entries.push_back(self_service::entry());
  entries.push_back(account_deletion::entry());
  entries.push_back(account_activity::entry());
  entries.push_back(security_notice::entry());
  entries.push_back(account_export::entry());
  entries.push_back(email_address::entry());
  entries.push_back(passkey::entry());
  entries.push_back(password_reset::entry());
  entries.push_back(totp::entry());
  entries.push_back(email_code::entry());
  entries.push_back(recovery_code::entry());
  entries.push_back(sms::entry());
  entries.push_back(note::entry(legacy_api::surface()));
  entries.push_back(people::entry());
  entries.push_back(legacy_api::entry());
  entries.push_back(forward_auth::entry());
  entries.push_back(device_session::entry());
  entries.push_back(mailbox::entry());
  return entries;
}

account::Grace deletion_grace(const Settings& settings, jobs::Queue& queue) {
  for (const auto& feature : feature_entries()) {
    if (feature.grace && has_feature(settings, feature.switch_name)) return feature.grace(settings.features, queue);
  }
  return {};
}

std::vector<Feature> features(const Parts& parts) {
  const auto& [settings, authn, keyring, retention, pages, outbox, post, kept, queue, challenges, clock, metrics, log,
               readiness] = parts;
  auto& database = authn.database;
  std::vector<Feature> all{
      system_feature(parts),
      {.name = "page", .routes = pages.asset_routes()},
      {.name = "language", .routes = page::language_routes(pages)},
      {.name = "keyring", .routes = keyring::routes(keyring), .periodic = {keyring.rotate_job()}},
      {.name = "token", .routes = server_metadata_routes(settings.url)},
      {.name = "jobs", .periodic = {jobs::lease_sweep_job(database), jobs::announcement_sweep_job(database)}},
      {.name = "mail", .workers = {post}},
      {.name = "session", .periodic = {session::sweep_job(database)}},
      {.name = "throttle", .periodic = {throttle::sweep_job(database)}},
      {.name = "challenge", .periodic = {challenge::sweep_job(database)}},
      {.name = "idempotency",
       .periodic = {idempotency::sweep_job(database)},
       .errors = {http::idempotency_errors.begin(), http::idempotency_errors.end()}},
      {.name = "audit",
       .periodic =
           audit_work(authn.trail, database,
                      {counting_unsealed(audit::seal_job(database, &log), database, metrics), retention.job()})},
      {.name = "account", .events = account::events(), .permissions = account::permissions()},
      {.name = "authn", .events = authn::events()},
  };
  const auto entries = feature_entries();
  const Host host{.authn = authn,
                  .pages = pages,
                  .settings = settings.features,
                  .outbox = outbox,
                  .kept = kept,
                  .queue = queue,
                  .challenges = challenges,
                  .clock = clock,
                  .log = log,
                  .url = settings.url,
                  .front_ends = settings.cors_origins,
                  .brand = settings.branding.name,
                  .key = [&settings](std::string_view purpose) { return crypto::derive_key(settings.secret, purpose); },
                  .exporters = exporters_of(settings, entries)};
  for (const auto& feature : entries) {
    if (has_feature(settings, feature.switch_name)) all.push_back(feature.make(host));
  }
  for (const auto& feature : entries) {
    if (feature.surface != nullptr && !has_feature(settings, feature.switch_name)) leave_out(all, *feature.surface);
  }
  all.push_back(error_reference(pages, all));  // last: it knows what the others may answer
  return all;
}

}  // namespace cardea::app
