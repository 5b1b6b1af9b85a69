#include <array>

#include "account_export/account_export.hpp"

namespace cardea::account_export {
namespace {

constexpr http::Tag tag{"My data", "What is held of the account of the caller."};
constexpr std::array<std::string_view, 1> document_types{"application/json"};

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
          {.summary = "Everything that is held of the caller, as one JSON document: {\"account\", \"made_at\", "
                      "\"data\": [{\"kind\", \"data\"}]}. Never a secret. It is made while it is sent.",
           .media_types = document_types,
           .errors = {&throttle::rate_limited}});
  http::Routes pages{deps->pages.surface(), routes};
  pages.get("/account/data", Lane::quick, signed_in, [deps](const http::Call& call) -> Result<http::Response> {
    return deps->pages.render("account_data", call, wire::Object{});
  });
  pages.get("/account/data/file", Lane::quick, recent, give);
  return routes;
}

}  // namespace cardea::account_export
