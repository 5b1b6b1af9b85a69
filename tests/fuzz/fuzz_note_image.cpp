// libraries: note
// A picture from anyone: whatever is accepted is one of three types, begins as that type does, and ends where it ends.

#include <cstdint>

#include "note/note.hpp"
#include "tests/fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cardea;
  using fuzz::require;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto image = note::check_image(std::string{text}, 4096)) {
    require(image->bytes.size() <= 4096, "an accepted image is within the limit");
    require(text.starts_with(image->bytes), "an accepted image is what came, up to its end");
    const auto again = note::check_image(image->bytes, 4096);
    require(again.ok() && again->bytes == image->bytes, "nothing is behind the end of what is stored");
    const bool png = image->type == "image/png" && text.starts_with("\x89PNG\r\n\x1a\n");
    const bool jpeg = image->type == "image/jpeg" && text.starts_with("\xff\xd8");
    const bool webp = image->type == "image/webp" && text.starts_with("RIFF");
    require(png || jpeg || webp, "the type is that of the first bytes");
  }
  (void)note::decode_image(text, 4096);
  return 0;
}
