#include "legacy_api/legacy_api.hpp"
#include "note/note_wire.hpp"

namespace cardea::legacy_api {

// Front ends send back what they were shown; the ids in it are the note's own, or else refused.
struct NoteInput {
  std::optional<std::string> id;
  std::string note;
  wire::Patch<std::string> image;
  std::optional<std::string> user_id;
};
template <class D>
void describe(D& d, wire::Of<D, NoteInput>& body) {
  d.optional("id", body.id, {.doc = "The note's own, when it has one."});
  d.required("note", body.note, {.max = note::most_text, .doc = "The text."});
  d.optional(
      "image", body.image,
      {.max = note::most_image,
       .doc = "PNG, JPEG or WebP in base64, or the address of the image the note has; null or empty removes it."});
  d.optional("userID", body.user_id, {.doc = "The caller's own."});
}

namespace {

std::string image_address(const NoteId& id) { return "/api/notes/" + id.text() + "/image"; }

wire::Object to_classic(const note::Note& note) {
  return {{"id", note.id.text()},
          {"note", note.text},
          {"image", note.has_image ? wire::Value{image_address(note.id)} : wire::Value{nullptr}},
          {"userID", note.owner.text()}};
}

http::Response answer_with(const note::Note& note) { return http::json(200, wire::to_json(to_classic(note))); }

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
Result<note::Draft> read_draft(const Deps& deps, const http::Call& call, const std::optional<note::Note>& current) {
  std::vector<FieldError> problems;
  const auto body = TRY(wire::read<NoteInput>(call.request.body, problems));
  check_own("id", body.id, current ? current->id.text() : "", problems);
  check_own("userID", body.user_id, call.who().account.text(), problems);
  const std::string* image = body.image.value();
  const bool is_none = image != nullptr && image->empty();
  const bool is_kept = image != nullptr && current && current->has_image && *image == image_address(current->id);
  auto draft = TRY(note::to_draft(&body.note, is_none || is_kept ? nullptr : image, deps.note, std::move(problems)));
  draft.remove_image = is_none || body.image.is_cleared();
  return draft;
}

Result<http::Response> list_notes(const Deps& deps, const http::Call& call) {
  wire::Array notes;
  for (const auto& note : deps.authn.database.read(
           [&](db::Tx& tx) { return note::list(tx, call.who().account, std::nullopt, deps.note.max_per_account); })) {
    notes.emplace_back(to_classic(note));
  }
  return http::json(200, wire::to_json(std::move(notes)));
}

Result<http::Response> create_note(const Deps& deps, const http::Call& call) {
  const auto draft = TRY(read_draft(deps, call, std::nullopt));
  return answer_with(TRY(deps.authn.database.write([&](db::Tx& tx) {
    return note::create(tx, call.who().account, draft, deps.note, call.now, deps.authn.random);
  })));
}

Result<http::Response> get_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return answer_with(TRY(deps.authn.database.read([&](db::Tx& tx) { return note::find(tx, call.who().account, id); })));
}

Result<http::Response> update_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  const auto current =
      TRY(deps.authn.database.read([&](db::Tx& tx) { return note::find(tx, call.who().account, id); }));
  const auto draft = TRY(read_draft(deps, call, current));
  return answer_with(TRY(deps.authn.database.write(
      [&](db::Tx& tx) { return note::update(tx, call.who().account, id, draft, deps.note, call.now); })));
}

Result<http::Response> delete_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  TRY(deps.authn.database.write([&](db::Tx& tx) { return note::remove(tx, call.who().account, id); }));
  return http::json(200, wire::to_json(wire::Object{{"message", "Deleted note " + id.text()}}));
}

Result<http::Response> get_image(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return note::image_response(
      TRY(deps.authn.database.read([&](db::Tx& tx) { return note::image(tx, call.who().account, id); })));
}

wire::Schema note_schema() {
  const wire::Object text{{"type", "string"}};
  return wire::Object{{"type", "object"},
                      {"properties", wire::Object{{"id", text},
                                                  {"note", text},
                                                  {"image", wire::Object{{"type", wire::Array{"string", "null"}}}},
                                                  {"userID", text}}},
                      {"required", wire::Array{"id", "note", "image", "userID"}}};
}

wire::Schema notes_schema() { return wire::Object{{"type", "array"}, {"items", note_schema()}}; }

}  // namespace

std::vector<http::Route> note_routes(const Deps& deps) {
  using http::Access;
  using http::Lane;
  const auto with = [deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  std::vector<http::Route> routes;
  http::Routes classic{http::Style::classic, routes};
  classic.get("/api/notes", Lane::quick, Access::signed_in, with(list_notes),
              {.summary = "The caller's notes.", .response = &notes_schema});
  classic
      .post("/api/notes", Lane::quick, Access::signed_in, with(create_note),
            {.summary = "Add a note.",
             .request = &wire::schema<NoteInput>,
             .response = &note_schema,
             .errors = {&validation_failed, &note::too_many, &note::full}})
      .body_limit = note::body_limit(deps.note);
  classic.get("/api/notes/{id}", Lane::quick, Access::signed_in, with(get_note),
              {.summary = "One of the caller's notes.", .response = &note_schema, .errors = {&not_found}});
  classic
      .put("/api/notes/{id}", Lane::quick, Access::signed_in, with(update_note),
           {.summary = "Change a note.",
            .request = &wire::schema<NoteInput>,
            .response = &note_schema,
            .errors = {&validation_failed, &not_found, &note::full}})
      .body_limit = note::body_limit(deps.note);
  classic.del("/api/notes/{id}", Lane::quick, Access::signed_in, with(delete_note),
              {.summary = "Delete a note.", .errors = {&not_found}});
  classic.get("/api/notes/{id}/image", Lane::quick, Access::signed_in, with(get_image),
              {.summary = "The image of a note.", .errors = {&not_found}});
  return routes;
}

}  // namespace cardea::legacy_api
