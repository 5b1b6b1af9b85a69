#pragma once
// Notes on the wire.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "encoding/wire.hpp"
#include "note/note.hpp"

namespace cardea::note {

// Bounds of the reader only; the settings decide, and the route's body limit keeps both small.
inline constexpr std::size_t most_text = 200'000;
inline constexpr std::size_t most_image = 16 * 1024 * 1024;
inline constexpr std::int64_t most_per_page = 200;
inline constexpr std::array<std::string_view, 3> image_types{"image/png", "image/jpeg", "image/webp"};
inline constexpr std::string_view image_doc = "PNG, JPEG or WebP, in base64; a data: URL is accepted too.";

struct NewNote {
  static constexpr std::string_view schema_name = "NewNote";
  static constexpr std::string_view schema_example = R"({"note":"Buy milk"})";
  std::string note;
  std::optional<std::string> image;
};
template <class D>
void describe(D& d, wire::Of<D, NewNote>& body) {
  d.required("note", body.note, {.max = most_text, .doc = "The text."});
  d.optional("image", body.image, {.max = most_image, .doc = image_doc, .format = "byte"});
}

/// A JSON Merge Patch (RFC 7396).
struct NotePatch {
  static constexpr std::string_view schema_name = "NotePatch";
  static constexpr std::string_view schema_example = R"({"note":"Buy oat milk"})";
  wire::Patch<std::string> note;  // null is refused: a note has a text
  wire::Patch<std::string> image;
};
template <class D>
void describe(D& d, wire::Of<D, NotePatch>& body) {
  d.optional("note", body.note, {.max = most_text, .doc = "The new text."});
  d.optional("image", body.image, {.max = most_image, .doc = image_doc, .format = "byte"});
}

struct NoteBody {
  static constexpr std::string_view schema_name = "Note";
  static constexpr std::string_view schema_example =
      R"({"id":"not_01K2V7F3T4Q9M6W8X5Y0Z1A2B5","note":"Buy milk","image":null,)"
      R"("created_at":"2026-11-23T12:00:00.000Z","updated_at":"2026-11-23T12:00:00.000Z"})";
  NoteId id;
  std::string note;
  std::optional<std::string> image;
  Time created_at;
  Time updated_at;
};
template <class D>
void describe(D& d, wire::Of<D, NoteBody>& body) {
  d.required("id", body.id);
  d.required("note", body.note, {.max = most_text});
  d.required("image", body.image, {.doc = "The path that serves the image."});
  d.required("created_at", body.created_at);
  d.required("updated_at", body.updated_at);
}

struct NotePage {
  static constexpr std::string_view schema_name = "NotePage";
  static constexpr std::string_view schema_example =
      R"({"data":[{"id":"not_01K2V7F3T4Q9M6W8X5Y0Z1A2B5","note":"Buy milk","image":null,)"
      R"("created_at":"2026-11-23T12:00:00.000Z","updated_at":"2026-11-23T12:00:00.000Z"}],)"
      R"("next_cursor":null,"has_more":false})";
  std::vector<NoteBody> data;
  std::optional<std::string> next_cursor;
  bool has_more = false;
};
template <class D>
void describe(D& d, wire::Of<D, NotePage>& page) {
  d.required("data", page.data, {.max = most_per_page, .doc = "Newest first."});
  d.required("next_cursor", page.next_cursor, {.doc = "Goes into `cursor` to read on."});
  d.required("has_more", page.has_more);
}

[[nodiscard]] NoteBody to_body(Note note);

}  // namespace cardea::note
