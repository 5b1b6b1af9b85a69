#include <array>

#include "note/note.hpp"

#include "note/image_formats.hpp"

namespace cardea::note {
namespace {

Error wrong_image(std::string_view code, std::string detail) {
  return {validation_failed, std::vector{FieldError{"image", std::string{code}, std::move(detail)}}};
}

struct Format {
  std::string_view type;
  std::size_t (*size)(BytesView);
};
constexpr std::array<Format, 3> formats{
    {{"image/png", &png_size}, {"image/jpeg", &jpeg_size}, {"image/webp", &webp_size}}};

}  // namespace

Result<Image> check_image(std::string bytes, std::int64_t max) {
  const auto too_large = [max] {
    return wrong_image("image_too_large", "Use an image of at most " + std::to_string(max / 1024) + " KiB.");
  };
  for (const auto& [type, size_of] : formats) {
    const auto size = size_of(as_bytes(bytes));
    if (size == 0) continue;
    if (size > static_cast<std::size_t>(max)) return too_large();
    // What is behind the end is no part of the picture, and could be anything.
    bytes.resize(size);
    bytes.shrink_to_fit();
    return Image{.type = std::string{type}, .bytes = std::move(bytes)};
  }
  if (bytes.size() > static_cast<std::size_t>(max)) return too_large();
  return wrong_image("image_type", "Use a PNG, JPEG or WebP image.");
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
