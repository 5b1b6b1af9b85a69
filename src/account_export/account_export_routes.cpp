#include "account_export/account_export.hpp"
#include "encoding/wire.hpp"

namespace cardea::account_export {

// What `document` makes, for the description of the API: it is never held as one of these.
struct ExportedData {
  wire::Object members;
};
template <class D>
void describe(D& d, wire::Of<D, ExportedData>& data) {
  d.rest(data.members, "As the feature that holds it has it.");
}
struct ExportedThing {
  static constexpr std::string_view schema_name = "ExportedThing";
  static constexpr std::string_view schema_example =
      R"({"kind":"totp","data":{"enrolled_at":"2026-11-23T12:00:00.000Z"}})";
  std::string kind;
  ExportedData data;
};
template <class D>
void describe(D& d, wire::Of<D, ExportedThing>& thing) {
  d.required("kind", thing.kind, {.max = wire::unlimited, .doc = "`account`, `session`, `note` and the like."});
  d.required("data", thing.data);
}
struct AccountDocument {
  static constexpr std::string_view schema_name = "AccountDocument";
  static constexpr std::string_view schema_example =
      R"({"account":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","made_at":"2026-11-23T12:00:00.000Z",)"
      R"("data":[{"kind":"totp","data":{"enrolled_at":"2026-11-23T12:00:00.000Z"}}]})";
  AccountId account;
  Time made_at;
  std::vector<ExportedThing> data;
};
template <class D>
void describe(D& d, wire::Of<D, AccountDocument>& document) {
  d.required("account", document.account);
  d.required("made_at", document.made_at);
  d.required("data", document.data, {.max = wire::unlimited});
}

namespace {

constexpr http::Tag tag{"My data", "What is held of the account of the caller."};

Result<http::Response> download(const std::shared_ptr<const Deps>& deps, const http::Call& call) {
  http::Response response{.status = 200, .headers = {}, .body = TRY(document(deps, call.context))};
  response.headers.set("Content-Type", "application/json");
  response.headers.set("Content-Disposition", "attachment; filename=\"account.json\"");
  return response;
}

}  // namespace

std::vector<http::Route> routes(const std::shared_ptr<const Deps>& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  const auto recent = shown_within(deps->authn.session.recent);
  const auto give = [deps](const http::Call& call) { return download(deps, call); };
  http::Routes api{http::api_surface(), routes, &tag};
  api.get("/v1/account/export", Lane::quick, recent, give,
          {.summary =
               "Everything that is held of the caller, as one JSON document, and never a secret. It is made while it "
               "is sent.",
           .response = &wire::schema<AccountDocument>,
           .errors = {&throttle::rate_limited}});
  http::Routes pages{deps->pages.surface(), routes};
  pages.get("/account/data", Lane::quick, signed_in, [deps](const http::Call& call) -> Result<http::Response> {
    return deps->pages.render("account_data", call, wire::Object{});
  });
  pages.get("/account/data/file", Lane::quick, recent, give);
  return routes;
}

}  // namespace cardea::account_export
