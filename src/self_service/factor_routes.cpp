#include "authn/factors.hpp"
#include "http/problem.hpp"
#include "self_service/self_service.hpp"

namespace cardea::self_service {

struct FactorView {
  static constexpr std::string_view schema_name = "Factor";
  static constexpr std::string_view schema_example =
      R"({"method":"totp","enrolled":true,"since":"2026-11-23T12:00:00.000Z","is_backup":false})";
  AuthMethod method = AuthMethod::totp;
  bool enrolled = false;
  std::optional<Time> since;
  std::optional<std::int64_t> left;
  bool is_backup = false;
  std::optional<bool> is_weak = {};
};
template <class D>
void describe(D& d, wire::Of<D, FactorView>& factor) {
  d.required("method", factor.method);
  d.required("enrolled", factor.enrolled);
  d.if_present("since", factor.since, {.doc = "When it was enrolled."});
  d.if_present("left", factor.left, {.doc = "Of codes that work once: how many there are."});
  d.required("is_backup", factor.is_backup, {.doc = "Stands in for another factor, and is none by itself."});
  d.if_present("is_weak", factor.is_weak, {.doc = "True when it counts only where no stronger one is enrolled."});
}

struct FactorList {
  static constexpr std::string_view schema_name = "FactorList";
  static constexpr std::string_view schema_example =
      R"({"data":[{"method":"totp","enrolled":true,"since":"2026-11-23T12:00:00.000Z","is_backup":false},)"
      R"({"method":"recovery_code","enrolled":true,"since":"2026-11-23T12:01:00.000Z","left":9,"is_backup":true}]})";
  std::vector<FactorView> data;
};
template <class D>
void describe(D& d, wire::Of<D, FactorList>& list) {
  d.required("data", list.data, {.max = wire::unlimited, .doc = "Every factor that there is here."});
}

namespace {

constexpr http::Tag tag{"Second factors", "What somebody shows besides the password."};

FactorList list_factors(const authn::Deps& deps, const AccountId& account) {
  return deps.database.read([&](db::Tx& tx) {
    FactorList list;
    for (const auto& factor : deps.factors) {
      if (!factor.state) continue;
      const auto now = factor.state(tx, account);
      list.data.push_back({.method = factor.method,
                           .enrolled = now.is_enrolled,
                           .since = now.since,
                           .left = now.left,
                           .is_backup = factor.kind == authn::Factor::Kind::backup,
                           .is_weak = factor.kind == authn::Factor::Kind::weak ? std::optional{true} : std::nullopt});
    }
    return list;
  });
}

}  // namespace

std::vector<http::Route> factor_routes(const authn::Deps& deps) {
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.get("/v1/me/factors", http::Lane::quick, signed_in,
          [&deps](const http::Call& call) -> Result<http::Response> {
            return http::json(list_factors(deps, call.account()));
          },
          {.summary = "The second factors of the caller.", .response = &wire::schema<FactorList>});
  return routes;
}

wire::Array factor_rows(const authn::Deps& deps, const page::Words& words, const AccountId& account) {
  return deps.database.read([&](db::Tx& tx) {
    wire::Array rows;
    for (const auto& factor : deps.factors) {
      if (!factor.state || factor.page.empty()) continue;
      const auto now = factor.state(tx, account);
      if (!now.is_enrolled && deps.policy.mfa == authn::Mfa::off) continue;
      rows.emplace_back(
          wire::Object{{"href", factor.page},
                       {"label", words.text("method." + std::string{enum_text(factor.method)})},
                       {"since", now.is_enrolled && now.since ? page::instant(words, *now.since) : wire::Value{}},
                       {"left", now.left ? words.counted("account_security.factor_left", *now.left) : std::string{}},
                       {"is_weaker", factor.kind == authn::Factor::Kind::weak},
                       {"is_on", now.is_enrolled}});
    }
    return rows;
  });
}

}  // namespace cardea::self_service
