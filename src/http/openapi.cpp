#include "http/openapi.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.hpp"
#include "http/openapi_operation.hpp"

namespace cardea::http {
namespace {

using wire::Array;
using wire::Object;

constexpr std::string_view description =
    "Sign-up, sign-in, sessions and accounts. Errors are problem details (RFC 9457); branch on `code`, which is never "
    "renamed. Parameters and members that are not described here are refused by their name.";

bool is_documented(const Route& route) { return !route.doc.summary.empty(); }

Array tags_of(const std::vector<const Route*>& routes) {
  std::map<std::string_view, std::string_view> docs;
  for (const Route* route : routes) {
    if (route->doc.tag != nullptr) docs.emplace(route->doc.tag->name, route->doc.tag->doc);
  }
  Array tags;
  for (const auto& [name, doc] : docs) tags.emplace_back(Object{{"name", name}, {"description", doc}});
  return tags;
}

Object info_of(const Edition& edition) {
  return {{"title", edition.title},
          {"version", edition.version},
          {"description", description},
          {"contact", Object{{"name", "Whoever runs this server"}, {"url", edition.url}}},
          {"license", Object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}};
}

}  // namespace

std::string openapi(const std::vector<Route>& routes, const Edition& edition) {
  std::vector<const Route*> documented;
  for (const Route& route : routes) {
    if (is_documented(route)) documented.push_back(&route);
  }
  std::sort(documented.begin(), documented.end(),
            [](const Route* a, const Route* b) { return std::tie(a->path, a->method) < std::tie(b->path, b->method); });
  openapi_detail::Components components;
  Object paths;
  for (const Route* route : documented) {
    if (paths.empty() || paths.back().name != route->path) paths.push_back({std::string{route->path}, Object{}});
    paths.back().value.get<Object>()->push_back(
        {text::lower(to_text(route->method)), openapi_detail::operation_of(*route, edition, components)});
  }
  return wire::to_json(Object{{"openapi", "3.1.0"},
                              {"info", info_of(edition)},
                              {"servers", Array{Object{{"url", edition.url}, {"description", "This server."}}}},
                              {"tags", tags_of(documented)},
                              {"paths", std::move(paths)},
                              {"components", components.take()}});
}

}  // namespace cardea::http
