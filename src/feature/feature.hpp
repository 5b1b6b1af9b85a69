#pragma once
// feature: all that a journey gives its host, so that hosting it is one line.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit.hpp"
#include "authn/authn.hpp"
#include "authn/proof.hpp"
#include "base/error.hpp"
#include "challenge/challenge.hpp"
#include "config/section.hpp"
#include "feature/settings.hpp"
#include "http/route.hpp"
#include "jobs/periodic.hpp"
#include "jobs/queue.hpp"
#include "mail/mail.hpp"
#include "page/page.hpp"

namespace cardea {

struct Feature {
  std::string_view name;
  std::vector<http::Route> routes = {};
  std::vector<page::NavItem> navigation = {};  // where its pages are offered
  std::vector<jobs::Periodic> periodic = {};
  std::vector<jobs::Worker> workers = {};  // of the queue, by kind
  std::vector<const ErrorKind*> errors = {};  // feeds docs/errors.md and /docs/errors
  std::vector<audit::Kind> events = {};       // what it may record
  std::vector<Permission> permissions = {};   // what it guards
  std::optional<authn::Factor> factor = {};   // the second factor it brings
  account::AddressPending on_address_pending = {};  // empty: it does nothing then
  audit::Listener on_event = {};  // the same
  std::optional<authn::FirstStep> first_step = {};  // the way in that it brings
  std::optional<authn::DeviceBinding> device_binding = {};  // of sessions, when it brings one
  std::optional<authn::SignUpGuard> sign_up_guard = {};  // what it asks of who signs up, when it asks anything
  std::string_view errors_hint = {};          // a string about its errors, which the list of them shows
};

/// Takes one thing that is held of an account: of which kind, "session", and the thing as JSON.
using ExportSink = std::function<void(std::string_view kind, std::string_view json)>;

/// Gives what a feature holds of an account, one thing after another, and never a secret: all of it, or as much as can
/// well be held at once. Returns where it goes on, for `after` of the next call; empty: that was all. What is given
/// must be as true as the transaction, and nothing is kept between two calls.
using Exporter = std::function<std::string(const account::Deps& deps, const Context& context, db::Tx& tx,
                                           const AccountId& id, std::string_view after, const ExportSink& sink)>;
/// For a feature that holds so little that it gives all of it at once.
template <class Give>
Exporter export_at_once(Give give) {
  return [give](const account::Deps& deps, const Context& context, db::Tx& tx, const AccountId& id, std::string_view,
                const ExportSink& sink) {
    give(deps, context, tx, id, sink);
    return std::string{};
  };
}

/// What the host has for a feature. All of it outlives the feature.
struct Host {
  const authn::Deps& authn;
  const page::Pages& pages;
  const FeatureSettings& settings;
  const mail::Outbox& outbox;
  mail::Transport* kept = nullptr;  // where `cardea dev` keeps messages, of whatever kind; null: they are sent
  jobs::Queue& queue;
  const challenge::Challenges& challenges;
  const Clock& clock;  // for what no request causes
  observe::Log& log;
  std::string_view url;  // this server's address, without a slash at its end
  const std::vector<std::string>& front_ends;  // origins of other sites that use this server
  std::string_view brand = {};                 // the installation's name
  std::function<Secret(std::string_view purpose)> key = {};  // 32 bytes for one purpose alone, from the server's secret
  std::vector<Exporter> exporters = {};  // of all features that are there
};

/// What a command made for its caller.
struct Made {
  std::string printed;  // on standard output: a link
  std::string remark;  // one or more sentences about it, on standard error
  Time expires_at;
};

/// `cardea <noun> <verb> USER`: something that the operator of the machine does to an account, beside a running server.
struct Command {
  std::string_view noun;
  std::string_view verb;
  std::string_view what;  // one line for --help
  std::function<Result<Done>(const account::Deps&, const Context&, const AccountId&)> run;
  std::string_view said;  // the sentence printed then; "{}" is the user as named on the command line
  /// Instead of both, for what is printed itself. `url` is the server's address.
  std::function<Result<Made>(const account::Deps&, const Context&, const AccountId&, std::string_view url)> make = {};
};

/// `cardea <noun> <verb> WORD`: something that the operator tries with the settings alone, past database and queue.
struct Trial {
  std::string_view noun;
  std::string_view about;  // the noun, in one line for --help
  std::string_view verb;
  std::string_view what;  // one line for --help
  std::string_view word;  // "NUMBER"
  std::string_view word_what;  // one line about it
  std::string_view example;  // a WORD
  /// What was done, as a sentence. `brand` is the installation's name.
  std::function<Result<std::string>(const FeatureSettings&, std::string_view brand, std::string_view word)> run;
};

/// A feature that is not built yet: its settings are described first, and read before `make` is called.
struct FeatureEntry {
  std::string_view switch_name = {};  // `features.<switch_name> = false` leaves it out; empty: it is always there
  const http::Surface* surface = nullptr;  // of its own; with the switch off others do not answer there either
  std::string_view switch_doc = {};  // what is there then, as one sentence
  std::function<void(config::Section& root, FeatureSettings& settings)> describe = {};  // empty: it has no settings
  std::function<void(FeatureSettings& settings)> for_development =
      {};  // the defaults of `cardea dev`, where they differ
  std::function<Feature(const Host& host)> make;
  std::vector<Command> commands = {};
  std::vector<Trial> trials = {};
  /// Empty: it holds nothing of an account. What is deleted with an account goes by foreign key.
  Exporter export_account = {};
  /// Takes away the second factor that it holds of an account whose owner has lost it; false: there was none.
  std::function<bool(db::Tx&, const AccountId&)> remove_factor = {};
  /// What there is between a wish to be deleted and the end; empty: nothing. The queue outlives it.
  std::function<account::Grace(const FeatureSettings&, jobs::Queue&)> grace = {};
};

}  // namespace cardea
