#include "branding/branding.hpp"

namespace cardea::branding {
namespace {

http::Response serve(const File& file) {
  http::Response response;
  response.headers.set("Content-Type", std::string{file.type});
  response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  if (!file.policy.empty()) response.headers.set("Content-Security-Policy", std::string{file.policy});
  response.body = file.content;
  return response;
}

}  // namespace

std::vector<http::Route> routes(const Brand& brand) {
  std::vector<http::Route> routes;
  http::Routes files{http::asset_surface(), routes};
  for (const auto& file : brand.files) {
    files.get(file.path, http::Lane::instant, anyone,
              [&file](const http::Call&) -> Result<http::Response> { return serve(file); });
  }
  return routes;
}

}  // namespace cardea::branding
