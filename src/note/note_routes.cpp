#include <algorithm>

#include "http/problem.hpp"
#include "note/note_wire.hpp"
#include "session/session.hpp"
#include "throttle/throttle.hpp"

namespace cardea::note {

struct NoteQuery {
  std::int64_t limit = 50;
  std::optional<std::string> cursor;
  std::optional<std::string> before;
};
template <class D>
void describe(D& d, wire::Of<D, NoteQuery>& query) {
  d.optional("limit", query.limit, {.min = 1, .max = most_per_page, .doc = "Notes in one page."});
  d.optional("cursor", query.cursor, {.max = 100, .doc = "`next_cursor` of the page before."});
  d.optional("before", query.before, {.max = 100, .doc = "What `cursor` was called at first."});
}

namespace {

constexpr http::Tag tag{"Notes", "Things that belong to an account."};

using http::Call;
using http::Response;

Result<std::optional<NoteId>> cursor_of(const NoteQuery& query) {
  const auto& text = query.cursor ? query.cursor : query.before;
  if (!text) return std::optional<NoteId>{};
  const auto id = NoteId::parse(*text);
  if (!id) {
    return Error{validation_failed, std::vector{FieldError{query.cursor ? "cursor" : "before", "cursor_invalid",
                                                           "Use the next_cursor of a page as it is."}}};
  }
  return id;
}

/// An id that cannot be one names nothing.
Result<NoteId> id_of(const Call& call) {
  const auto id = NoteId::parse(call.param(0));
  if (!id) return not_found;
  return *id;
}

Result<Response> get_page(const Deps& deps, const Call& call) {
  const auto query = TRY(call.query<NoteQuery>());
  const auto limit = query.limit;
  const auto before = TRY(cursor_of(query));
  // One more than asked for tells whether there is more.
  auto notes = deps.database.read([&](db::Tx& tx) { return list(tx, call.account(), before, limit + 1); });
  NotePage page{.has_more = notes.size() > static_cast<std::size_t>(limit)};
  for (auto& note : notes) {
    if (page.data.size() < static_cast<std::size_t>(limit)) page.data.push_back(to_body(std::move(note)));
  }
  if (page.has_more) page.next_cursor = page.data.back().id.text();
  return http::json(page);
}

Result<Response> post(const Deps& deps, const Call& call) {
  std::vector<FieldError> problems;
  const auto body = TRY(wire::read<NewNote>(call.request.body, problems));
  const auto* picture = body.image ? &*body.image : nullptr;
  const auto draft = TRY(to_draft(&body.note, picture, deps.settings, std::move(problems)));
  auto note = TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) {
    return create(tx, writer_of(deps, call.context), draft, deps.settings, deps.random);
  }));
  const std::string location = "/v1/me/notes/" + note.id.text();
  auto response = http::json(to_body(std::move(note)), 201);
  response.headers.set("Location", location);
  return response;
}

Result<Response> get(const Deps& deps, const Call& call) {
  const auto id = TRY(id_of(call));
  return http::json(to_body(TRY(deps.database.read([&](db::Tx& tx) { return find(tx, call.account(), id); }))));
}

// If-Match names what GET answers with.
Result<Done> check_condition(db::Tx& tx, const Call& call, const NoteId& id) {
  if (!call.has_condition()) return done;
  return call.check_condition(wire::write(to_body(TRY(find(tx, call.account(), id)))));
}

Result<Response> patch(const Deps& deps, const Call& call) {
  const auto id = TRY(id_of(call));
  std::vector<FieldError> problems;
  const auto body = TRY(wire::read<NotePatch>(call.request.body, problems));
  if (body.note.is_cleared()) problems.push_back({"note", "required", "A note has a text."});
  auto draft = TRY(to_draft(body.note.value(), body.image.value(), deps.settings, std::move(problems)));
  draft.remove_image = body.image.is_cleared();
  auto note = TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) -> Result<Note> {
    TRY(check_condition(tx, call, id));
    if (body.note.is_absent()) draft.text = TRY(find(tx, call.account(), id)).text;
    return update(tx, writer_of(deps, call.context), id, draft, deps.settings);
  }));
  return http::json(to_body(std::move(note)));
}

Result<Response> del(const Deps& deps, const Call& call) {
  const auto id = TRY(id_of(call));
  TRY(session::write_for(deps.database, call.context, [&](db::Tx& tx) -> Result<Done> {
    TRY(check_condition(tx, call, id));
    return remove(tx, call.account(), id);
  }));
  return http::no_content();
}

Result<Response> get_image(const Deps& deps, const Call& call) {
  const auto id = TRY(id_of(call));
  return image_response(TRY(deps.database.read([&](db::Tx& tx) { return image(tx, call.account(), id); })));
}

}  // namespace

std::size_t body_limit(const Settings& settings) {
  constexpr std::int64_t least = 1536 * 1024;  // what the default settings need, and a little more
  return static_cast<std::size_t>(std::max(least, settings.max_image / 3 * 4 + settings.max_text * 12 + 4096));
}

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  constexpr std::string_view all = "/v1/me/notes", one = "/v1/me/notes/{id}", picture = "/v1/me/notes/{id}/image";
  const auto with = [&deps](Result<Response> (*handle)(const Deps&, const Call&)) {
    return [deps, handle](const Call& call) { return handle(deps, call); };
  };
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.get(all, Lane::quick, or_token(signed_in), with(get_page),
          {.summary = "The caller's notes, newest first.",
           .response = &wire::schema<NotePage>,
           .errors = {&http::unauthenticated, &validation_failed}})
      .query = &http::query_of<NoteQuery>();
  auto& write = api.post(all, Lane::quick, or_token(signed_in), with(post),
                         {.summary = "Writes a note.",
                          .request = &wire::schema<NewNote>,
                          .bounds = {{.member = "note", .min = 1, .max = deps.settings.max_text}},
                          .response = &wire::schema<NoteBody>,
                          .status = 201,
                          .errors = {&wire::malformed_json, &http::unauthenticated, &too_many, &full, &http::too_large,
                                     &throttle::rate_limited, &validation_failed}});
  write.body_limit = body_limit(deps.settings);
  write.takes_idempotency_key = true;
  api.get(one, Lane::quick, or_token(signed_in), with(get),
          {.summary = "One note of the caller.",
           .params = {http::schema_of<NoteId>()},
           .response = &wire::schema<NoteBody>,
           .errors = {&http::unauthenticated, &not_found}})
      .has_etag = true;
  auto& change = api.patch(one, Lane::quick, or_token(signed_in), with(patch),
                           {.summary = "Changes a note: members that are absent stay, a null image is removed.",
                            .params = {http::schema_of<NoteId>()},
                            .request = &wire::schema<NotePatch>,
                            .bounds = {{.member = "note", .min = 1, .max = deps.settings.max_text}},
                            .response = &wire::schema<NoteBody>,
                            .errors = {&wire::malformed_json, &http::unauthenticated, &not_found, &full,
                                       &http::too_large, &throttle::rate_limited, &validation_failed}});
  change.body_limit = body_limit(deps.settings);
  change.has_etag = true;
  api.del(one, Lane::quick, or_token(signed_in), with(del),
          {.summary = "Deletes a note.",
           .params = {http::schema_of<NoteId>()},
           .status = 204,
           .errors = {&http::unauthenticated, &not_found}})
      .has_etag = true;
  api.get(picture, Lane::quick, or_token(signed_in), with(get_image),
          {.summary = "The image of a note.",
           .params = {http::schema_of<NoteId>()},
           .media_types = image_types,
           .errors = {&http::unauthenticated, &not_found}});
  return routes;
}

Writer writer_of(const Deps& deps, const Context& context) {
  return {.owner = context.account(),
          .network = ClientNetwork{context.origin.address},
          .now = context.now,
          .free_bytes = deps.database.free_bytes()};
}

FeatureEntry entry(const http::Surface& legacy) {
  return {.switch_name = "notes",
          .switch_doc = "Notes: their pages, and their routes in the API and the older contract.",
          .describe = [](config::Section& root,
                         FeatureSettings& settings) { describe(root.section("note"), settings.of<Settings>()); },
          .make =
              [&legacy](const Host& host) {
                return feature({.database = host.authn.database,
                                .random = host.authn.random,
                                .settings = host.settings.of<Settings>(),
                                .url = host.url},
                               host.pages, legacy);
              },
          .export_account = [](const account::Deps&, const Context&, db::Tx& tx, const AccountId& owner,
                               std::string_view after,
                               const ExportSink& sink) { return export_notes(tx, owner, after, sink); }};
}

Feature feature(const Deps& deps, const page::Pages& pages, const http::Surface& legacy) {
  Feature feature{.name = "note", .errors = {&too_many, &full, &throttle::rate_limited}};
  feature.navigation = {{.menu = page::Menu::account,
                         .key = "notes",
                         .href = "/account/notes",
                         .page = "account_notes",
                         .pages_below = {"note_edit"}}};
  for (auto routes : {api_routes(deps), page_routes(deps, pages), legacy_routes(deps, legacy)}) {
    for (auto& route : routes) feature.routes.push_back(std::move(route));
  }
  return feature;
}

}  // namespace cardea::note
