#include <algorithm>

#include "account/account.hpp"
#include "account/excerpt.hpp"
#include "page/form.hpp"

namespace cardea::account {
namespace {

constexpr std::int64_t page_size = 20;

// A browser without a chosen file sends an empty one.
const encoding::Part* chosen_file(const http::Call& call) {
  const auto at = std::find_if(call.files.begin(), call.files.end(), [](const encoding::Part& part) {
    return part.name == "image" && !part.content.empty();
  });
  return at == call.files.end() ? nullptr : &*at;
}

Result<note::Draft> read_draft(const Deps& deps, const http::Call& call) {
  note::Draft draft{.text = page::typed(call.form, "note"),
                    .remove_image = page::typed(call.form, "remove_image") == "on"};
  std::vector<FieldError> problems;
  if (auto checked = note::check_text(draft.text, deps.note); !checked) problems = checked.error().fields;
  if (const auto* file = chosen_file(call)) {
    auto image = note::check_image(file->content, deps.note.max_image);
    if (image) {
      draft.image = std::move(image).value();
    } else {
      for (const auto& problem : image.error().fields) problems.push_back(problem);
    }
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return draft;
}

std::string image_path(const note::Note& note) {
  return note.has_image ? "/account/notes/" + note.id.text() + "/image" : "";
}

wire::Object form_of(const http::Call& call, const note::Settings& settings) {
  return {{"owner", call.who().account.text()},
          {"max_text", settings.max_text},
          {"max_image", settings.max_image},
          {"max_image_text", note::size_text(settings.max_image)}};
}

Result<http::Response> show_list(const Deps& deps, const http::Call& call, const Error* error) {
  const auto before = call.query("before");
  const auto notes = deps.authn.database.read([&](db::Tx& tx) {
    return note::list(tx, call.who().account, before ? NoteId::parse(*before) : std::nullopt, page_size + 1);
  });
  wire::Array list;
  for (const auto& note : notes) {
    if (std::ssize(list) == page_size) break;
    const auto excerpt = excerpt_of(note.text);
    list.emplace_back(wire::Object{{"id", note.id.text()},
                                   {"text", excerpt.text},
                                   {"is_cut", excerpt.is_cut},
                                   {"label", first_words(note.text)},
                                   {"image", image_path(note)},
                                   {"updated", page::instant(note.updated_at)}});
  }
  const bool more = std::ssize(notes) > page_size;
  auto data = form_of(call, deps.note);
  data.push_back({"is_paged", before || more});
  data.push_back({"newest", before ? "/account/notes" : ""});
  data.push_back({"older", more ? "/account/notes?before=" + notes[page_size - 1].id.text() : ""});
  data.push_back({"notes", std::move(list)});
  return page::render_form(deps.pages, call, {.page = "account_notes", .error = error, .data = std::move(data)});
}

Result<http::Response> post_note(const Deps& deps, const http::Call& call) {
  const auto draft = read_draft(deps, call);
  if (!draft) return show_list(deps, call, &draft.error());
  const auto made = deps.authn.database.write(
      [&](db::Tx& tx) { return note::create(tx, call.who().account, *draft, deps.note, call.now, deps.authn.random); });
  if (!made) return show_list(deps, call, &made.error());
  return page::redirect("/account/notes", "account_notes.added");
}

Result<NoteId> id_of(const http::Call& call) {
  const auto id = NoteId::parse(call.param(0));
  if (!id) return not_found;
  return *id;
}

Result<http::Response> show_one(const Deps& deps, const http::Call& call, const Error* error) {
  const auto id = TRY(id_of(call));
  const auto found = TRY(deps.authn.database.read([&](db::Tx& tx) { return note::find(tx, call.who().account, id); }));
  const wire::Value stored = wire::Object{{"note", found.text}};
  auto data = form_of(call, deps.note);
  data.push_back({"id", id.text()});
  data.push_back({"label", first_words(found.text)});
  data.push_back({"image", image_path(found)});
  return page::render_form(deps.pages, call,
                           {.page = "note_edit",
                            .error = error,
                            .values = error != nullptr ? &call.form : &stored,
                            .data = std::move(data)});
}

Result<http::Response> post_one(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  const auto draft = read_draft(deps, call);
  if (!draft) return show_one(deps, call, &draft.error());
  TRY(deps.authn.database.write(
      [&](db::Tx& tx) { return note::update(tx, call.who().account, id, *draft, deps.note, call.now); }));
  return page::redirect("/account/notes", "account_notes.added");
}

Result<http::Response> post_delete(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  TRY(deps.authn.database.write([&](db::Tx& tx) { return note::remove(tx, call.who().account, id); }));
  return page::redirect("/account/notes", "account_notes.deleted");
}

Result<http::Response> show_image(const Deps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return note::image_response(
      TRY(deps.authn.database.read([&](db::Tx& tx) { return note::image(tx, call.who().account, id); })));
}

}  // namespace

std::vector<http::Route> note_pages(const Deps& deps) {
  using http::Access;
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{http::Style::page, routes};
  pages.get("/account/notes", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return show_list(deps, call, nullptr); });
  pages
      .post("/account/notes", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return post_note(deps, call); })
      .body_limit = note::body_limit(deps.note);
  pages.get("/account/notes/{id}", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return show_one(deps, call, nullptr); });
  pages
      .post("/account/notes/{id}", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return post_one(deps, call); })
      .body_limit = note::body_limit(deps.note);
  pages.post("/account/notes/{id}/delete", Lane::quick, Access::signed_in,
             [deps](const http::Call& call) { return post_delete(deps, call); });
  pages.get("/account/notes/{id}/image", Lane::quick, Access::signed_in,
            [deps](const http::Call& call) { return show_image(deps, call); });
  return routes;
}

}  // namespace cardea::account
