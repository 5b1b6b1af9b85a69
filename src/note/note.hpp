#pragma once
// note: the demonstration of user-owned data: short texts with an optional image.
//
// Owns: note. Never: shows a note to anyone but its owner; to others it does not exist (404).
// Routes: CRUD /v1/me/notes and /api/notes with …/{id}/image; pages below /account/notes.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/client_network.hpp"
#include "base/id.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "config/section.hpp"
#include "db/database.hpp"
#include "feature/feature.hpp"
#include "page/page.hpp"

namespace cardea::note {

struct NoteTag {
  static constexpr std::string_view prefix = "not_";
};
using NoteId = Id<NoteTag>;

struct Settings {
  std::int64_t max_text = 10000;               // code points
  std::int64_t max_image = 1024 * 1024;        // bytes
  std::int64_t max_per_account = 1000;
  std::int64_t max_text_per_account = 2 * 1024 * 1024;    // bytes of text
  std::int64_t max_bytes_per_account = 50 * 1024 * 1024;  // bytes of text and images
  std::int64_t max_bytes_per_network = 256 * 1024 * 1024;  // of all accounts, in a day; 0: no limit
  std::int64_t disk_reserve = 128 * 1024 * 1024;  // bytes that images leave free on the database's disk
};
void describe(config::Section& section, Settings& settings);

/// Bytes that the body of a request with a note may have, on whatever surface it comes: the largest text and image in
/// their longest spelling, as JSON or as a form.
[[nodiscard]] std::size_t body_limit(const Settings& settings);

inline constexpr ErrorKind too_many{"note.too_many", 409,
                                    "You have as many notes as an account may have. Delete one first."};
inline constexpr ErrorKind full{
    "note.full", 409, "Your notes take up all the space an account may have. Delete one, or make this smaller."};

struct Image {
  std::string type;  // "image/png", "image/jpeg", "image/webp"
  std::string bytes;
};
/// The image when `bytes` begin with a whole PNG, JPEG or WebP of at most `max` bytes (signature and structure), cut at
/// its end; the field error otherwise (codes image_too_large, image_type).
Result<Image> check_image(std::string bytes, std::int64_t max);
/// "1 MB", "300 kB": a limit as people read it.
[[nodiscard]] std::string size_text(std::int64_t bytes);

/// Decodes and checks the image of a request: base64, bare or as a data: URL. Errors: validation_failed on "image".
Result<Image> decode_image(std::string_view text, std::int64_t max);

struct Note {
  NoteId id;
  AccountId owner;
  std::string text;
  bool has_image = false;
  Time created_at;
  Time updated_at;
};

/// What to store; an absent image on update means: leave it.
struct Draft {
  std::string text;
  std::optional<Image> image = {};
  bool remove_image = false;
};

/// Checks length and characters of the text. Errors: validation_failed on "note".
Result<Done> check_text(std::string_view text, const Settings& settings);

/// A draft of what a JSON body holds; null: not sent. Errors: validation_failed with what is wrong with text and image
/// and the `problems` that the reader of the body has found already.
Result<Draft> to_draft(const std::string* text, const std::string* image, const Settings& settings,
                       std::vector<FieldError> problems);

/// Who writes, and from where.
struct Writer {
  AccountId owner;
  ClientNetwork network;  // whose accounts share a budget of bytes
  Time now;
  std::optional<std::int64_t> free_bytes = {};  // on the database's disk; absent: not known
};

/// Errors: validation_failed, note.too_many, note.full, rate_limited when the network has stored as much as it may, and
/// storage.full for an image that would take what is left for everything else.
Result<Note> create(db::Tx& tx, const Writer& writer, const Draft& draft, const Settings& settings, Random& random);
/// Newest first; `before` is the last id of the page before.
std::vector<Note> list(db::Tx& tx, const AccountId& owner, std::optional<NoteId> before, std::int64_t limit);
/// Errors of the rest: not_found, also for a note of somebody else; `update` also those of `create` but note.too_many.
Result<Note> find(db::Tx& tx, const AccountId& owner, const NoteId& id);
Result<Image> image(db::Tx& tx, const AccountId& owner, const NoteId& id);
Result<Note> update(db::Tx& tx, const Writer& writer, const NoteId& id, const Draft& draft, const Settings& settings);
Result<Done> remove(db::Tx& tx, const AccountId& owner, const NoteId& id);

/// Gives notes of an account with their images, newest first, some at a time; what is returned goes into `after`.
std::string export_notes(db::Tx& tx, const AccountId& owner, std::string_view after, const ExportSink& sink);

struct Deps {
  db::Database& database;
  Random& random;
  const Settings& settings;
  std::string_view url = {};  // of this server
};
/// Who writes on this occasion.
[[nodiscard]] Writer writer_of(const Deps& deps, const Context& context);
/// `legacy` is the surface of the older contract; it outlives the result.
[[nodiscard]] FeatureEntry entry(const http::Surface& legacy);
[[nodiscard]] Feature feature(const Deps& deps, const page::Pages& pages, const http::Surface& legacy);
[[nodiscard]] std::vector<http::Route> api_routes(const Deps& deps);
[[nodiscard]] std::vector<http::Route> page_routes(const Deps& deps, const page::Pages& pages);
[[nodiscard]] std::vector<http::Route> legacy_routes(const Deps& deps, const http::Surface& surface);

/// The response that serves an image: its type, nosniff, a sandboxing policy, never as a document of this origin.
[[nodiscard]] http::Response image_response(Image image);

}  // namespace cardea::note
