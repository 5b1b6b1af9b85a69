#include "app/openapi_route.hpp"

#include "db/failure.hpp"
#include "http/etag.hpp"
#include "http/openapi.hpp"
#include "http/problem.hpp"

namespace cardea::app {

struct OpenApiDocument {
  static constexpr std::string_view schema_name = "OpenApiDocument";
  std::string openapi;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, OpenApiDocument>& document) {
  d.required("openapi", document.openapi, {.max = wire::unlimited, .doc = "The version of the specification."});
  d.rest(document.rest, "As the specification says.");
}

namespace {

constexpr http::Tag tag{"Description", "What this server says of itself."};

http::Response answer(const OpenApi& document) {
  auto response = http::json(200, document.text());
  response.headers.set("Cache-Control", "public, max-age=300");
  response.headers.set("ETag", document.etag());
  return response;
}

}  // namespace

void OpenApi::make() const {
  std::call_once(once_, [this] {
    const auto faults = db::storage_errors();
    text_ = std::make_shared<const std::string>(
        http::openapi(routes_(), {.version = CARDEA_VERSION, .url = url_, .faults = {faults.begin(), faults.end()}}));
    etag_ = http::etag_of(*text_);
  });
}

void add_openapi_route(std::vector<http::Route>& routes, const OpenApi& document) {
  http::Routes api{http::asset_surface(), routes, &tag};
  api.get("/openapi.json", http::Lane::quick, anyone,
          [&document](const http::Call&) -> Result<http::Response> { return answer(document); },
          {.summary = "This document.", .response = &wire::schema<OpenApiDocument>})
      .has_etag = true;
}

}  // namespace cardea::app
