#pragma once
// GET /openapi.json: what this server says of itself.

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/route.hpp"

namespace cardea::app {

/// The document of a server at `url` with these routes; made when it is first asked for, since it costs memory and time
/// that many a server need not spend. Any thread.
class OpenApi {
 public:
  OpenApi(std::function<const std::vector<http::Route>&()> routes, std::string_view url)
      : routes_(std::move(routes)), url_(url) {}

  [[nodiscard]] const std::shared_ptr<const std::string>& text() const {
    make();
    return text_;
  }
  [[nodiscard]] const std::string& etag() const {
    make();
    return etag_;
  }

 private:
  void make() const;

  std::function<const std::vector<http::Route>&()> routes_;
  std::string url_;
  mutable std::once_flag once_;
  mutable std::shared_ptr<const std::string> text_;
  mutable std::string etag_;
};

/// Views the document, which outlives the routes.
void add_openapi_route(std::vector<http::Route>& routes, const OpenApi& document);

}  // namespace cardea::app
