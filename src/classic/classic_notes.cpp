#include "classic/classic.hpp"

namespace cardea::classic {
namespace {

wire::Object to_classic(const note::Note& note) {
  return {{"id", note.id.text()},
          {"note", note.text},
          {"image", note.has_image ? wire::Value{"/api/notes/" + note.id.text() + "/image"} : wire::Value{nullptr}},
          {"userID", note.owner.text()}};
}

http::Response answer_with(const note::Note& note) { return http::json(200, wire::to_json(to_classic(note))); }

Result<NoteId> id_of(const http::Call& call) {
  const auto id = NoteId::parse(call.param(0));
  if (!id) return not_found;
  return *id;
}

// {id?, note, image?, userID?}: the ids may come back as they were shown; they are the path's and the caller's anyway.
Result<note::Draft> read_draft(const Deps& deps, const http::Call& call) {
  const auto body = TRY(read_object(call));
  note::Draft draft{.text = text_of(body, "note")};
  for (const auto& [name, value] : *body.get<wire::Object>()) {
    if (name == "note" || name == "id" || name == "userID") continue;
    if (name != "image") {
      return Error{validation_failed, std::vector<FieldError>{{name, "unknown_field", "This is not a known field."}}};
    }
    const auto* text = value.get<std::string>();
    if (text == nullptr || text->empty()) {
      draft.remove_image = true;
    } else if (!text->starts_with("/api/notes/")) {  // its own address: the image it has already
      draft.image = TRY(note::decode_image(*text, deps.note.max_image));
    }
  }
  TRY(note::check_text(draft.text, deps.note));
  return draft;
}

Result<http::Response> list_notes(const Deps& deps, const http::Call& call) {
  wire::Array notes;
  for (const auto& note : deps.entry.database.read(
           [&](db::Tx& tx) { return note::list(tx, call.who().account, std::nullopt, deps.note.max_per_account); })) {
    notes.emplace_back(to_classic(note));
  }
  return http::json(200, wire::to_json(std::move(notes)));
}

Result<http::Response> create_note(const Deps& deps, const http::Call& call) {
  const auto draft = TRY(read_draft(deps, call));
  return answer_with(TRY(deps.entry.database.write([&](db::Tx& tx) {
    return note::create(tx, call.who().account, draft, deps.note, call.now, deps.entry.random);
  })));
}

Result<http::Response> get_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return answer_with(TRY(deps.entry.database.read([&](db::Tx& tx) { return note::find(tx, call.who().account, id); })));
}

Result<http::Response> update_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  const auto draft = TRY(read_draft(deps, call));
  return answer_with(TRY(deps.entry.database.write(
      [&](db::Tx& tx) { return note::update(tx, call.who().account, id, draft, deps.note, call.now); })));
}

Result<http::Response> delete_note(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  TRY(deps.entry.database.write([&](db::Tx& tx) { return note::remove(tx, call.who().account, id); }));
  return http::json(200, wire::to_json(wire::Object{{"message", "Deleted note " + id.text()}}));
}

Result<http::Response> get_image(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return note::image_response(
      TRY(deps.entry.database.read([&](db::Tx& tx) { return note::image(tx, call.who().account, id); })));
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
             .response = &note_schema,
             .errors = {&validation_failed, &note::too_many, &note::full}})
      .body_limit = note::body_limit(deps.note);
  classic.get("/api/notes/{id}", Lane::quick, Access::signed_in, with(get_note),
              {.summary = "One of the caller's notes.", .response = &note_schema, .errors = {&not_found}});
  classic
      .put("/api/notes/{id}", Lane::quick, Access::signed_in, with(update_note),
           {.summary = "Change a note.",
            .response = &note_schema,
            .errors = {&validation_failed, &not_found, &note::full}})
      .body_limit = note::body_limit(deps.note);
  classic.del("/api/notes/{id}", Lane::quick, Access::signed_in, with(delete_note),
              {.summary = "Delete a note.", .errors = {&not_found}});
  classic.get("/api/notes/{id}/image", Lane::quick, Access::signed_in, with(get_image),
              {.summary = "The image of a note.", .errors = {&not_found}});
  return routes;
}

}  // namespace cardea::classic
