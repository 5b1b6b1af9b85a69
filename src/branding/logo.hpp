#pragma once
// The file of an operator's logo: which kind of picture it is, by its own bytes.

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cardea::branding {

inline constexpr std::size_t max_logo_size = 256 * 1024;  // bytes

enum class Picture { svg, png, webp };

[[nodiscard]] std::string_view content_type(Picture picture);
[[nodiscard]] std::string_view file_ending(Picture picture);

/// What the bytes are. The error's detail says what is wrong and what would do.
[[nodiscard]] Result<Picture> picture_of(std::string_view bytes);

/// The bytes of a regular file of at most `max_logo_size`. The error's detail as above.
[[nodiscard]] Result<std::string> read_logo(const std::string& path);

}  // namespace cardea::branding
