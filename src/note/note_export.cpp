#include "encoding/base64.hpp"
#include "note/note_wire.hpp"

namespace cardea::note {
namespace {

constexpr std::int64_t notes_at_once = 50;
constexpr std::size_t images_at_once = 256 * 1024;  // bytes; one more may exceed it

}  // namespace

/// A note with its image, which elsewhere has a path of its own.
struct ExportedNote {
  static constexpr std::string_view schema_name = "ExportedNote";
  NoteId id;
  std::string note;
  std::optional<std::string> image_type;
  std::optional<std::string> image;
  Time created_at;
  Time updated_at;
};
template <class D>
void describe(D& d, wire::Of<D, ExportedNote>& body) {
  d.required("id", body.id);
  d.required("note", body.note, {.max = most_text});
  d.required("image_type", body.image_type);
  d.required("image", body.image, {.max = most_image, .format = "byte"});
  d.required("created_at", body.created_at);
  d.required("updated_at", body.updated_at);
}

std::string export_notes(db::Tx& tx, const AccountId& owner, std::string_view after, const ExportSink& sink) {
  const auto before = NoteId::parse(after);  // the latest come first
  const auto page = list(tx, owner, before, notes_at_once);
  std::size_t images = 0;  // bytes
  for (const Note& note : page) {
    ExportedNote exported{.id = note.id,
                          .note = note.text,
                          .image_type = {},
                          .image = {},
                          .created_at = note.created_at,
                          .updated_at = note.updated_at};
    if (const auto stored = note.has_image ? image(tx, owner, note.id) : Result<Image>{not_found}) {
      images += stored->bytes.size();
      exported.image_type = stored->type;
      exported.image = encoding::base64(as_bytes(stored->bytes));
    }
    sink("note", wire::write(exported));
    if (images > images_at_once) return note.id.text();
  }
  return static_cast<std::int64_t>(page.size()) == notes_at_once ? page.back().id.text() : std::string{};
}

}  // namespace cardea::note
