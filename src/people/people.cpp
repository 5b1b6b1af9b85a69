#include "people/people.hpp"

#include "base/text.hpp"

namespace cardea::people {

struct Change {
  wire::Patch<std::string> name;  // null is refused like an empty one
  wire::Object fields;
};
template <class D>
void describe(D& d, wire::Of<D, Change>& body) {
  d.optional("name", body.name, {.max = 400, .doc = "Display name."});
  d.rest(body.fields);
}

namespace {

constexpr std::int64_t most_per_page = 200;

Error wrong(std::string field, std::string code, std::string detail) {
  return Error{validation_failed, std::vector<FieldError>{{std::move(field), std::move(code), std::move(detail)}}};
}

Result<http::Response> list_users(const authn::Deps& deps, const http::Call& call) {
  const auto query = TRY(read_query(deps, call, "created_at"));
  const auto page =
      deps.database.read([&](db::Tx& tx) { return identity::list(tx, query.order, query.after, query.limit); });
  wire::Array users;
  for (const auto& account : page.accounts) {
    users.emplace_back(identity::to_wire(account, deps.identity, identity::Viewer::everyone));
  }
  return http::json(
      200, wire::to_json(wire::Object{
               {"data", std::move(users)},
               {"next_cursor", page.next ? wire::Value{identity::to_cursor(*page.next)} : wire::Value{nullptr}},
               {"has_more", page.next.has_value()}}));
}

Result<http::Response> get_user(const authn::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  const auto account = id ? deps.database.read([&](db::Tx& tx) { return identity::find(tx, *id); }) : std::nullopt;
  const bool by_admin = call.caller && call.caller->is_admin;
  if (!account || (account->status != identity::Status::active && !by_admin)) return not_found;
  const auto viewer = by_admin ? identity::Viewer::admin : identity::Viewer::everyone;
  return http::json(200, wire::to_json(identity::to_wire(*account, deps.identity, viewer)));
}

// Where the list is off: an administrator changes users and so sees them; for the others nobody is there.
Result<http::Response> get_user_as_admin(const authn::Deps& deps, const http::Call& call) {
  if (!call.who().is_admin) return not_found;
  return get_user(deps, call);
}

Result<http::Response> patch_user(const authn::Deps& deps, const http::Call& call) {
  std::vector<FieldError> unread;
  auto body = TRY(wire::read<Change>(call.request.body, unread));
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  const auto account = TRY(change(
      deps, call, *id, {.name = body.name.or_empty(), .profile = std::move(body.fields), .unread = std::move(unread)}));
  return http::json(200, wire::to_json(identity::to_wire(account, deps.identity, identity::Viewer::admin)));
}

wire::Schema page_schema() {
  return wire::Object{
      {"type", "object"},
      {"properties", wire::Object{{"data", wire::Object{{"type", "array"}, {"items", identity::account_schema()}}},
                                  {"next_cursor", wire::Object{{"type", wire::Array{"string", "null"}}}},
                                  {"has_more", wire::Object{{"type", "boolean"}}}}},
      {"required", wire::Array{"data", "next_cursor", "has_more"}}};
}

}  // namespace

Result<Query> read_query(const authn::Deps& deps, const http::Call& call, std::string_view default_sort) {
  Query query;
  const auto sort = call.query("sort").value_or(std::string{default_sort});
  const auto order = identity::parse_order(deps.identity, sort);
  if (!order)
    return wrong("sort", "not_sortable", "Sort by created_at or a public number, with - in front for descending.");
  query.order = *order;
  if (const auto limit = call.query("limit")) {
    const auto number = text::parse_integer(*limit);
    if (!number || *number < 1 || *number > most_per_page) return wrong("limit", "out_of_range", "Use 1 to 200.");
    query.limit = *number;
  }
  if (const auto cursor = call.query("cursor")) {
    query.after = identity::parse_cursor(*cursor);
    if (!query.after) return wrong("cursor", "cursor_invalid", "Use the next_cursor of a page as it is.");
  }
  return query;
}

Result<identity::Account> change(const authn::Deps& deps, const http::Call& call, const AccountId& id,
                                 const identity::Submitted& submitted) {
  std::vector<FieldError> problems;
  const auto change = identity::check_change(deps.identity, submitted, identity::Editor::admin, call.now, problems);
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  return deps.database.write([&](db::Tx& tx) -> Result<identity::Account> {
    auto account = TRY(identity::update(tx, id, change, call.now));
    deps.trail.record(tx,
                      {.kind = "user.updated",
                       .account = id,
                       .actor = call.who().account,
                       .session = call.who().session,
                       .reason = "admin"},
                      audit::origin(call), call.now);
    tx.after_commit([&deps, id] { deps.cache.drop_account(id); });
    return account;
  });
}

Feature feature(const Deps& deps) {
  const auto& authn = deps.authn;
  Feature feature{.name = "directory"};
  feature.routes = page_routes(deps);
  feature.errors = {&validation_failed, &not_found, &http::forbidden};
  using http::Access;
  using http::Lane;
  http::Routes api{http::Style::api, feature.routes};
  api.patch("/v1/users/{id}", Lane::quick, Access::admin,
            [&authn](const http::Call& call) { return patch_user(authn, call); },
            {.summary = "Change another account's profile, as an administrator.",
             .request = &wire::schema<Change>,
             .response = &identity::account_schema,
             .errors = {&validation_failed, &not_found, &http::forbidden}});
  if (deps.settings.is_off()) {
    api.get(
        "/v1/users/{id}", Lane::quick, Access::signed_in,
        [&authn](const http::Call& call) { return get_user_as_admin(authn, call); },
        {.summary = "One user, for administrators.", .response = &identity::account_schema, .errors = {&not_found}});
    return feature;
  }
  api.get("/v1/users", Lane::quick, deps.settings.access(),
          [&authn](const http::Call& call) { return list_users(authn, call); },
          {.summary = "The users, with their public fields, in keyset pages.",
           .response = &page_schema,
           .errors = {&validation_failed},
           .query = {"sort", "limit", "cursor"}});
  api.get("/v1/users/{id}", Lane::quick, deps.settings.access(),
          [&authn](const http::Call& call) { return get_user(authn, call); },
          {.summary = "One user's public fields; everything for administrators.",
           .response = &identity::account_schema,
           .errors = {&not_found}});
  return feature;
}

}  // namespace cardea::people
