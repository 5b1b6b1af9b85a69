#include "page/assets.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/text.hpp"

namespace cardea::page {
namespace {

constexpr std::string_view folder = "dist/";
constexpr std::string_view manifest = "dist/manifest.json";

std::string_view find(std::span<const Asset> assets, std::string_view path) {
  const auto found = std::ranges::find(assets, path, &Asset::path);
  return found == assets.end() ? std::string_view{} : found->content;
}

std::string_view content_type(std::string_view path) {
  if (path.ends_with(".css")) return "text/css; charset=utf-8";
  if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (path.ends_with(".svg")) return "image/svg+xml";
  if (path.ends_with(".png")) return "image/png";
  if (path.ends_with(".woff2")) return "font/woff2";
  throw std::logic_error("no Content-Type for " + std::string{path});
}

bool takes_gzip(std::string_view accept_encoding) {
  for (auto coding : text::split(accept_encoding, ',')) {
    const auto name = text::trim(coding.substr(0, coding.find(';')));
    // "gzip;q=0" is a refusal (RFC 9110 §12.4.2); any other weight is a yes.
    const auto weight = coding.find("q=0");
    const bool refused =
        weight != std::string_view::npos && coding.find_first_of("123456789", weight) == std::string_view::npos;
    if (text::equals_ignoring_case(name, "gzip")) return !refused;
  }
  return false;
}

}  // namespace

std::vector<Served> served_assets(std::span<const Asset> assets) {
  std::vector<Served> served;
  for (const auto& [path, content] : assets) {
    if (!path.starts_with(folder) || path == manifest || path.ends_with(".gz")) continue;
    served.push_back({.path = "/assets/" + std::string{path.substr(folder.size())},
                      .type = content_type(path),
                      .content = content,
                      .gzipped = find(assets, std::string{path} + ".gz")});
  }
  return served;
}

Strings asset_names(std::span<const Asset> assets) {
  Strings names;
  const auto json = find(assets, manifest);
  if (json.empty()) return names;
  const auto parsed = wire::parse(json);
  const auto* members = parsed.ok() ? parsed.value().get<wire::Object>() : nullptr;
  if (members == nullptr) throw std::logic_error("dist/manifest.json is malformed");
  for (const auto& [name, value] : *members) {
    const auto* file = value.get<std::string>();
    if (file == nullptr || find(assets, std::string{folder} + *file).empty()) {
      throw std::logic_error("dist/manifest.json: no file for " + name);
    }
    auto key = name;
    std::ranges::replace_if(key, [](char c) { return c == '.' || c == '-' || c == '/'; }, '_');
    names[key] = "/assets/" + *file;
  }
  return names;
}

http::Response serve(const Served& asset, const http::Request& request) {
  http::Response response;
  response.headers.set("Content-Type", asset.type);
  response.headers.set("Cache-Control", "public, max-age=31536000, immutable");
  const bool compressed = !asset.gzipped.empty() && takes_gzip(request.headers.get("Accept-Encoding"));
  if (!asset.gzipped.empty()) response.headers.set("Vary", "Accept-Encoding");
  if (compressed) response.headers.set("Content-Encoding", "gzip");
  response.body = compressed ? asset.gzipped : asset.content;
  return response;
}

}  // namespace cardea::page
