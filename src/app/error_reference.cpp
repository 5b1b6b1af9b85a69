#include "app/error_reference.hpp"

#include "http/problem.hpp"

namespace cardea::app {
namespace {

wire::Object row_of(const ErrorKind& kind) {
  return {{"code", kind.code}, {"status", kind.status}, {"meaning", kind.title}};
}

Result<http::Response> show_list(const page::Pages& pages, const ErrorCatalogue& catalogue, const std::string& hints,
                                 const http::Call& call) {
  wire::Array rows;
  for (const auto& [code, kind] : catalogue) rows.emplace_back(row_of(*kind));
  return pages.render("error_list", call, wire::Object{{"rows", std::move(rows)}, {"hints", hints}});
}

Result<http::Response> show_one(const page::Pages& pages, const ErrorCatalogue& catalogue, const http::Call& call) {
  const auto found = catalogue.find(call.param(0));
  if (found == catalogue.end()) return not_found;
  auto data = row_of(*found->second);
  data.push_back({"advice", pages.english().text("error_code.advice." + call.param(0))});
  return pages.render("error_code", call, std::move(data));
}

}  // namespace

ErrorCatalogue error_catalogue(const std::vector<Feature>& features) {
  ErrorCatalogue catalogue;
  for (const auto& feature : features) {
    for (const auto* kind : feature.errors) catalogue.emplace(kind->code, kind);
    for (const auto& route : feature.routes) {
      for (const auto* kind : route.doc.errors) catalogue.emplace(kind->code, kind);
    }
  }
  for (const auto* kind : http::own_errors) catalogue.emplace(kind->code, kind);
  return catalogue;
}

Feature error_reference(const page::Pages& pages, const std::vector<Feature>& features) {
  const auto catalogue = error_catalogue(features);
  std::string hints;
  for (const auto& feature : features) {
    if (!feature.errors_hint.empty())
      hints.append(hints.empty() ? "" : " ").append(pages.english().text(feature.errors_hint));
  }
  using http::Lane;
  Feature feature{.name = "error_reference"};
  http::Routes routes{pages.surface(), feature.routes};
  routes.get("/docs/errors", Lane::quick, if_signed_in,
             [&pages, catalogue, hints](const http::Call& call) { return show_list(pages, catalogue, hints, call); });
  routes.get("/docs/errors/{code}", Lane::quick, if_signed_in,
             [&pages, catalogue](const http::Call& call) { return show_one(pages, catalogue, call); });
  return feature;
}

}  // namespace cardea::app
