#include <algorithm>

#include "http/problem.hpp"
#include "note/excerpt.hpp"
#include "note/note.hpp"
#include "page/form.hpp"
#include "session/session.hpp"

namespace cardea::note {
// Where the list goes on.
struct PageQuery {
  std::optional<NoteId> before;
};
template <class D>
void describe(D& d, wire::Of<D, PageQuery>& query) {
  d.optional("before", query.before);
}

namespace {

struct PageDeps {
  const Deps note;
  const page::Pages& pages;
};

constexpr std::int64_t page_size = 20;

// A browser without a chosen file sends an empty one.
const encoding::Part* chosen_file(const http::Call& call) {
  const auto at = std::find_if(call.files.begin(), call.files.end(), [](const encoding::Part& part) {
    return part.name == "image" && !part.content.empty();
  });
  return at == call.files.end() ? nullptr : &*at;
}

Result<Draft> read_draft(const PageDeps& deps, const http::Call& call) {
  Draft draft{.text = page::typed(call.form, "note"), .remove_image = page::typed(call.form, "remove_image") == "on"};
  std::vector<FieldError> problems;
  if (auto checked = check_text(draft.text, deps.note.settings); !checked) problems = checked.error().fields;
  if (const auto* file = chosen_file(call)) {
    auto image = check_image(file->content, deps.note.settings.max_image);
    if (image) {
      draft.image = std::move(image).value();
    } else {
      for (const auto& problem : image.error().fields) problems.push_back(problem);
    }
  }
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return draft;
}

std::string image_path(const Note& note) { return note.has_image ? "/account/notes/" + note.id.text() + "/image" : ""; }

wire::Object form_of(const http::Call& call, const Settings& settings) {
  return {{"owner", call.account().text()},
          {"max_text", settings.max_text},
          {"max_image", settings.max_image},
          {"max_image_text", size_text(settings.max_image)}};
}

Result<http::Response> show_list(const PageDeps& deps, const http::Call& call, const Error* error) {
  const auto query = call.query<PageQuery>();
  const auto before = query ? query->before : std::nullopt;  // what is no id names no page
  const auto notes =
      deps.note.database.read([&](db::Tx& tx) { return list(tx, call.account(), before, page_size + 1); });
  const auto words = deps.pages.words(call);
  wire::Array list;
  for (const auto& note : notes) {
    if (std::ssize(list) == page_size) break;
    const auto excerpt = excerpt_of(note.text);
    list.emplace_back(wire::Object{{"id", note.id.text()},
                                   {"text", excerpt.text},
                                   {"is_cut", excerpt.is_cut},
                                   {"label", first_words(note.text)},
                                   {"image", image_path(note)},
                                   {"updated", page::instant(words, note.updated_at)}});
  }
  const bool more = std::ssize(notes) > page_size;
  auto data = form_of(call, deps.note.settings);
  data.push_back({"is_paged", before || more});
  data.push_back({"newest", before ? "/account/notes" : ""});
  data.push_back({"older", more ? "/account/notes?before=" + notes[page_size - 1].id.text() : ""});
  data.push_back({"notes", std::move(list)});
  return page::render_form(deps.pages, call, {.page = "account_notes", .error = error, .data = std::move(data)});
}

Result<http::Response> post_note(const PageDeps& deps, const http::Call& call) {
  const auto draft = read_draft(deps, call);
  if (!draft) return show_list(deps, call, &draft.error());
  const auto made = session::write_for(deps.note.database, call.context, [&](db::Tx& tx) {
    return create(tx, writer_of(deps.note, call.context), *draft, deps.note.settings, deps.note.random);
  });
  if (!made) return page::is_beyond_form(made.error()) ? made.error() : show_list(deps, call, &made.error());
  return page::redirect("/account/notes", "account_notes.added");
}

Result<NoteId> id_of(const http::Call& call) {
  const auto id = NoteId::parse(call.param(0));
  if (!id) return not_found;
  return *id;
}

Result<http::Response> show_one(const PageDeps& deps, const http::Call& call, const Error* error) {
  const auto id = TRY(id_of(call));
  const auto found = TRY(deps.note.database.read([&](db::Tx& tx) { return find(tx, call.account(), id); }));
  const wire::Value stored = wire::Object{{"note", found.text}};
  auto data = form_of(call, deps.note.settings);
  data.push_back({"id", id.text()});
  data.push_back({"label", first_words(found.text)});
  data.push_back({"image", image_path(found)});
  return page::render_form(deps.pages, call,
                           {.page = "note_edit",
                            .error = error,
                            .values = error != nullptr ? &call.form : &stored,
                            .data = std::move(data)});
}

Result<http::Response> post_one(const PageDeps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  const auto draft = read_draft(deps, call);
  if (!draft) return show_one(deps, call, &draft.error());
  TRY(session::write_for(deps.note.database, call.context, [&](db::Tx& tx) {
    return update(tx, writer_of(deps.note, call.context), id, *draft, deps.note.settings);
  }));
  return page::redirect("/account/notes", "account_notes.added");
}

Result<http::Response> post_delete(const PageDeps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  TRY(session::write_for(deps.note.database, call.context, [&](db::Tx& tx) { return remove(tx, call.account(), id); }));
  return page::redirect("/account/notes", "account_notes.deleted");
}

Result<http::Response> show_image(const PageDeps& deps, const http::Call& call) {
  const auto id = TRY(id_of(call));
  return image_response(TRY(deps.note.database.read([&](db::Tx& tx) { return image(tx, call.account(), id); })));
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& note, const page::Pages& all_pages) {
  using http::Lane;
  const PageDeps deps{.note = note, .pages = all_pages};
  std::vector<http::Route> routes;
  http::Routes pages{all_pages.surface(), routes};
  const auto too_large = std::make_shared<const http::ErrorText>(
      http::ErrorText{.kind = &http::too_large,
                      .key = "too_large_note",
                      .values = {{"max_image_text", size_text(note.settings.max_image)}},
                      .href = "/account/notes"});
  const auto takes_image = [&](http::Route& route) {
    route.body_limit = body_limit(note.settings);
    route.error_text = too_large;
  };
  pages
      .get("/account/notes", Lane::quick, signed_in,
           [deps](const http::Call& call) { return show_list(deps, call, nullptr); })
      .query = &http::query_of<PageQuery>();
  auto& write = pages.post("/account/notes", Lane::quick, signed_in,
                           [deps](const http::Call& call) { return post_note(deps, call); });
  write.query = &http::query_of<PageQuery>();
  takes_image(write);
  pages.get("/account/notes/{id}", Lane::quick, signed_in,
            [deps](const http::Call& call) { return show_one(deps, call, nullptr); });
  takes_image(pages.post("/account/notes/{id}", Lane::quick, signed_in,
                         [deps](const http::Call& call) { return post_one(deps, call); }));
  pages.post("/account/notes/{id}/delete", Lane::quick, signed_in,
             [deps](const http::Call& call) { return post_delete(deps, call); });
  pages.get("/account/notes/{id}/image", Lane::quick, signed_in,
            [deps](const http::Call& call) { return show_image(deps, call); });
  return routes;
}

}  // namespace cardea::note
