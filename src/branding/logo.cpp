#include "branding/logo.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "config/load.hpp"
#include "encoding/unicode.hpp"

namespace cardea::branding {
namespace {

constexpr std::string_view name_space = "http://www.w3.org/2000/svg";

Error wrong(std::string sentence) { return Error{config::wrong_settings, std::move(sentence)}; }

/// Cuts what begins with `open`, up to `close` and with it. False when it does not begin so; what has no end is cut
/// whole.
bool skip(std::string_view& text, std::string_view open, std::string_view close) {
  if (!text.starts_with(open)) return false;
  const auto end = text.find(close, open.size());
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + close.size());
  return true;
}

std::string_view without_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

/// The element that an XML document begins with, from its "<" to its ">"; empty when there is none.
std::string_view first_element(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  do {
    text = without_space(text);
  } while (skip(text, "<?", "?>") || skip(text, "<!--", "-->") || skip(text, "<!", ">"));
  return text.substr(0, text.find('>') + 1);
}

bool is_png(std::string_view bytes) {
  return bytes.starts_with("\x89PNG\r\n\x1A\n") && bytes.size() > 33 && bytes.substr(12, 4) == "IHDR";
}

bool is_webp(std::string_view bytes) {
  return bytes.size() > 20 && bytes.starts_with("RIFF") && bytes.substr(8, 7) == "WEBPVP8";
}

}  // namespace

std::string_view content_type(Picture picture) {
  switch (picture) {
    case Picture::svg: return "image/svg+xml";
    case Picture::png: return "image/png";
    case Picture::webp: return "image/webp";
  }
  return {};
}

std::string_view file_ending(Picture picture) {
  switch (picture) {
    case Picture::svg: return "svg";
    case Picture::png: return "png";
    case Picture::webp: return "webp";
  }
  return {};
}

Result<Picture> picture_of(std::string_view bytes) {
  if (bytes.empty()) return wrong("the file is empty; save the picture again");
  if (is_png(bytes)) return Picture::png;
  if (is_webp(bytes)) return Picture::webp;
  const auto element = first_element(bytes);
  const bool is_svg = element.starts_with("<svg") && element.find_first_of(" \t\r\n>") == 4;
  if (!is_svg || !unicode::is_utf8(bytes)) {
    return wrong("the file is no SVG in UTF-8, no PNG and no WebP; save the picture as one of these");
  }
  // Without it browsers take the file for some XML and show nothing.
  if (element.find(name_space) == std::string_view::npos) {
    return wrong(fmt::format("the SVG would not be shown: add xmlns=\"{}\" to its first element, <svg>", name_space));
  }
  return Picture::svg;
}

Result<std::string> read_logo(const std::string& path) {
  struct stat facts{};
  if (::stat(path.c_str(), &facts) != 0) {
    return wrong("the file cannot be read: " + std::generic_category().message(errno));
  }
  if (!S_ISREG(facts.st_mode)) return wrong("it is not a regular file; name the picture itself");
  std::ifstream file{path, std::ios::binary};
  std::string bytes(max_logo_size + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.is_open() || file.bad()) return wrong("the file cannot be read; let the server's user read it");
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > max_logo_size) {
    return wrong(
        fmt::format("the file is above {} KiB, and every page shows it; make it smaller", max_logo_size / 1024));
  }
  return bytes;
}

}  // namespace cardea::branding
