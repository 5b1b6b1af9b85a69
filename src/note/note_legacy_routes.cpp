#include "http/message_body.hpp"
#include "http/problem.hpp"
#include "http/site.hpp"
#include "note/note_wire.hpp"
#include "session/session.hpp"
#include "throttle/throttle.hpp"

namespace cardea::note {

// Front ends send back what they were shown; the ids in it are the note's own, or else refused.
struct NoteInput {
  static constexpr std::string_view schema_name = "LegacyNoteInput";
  static constexpr std::string_view schema_example = R"({"note":"Buy milk"})";
  std::optional<std::string> id;
  std::string note;
  wire::Patch<std::string> image;
  std::optional<std::string> user_id;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, NoteInput>& body) {
  d.optional("id", body.id, {.doc = "The note's own, when it has one."});
  d.required("note", body.note, {.max = most_text, .doc = "The text."});
  d.optional(
      "image", body.image,
      {.max = most_image,
       .doc = "PNG, JPEG or WebP in base64, or the address of the image the note has; null or empty removes it."});
  d.optional("userID", body.user_id, {.doc = "The caller's own."});
  d.rest(body.rest, "Ignored.");
}

struct LegacyNote {
  static constexpr std::string_view schema_name = "LegacyNote";
  static constexpr std::string_view schema_example =
      R"({"id":"not_01K2V7F3T4Q9M6W8X5Y0Z1A2B5","note":"Buy milk","image":null,)"
      R"("userID":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3"})";
  NoteId id;
  std::string note;
  std::optional<std::string> image;
  AccountId user_id;
};
template <class D>
void describe(D& d, wire::Of<D, LegacyNote>& note) {
  d.required("id", note.id);
  d.required("note", note.note, {.max = most_text});
  d.required("image", note.image, {.doc = "The address that serves the image, with scheme and host."});
  d.required("userID", note.user_id);
}

namespace {

std::string image_path(const NoteId& id) { return "/api/notes/" + id.text() + "/image"; }

// Whole, because the page that shows it is on another origin.
std::string image_address(const Deps& deps, const http::Call& call, const NoteId& id) {
  return http::known_origin(call.request, deps.url) + image_path(id);
}

LegacyNote to_legacy(const Deps& deps, const http::Call& call, const Note& note) {
  return {.id = note.id,
          .note = note.text,
          .image = note.has_image ? std::optional{image_address(deps, call, note.id)} : std::nullopt,
          .user_id = note.owner};
}

http::Response answer_with(const Deps& deps, const http::Call& call, const Note& note) {
  return http::json(to_legacy(deps, call, note));
}

// What GET shows, and its path alone, which earlier versions showed.
bool is_image_of(const Deps& deps, const http::Call& call, const Note& note, std::string_view sent) {
  return note.has_image && (sent == image_address(deps, call, note.id) || sent == image_path(note.id));
}

Result<NoteId> id_of(const http::Call& call) {
  const auto id = NoteId::parse(call.param(0));
  if (!id) return not_found;
  return *id;
}

void check_own(std::string_view field, const std::optional<std::string>& sent, std::string_view own,
               std::vector<FieldError>& problems) {
  if (!sent || sent->empty() || *sent == own) return;
  problems.push_back({std::string{field}, "fixed", "This cannot be changed. Leave it out."});
}

// What a body says about the note of that id, or about a new one.
Result<Draft> read_draft(const Deps& deps, const http::Call& call, const std::optional<Note>& current) {
  std::vector<FieldError> problems;
  const auto body = TRY(wire::read<NoteInput>(call.request.body, problems));
  check_own("id", body.id, current ? current->id.text() : "", problems);
  check_own("userID", body.user_id, call.account().text(), problems);
  const std::string* image = body.image.value();
  const bool is_none = image != nullptr && image->empty();
  const bool is_kept = image != nullptr && current && is_image_of(deps, call, *current, *image);
  auto draft = TRY(to_draft(&body.note, is_none || is_kept ? nullptr : image, deps.settings, std::move(problems)));
  draft.remove_image = is_none || body.image.is_cleared();
  return draft;
}

Result<http::Response> list_notes(const Deps& deps, const http::Call& call) {
  std::vector<LegacyNote> notes;
  for (const auto& note : deps.database.read(
           [&](db::Tx& tx) { return list(tx, call.account(), std::nullopt, deps.settings.max_per_account); })) {
    notes.push_back(to_legacy(deps, call, note));
  }
  return http::json(notes);
}

Result<http::Response> create_note(const Deps& deps, const http::Call& call) {
  const auto draft = TRY(read_draft(deps, call, std::nullopt));
  return answer_with(deps, call, TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) {
                       return create(tx, writer_of(deps, call.context), draft, deps.settings, deps.random);
                     })));
}

Result<http::Response> get_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return answer_with(deps, call, TRY(deps.database.read([&](db::Tx& tx) { return find(tx, call.account(), id); })));
}

Result<http::Response> update_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  const auto current = TRY(deps.database.read([&](db::Tx& tx) { return find(tx, call.account(), id); }));
  const auto draft = TRY(read_draft(deps, call, current));
  return answer_with(deps, call, TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) {
                       return update(tx, writer_of(deps, call.context), id, draft, deps.settings);
                     })));
}

Result<http::Response> delete_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) { return remove(tx, call.account(), id); }));
  return http::json(http::MessageBody{"Deleted note " + id.text()});
}

Result<http::Response> get_image(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return image_response(TRY(deps.database.read([&](db::Tx& tx) { return image(tx, call.account(), id); })));
}

}  // namespace

std::vector<http::Route> legacy_routes(const Deps& deps, const http::Surface& surface) {
  using http::Lane;
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  std::vector<http::Route> routes;
  http::Routes legacy{surface, routes};
  legacy.get("/api/notes", Lane::quick, or_token(signed_in), with(list_notes),
             {.summary = "The caller's notes.", .response = &wire::schema<std::vector<LegacyNote>>});
  legacy
      .post("/api/notes", Lane::quick, or_token(signed_in), with(create_note),
            {.summary = "Add a note.",
             .request = &wire::schema<NoteInput>,
             .response = &wire::schema<LegacyNote>,
             .errors = {&validation_failed, &too_many, &full, &throttle::rate_limited}})
      .body_limit = body_limit(deps.settings);
  legacy.get("/api/notes/{id}", Lane::quick, or_token(signed_in), with(get_note),
             {.summary = "One of the caller's notes.",
              .params = {http::schema_of<NoteId>()},
              .response = &wire::schema<LegacyNote>,
              .errors = {&not_found}});
  legacy
      .put("/api/notes/{id}", Lane::quick, or_token(signed_in), with(update_note),
           {.summary = "Change a note.",
            .params = {http::schema_of<NoteId>()},
            .request = &wire::schema<NoteInput>,
            .response = &wire::schema<LegacyNote>,
            .errors = {&validation_failed, &not_found, &full, &throttle::rate_limited}})
      .body_limit = body_limit(deps.settings);
  legacy.del("/api/notes/{id}", Lane::quick, or_token(signed_in), with(delete_note),
             {.summary = "Delete a note.",
              .params = {http::schema_of<NoteId>()},
              .response = &wire::schema<http::MessageBody>,
              .errors = {&not_found}});
  legacy.get("/api/notes/{id}/image", Lane::quick, or_token(signed_in), with(get_image),
             {.summary = "The image of a note.",
              .params = {http::schema_of<NoteId>()},
              .media_types = image_types,
              .errors = {&not_found}});
  return routes;
}

}  // namespace cardea::note
