#include "account_export/account_export.hpp"

#include "authn/factors.hpp"
#include "encoding/rfc3339.hpp"
#include "http/problem.hpp"

namespace cardea::account_export {
namespace {

/// Asks one feature after another, each as often as it has more, and gives what they say away in pieces.
class Document : public http::Producer {
 public:
  Document(std::shared_ptr<const Deps> deps, const Context& context)
      : deps_(std::move(deps)), context_{.now = context.now, .principal = context.principal} {
    waiting_ =
        R"({"account":")" + context_.account().text() + R"(","made_at":")" + rfc3339(context_.now) + R"(","data":[)";
  }

  Result<http::Progress> pull(std::string& piece) override {
    while (!is_all_ && waiting_.size() < http::usual_piece) TRY(gather());
    piece = waiting_.substr(0, http::max_piece);
    waiting_.erase(0, piece.size());
    return is_all_ && waiting_.empty() ? http::Progress::complete : http::Progress::more;
  }

 private:
  /// The next part of what one feature holds.
  Result<Done> gather() {
    if (asked_ == deps_->exporters.size()) {
      waiting_ += "]}\n";
      is_all_ = true;
      return done;
    }
    Part part;
    TRY(deps_->authn.database.read([&](db::Tx& tx) -> Result<Done> {
      part = {};  // what was read may be read again
      TRY(session::confirm(tx, context_));
      part.after = deps_->exporters[asked_](deps_->authn.account, context_, tx, context_.account(), after_,
                                            [&](std::string_view kind, std::string_view json) {
                                              (part.text += has_any_ || !part.text.empty() ? ",\n" : "\n") +=
                                                  R"({"kind":")" + std::string{kind} + R"(","data":)";
                                              (part.text += json) += '}';
                                            });
      return done;
    }));
    has_any_ = has_any_ || !part.text.empty();
    waiting_ += part.text;
    after_ = std::move(part.after);
    if (after_.empty()) ++asked_;
    return done;
  }

  struct Part {
    std::string text;
    std::string after;
  };

  std::shared_ptr<const Deps> deps_;
  Context context_;
  std::string waiting_;   // made, and not given away yet
  std::size_t asked_ = 0;  // features that have given all
  std::string after_;     // where the next one goes on
  bool has_any_ = false;
  bool is_all_ = false;
};

}  // namespace

Result<std::unique_ptr<http::Producer>> document(const std::shared_ptr<const Deps>& deps, const Context& context) {
  const auto& authn = deps->authn;
  // Before it costs anything: whoever cannot show who they are must not use up what the owner has.
  TRY(authn.database.read([&](db::Tx& tx) { return authn::confirm_best(tx, authn, context); }));
  const throttle::Charge charge{.budget = deps->settings.budget, .key = "account_export:" + context.account().text()};
  TRY(throttle::charge(authn.database, std::span{&charge, 1}, context));
  TRY(session::write_for(authn.database, context, [&](db::Tx& tx) -> Result<Done> {
    authn.trail.record(tx, context, {.kind = exported, .account = context.account()});
    return done;
  }));
  return std::unique_ptr<http::Producer>{std::make_unique<Document>(deps, context)};
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                throttle::describe(root.section("throttle").section("account_export"), all.of<Settings>().budget);
              },
          .make =
              [](const Host& host) {
                const auto deps = std::make_shared<const Deps>(Deps{.authn = host.authn,
                                                                    .pages = host.pages,
                                                                    .settings = host.settings.of<Settings>(),
                                                                    .exporters = host.exporters});
                return Feature{.name = "account_export",
                               .routes = routes(deps),
                               .navigation = {{.menu = page::Menu::account,
                                               .key = "data",
                                               .href = "/account/data",
                                               .page = "account_data"}},
                               .events = {exported}};
              }};
}

}  // namespace cardea::account_export
