#include "note/note_store.hpp"

namespace cardea::note {
namespace {

Note to_note(const db::Row& row) {
  return {.id = row.id<NoteId>(0),
          .owner = row.id<AccountId>(1),
          .text = row.text(2),
          .has_image = !row.is_null(3),
          .created_at = row.time(4),
          .updated_at = row.time(5)};
}

std::optional<std::string> type_of(const std::optional<Image>& image) {
  return image ? std::optional{image->type} : std::nullopt;
}
std::optional<BytesView> bytes_of(const std::optional<Image>& image) {
  return image ? std::optional{as_bytes(image->bytes)} : std::nullopt;
}

std::int64_t size_of(std::string_view bytes) { return static_cast<std::int64_t>(bytes.size()); }
std::int64_t size_of(const std::optional<Image>& image) { return image ? size_of(image->bytes) : 0; }

Use to_use(const db::Row& row) { return {.notes = row.integer(0), .text = row.integer(1), .images = row.integer(2)}; }

}  // namespace

Use use_of(db::Tx& tx, const AccountId& owner) {
  return to_use(tx.one("SELECT count(*), CAST(coalesce(sum(text_bytes), 0) AS BIGINT), "
                       "CAST(coalesce(sum(image_bytes), 0) AS BIGINT) FROM note WHERE account_id = $1",
                       owner)
                    .value());
}

Use use_of(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  return to_use(tx.one("SELECT count(*), CAST(coalesce(sum(text_bytes), 0) AS BIGINT), "
                       "CAST(coalesce(sum(image_bytes), 0) AS BIGINT) FROM note WHERE account_id = $1 AND id = $2",
                       owner, id)
                    .value());
}

void insert(db::Tx& tx, const Note& note, const std::optional<Image>& image) {
  tx.run(
      "INSERT INTO note (id, account_id, text_bytes, image_bytes, text, image_type, image, created_at, updated_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
      note.id, note.owner, size_of(note.text), size_of(image), note.text, type_of(image), bytes_of(image),
      note.created_at, note.updated_at);
}

std::vector<Note> list(db::Tx& tx, const AccountId& owner, std::optional<NoteId> before, std::int64_t limit) {
  RawId highest{};
  highest.fill(0xFF);
  std::vector<Note> notes;
  for (const auto& row : tx.all("SELECT id, account_id, text, image_type, created_at, updated_at FROM note "
                                "WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                                owner, before.value_or(NoteId{highest}), limit)) {
    notes.push_back(to_note(row));
  }
  return notes;
}

std::optional<Note> find_row(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  const auto row = tx.one(
      "SELECT id, account_id, text, image_type, created_at, updated_at FROM note "
      "WHERE id = $1 AND account_id = $2",
      id, owner);
  return row ? std::optional{to_note(*row)} : std::nullopt;
}

std::optional<Image> find_image(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  const auto row =
      tx.one("SELECT image_type, image FROM note WHERE id = $1 AND account_id = $2 AND image IS NOT NULL", id, owner);
  if (!row) return std::nullopt;
  return Image{.type = row->text(0), .bytes = std::string{as_text(row->bytes(1))}};
}

void update_text(db::Tx& tx, const Note& note) {
  tx.run("UPDATE note SET text = $3, text_bytes = $4, updated_at = $5 WHERE id = $1 AND account_id = $2", note.id,
         note.owner, note.text, size_of(note.text), note.updated_at);
}

void update_image(db::Tx& tx, const AccountId& owner, const NoteId& id, const std::optional<Image>& image) {
  tx.run("UPDATE note SET image_type = $3, image = $4, image_bytes = $5 WHERE id = $1 AND account_id = $2", id, owner,
         type_of(image), bytes_of(image), size_of(image));
}

Result<Done> remove(db::Tx& tx, const AccountId& owner, const NoteId& id) {
  if (tx.run("DELETE FROM note WHERE id = $1 AND account_id = $2", id, owner) == 0) return not_found;
  return done;
}

}  // namespace cardea::note
