#include "note/note.hpp"

#include "note/image_formats.hpp"

namespace cardea::note {
namespace {

Error wrong_image(std::string_view code, std::string detail) {
  return {validation_failed, std::vector{FieldError{"image", std::string{code}, std::move(detail)}}};
}

std::string_view type_of(BytesView bytes) {
  if (is_png(bytes)) return "image/png";
  if (is_jpeg(bytes)) return "image/jpeg";
  if (is_webp(bytes)) return "image/webp";
  return {};
}

}  // namespace

Result<Image> check_image(std::string bytes, std::int64_t max) {
  if (bytes.size() > static_cast<std::size_t>(max)) {
    return wrong_image("image_too_large", "Use an image of at most " + std::to_string(max / 1024) + " KiB.");
  }
  const auto type = type_of(as_bytes(bytes));
  if (type.empty()) return wrong_image("image_type", "Use a PNG, JPEG or WebP image.");
  return Image{.type = std::string{type}, .bytes = std::move(bytes)};
}

std::string size_text(std::int64_t bytes) {
  const auto kib = bytes / 1024;
  return kib >= 1024 && kib % 1024 == 0 ? std::to_string(kib / 1024) + " MB" : std::to_string(kib) + " kB";
}

http::Response image_response(Image image) {
  http::Response response{.body = std::move(image.bytes)};
  response.headers.set("Content-Type", image.type);
  // A file can be an image and a document at once. Whatever it also is, it must never run as a page of this origin.
  response.headers.set("Content-Security-Policy", "default-src 'none'; sandbox");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Content-Disposition",
                       "inline; filename=\"note." + image.type.substr(image.type.find('/') + 1) + '"');
  response.headers.set("Cache-Control", "private, no-store");
  return response;
}

}  // namespace cardea::note
