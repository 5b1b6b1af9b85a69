#include "note/note_wire.hpp"

#include <algorithm>
#include <utility>

#include "encoding/base64.hpp"

namespace cardea::note {
namespace {

constexpr std::string_view data_scheme = "data:";
constexpr std::size_t max_media_type = 100;

/// The base64 part of a data: URL (RFC 2397); the text itself when it is none. What type the URL claims does not
/// matter: the content decides.
std::string_view without_data_prefix(std::string_view text) {
  if (!text.starts_with(data_scheme)) return text;
  const auto comma = text.substr(0, max_media_type).find(',');
  if (comma == std::string_view::npos || !text.substr(0, comma).ends_with(";base64")) return text;
  return text.substr(comma + 1);
}

}  // namespace

NoteBody to_body(Note note) {
  return {.id = note.id,
          .note = std::move(note.text),
          .image = note.has_image ? std::optional{"/v1/me/notes/" + note.id.text() + "/image"} : std::nullopt,
          .created_at = note.created_at,
          .updated_at = note.updated_at};
}

Result<Draft> to_draft(const std::string* text, const std::string* image, const Settings& settings,
                       std::vector<FieldError> problems) {
  const auto is_read = [&](std::string_view field) {
    return std::none_of(problems.begin(), problems.end(), [&](const auto& problem) { return problem.field == field; });
  };
  const auto keep = [&](const Error& error) {
    problems.insert(problems.end(), error.fields.begin(), error.fields.end());
  };
  Draft draft;
  if (text != nullptr && is_read("note")) {
    if (const auto checked = check_text(*text, settings); !checked) keep(checked.error());
    draft.text = *text;
  }
  if (image != nullptr && is_read("image")) {
    auto decoded = decode_image(*image, settings.max_image);
    if (decoded) {
      draft.image = std::move(decoded).value();
    } else {
      keep(decoded.error());
    }
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return draft;
}

Result<Image> decode_image(std::string_view text, std::int64_t max) {
  const auto bytes = encoding::parse_base64(without_data_prefix(text));
  if (!bytes) {
    return Error{validation_failed, std::vector{FieldError{"image", "image_encoding", "Send the image as base64."}}};
  }
  return check_image(std::string{as_text(*bytes)}, max);
}

}  // namespace cardea::note
