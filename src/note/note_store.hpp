#pragma once
// The rows of note. Every statement names the owner, so none can reach another account's notes.

#include <optional>
#include <string>
#include <string_view>

#include "note/note.hpp"

namespace cardea::note {

/// What an account's notes take.
struct Use {
  std::int64_t notes = 0;
  std::int64_t text = 0;    // bytes
  std::int64_t images = 0;  // bytes
};
Use use_of(db::Tx& tx, const AccountId& owner);
/// The same of one note; zeros when it does not exist.
Use use_of(db::Tx& tx, const AccountId& owner, const NoteId& id);
void insert(db::Tx& tx, const Note& note, const std::optional<Image>& image);
std::optional<Note> find_row(db::Tx& tx, const AccountId& owner, const NoteId& id);
std::optional<Image> find_image(db::Tx& tx, const AccountId& owner, const NoteId& id);
void update_text(db::Tx& tx, const Note& note);
/// Replaces the image; an absent one removes it.
void update_image(db::Tx& tx, const AccountId& owner, const NoteId& id, const std::optional<Image>& image);

}  // namespace cardea::note
