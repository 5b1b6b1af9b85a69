#include "people/people_routes.hpp"
#include "people/people.hpp"

#include "http/problem.hpp"
#include "identity/account_view.hpp"

namespace cardea::people {

struct Change {
  static constexpr std::string_view schema_name = "AccountPatch";
  static constexpr std::string_view schema_example = R"({"name":"Carol B."})";
  wire::Patch<std::string> name;  // null is refused like an empty one
  wire::Object fields;
};
template <class D>
void describe(D& d, wire::Of<D, Change>& body) {
  d.optional("name", body.name, {.max = 400, .doc = "Display name."});
  d.rest(body.fields, "A declared profile field.");
}

struct AccountPage {
  static constexpr std::string_view schema_name = "AccountPage";
  static constexpr std::string_view schema_example =
      R"({"data":[{"id":"usr_01K2V7F3T4Q9M6W8X5Y0Z1A2B3","uid":"carol","name":"Carol"}],)"
      R"("next_cursor":null,"has_more":false})";
  wire::WrittenList<identity::AccountView> data;
  std::optional<std::string> next_cursor;
  bool has_more = false;
};
template <class D>
void describe(D& d, wire::Of<D, AccountPage>& page) {
  d.required("data", page.data, {.max = most_per_page});
  d.required("next_cursor", page.next_cursor, {.doc = "Goes into `cursor` to read on."});
  d.required("has_more", page.has_more);
}

namespace {

constexpr http::Tag tag{"People", "The list of users, and what administrators do."};

Error wrong(std::string field, std::string code, std::string detail) {
  return Error{validation_failed, std::vector<FieldError>{{std::move(field), std::move(code), std::move(detail)}}};
}

Result<http::Response> list_users(const account::Deps& deps, const http::Call& call) {
  const auto asked = TRY(call.query<ListQuery>());
  const auto query = TRY(read_query(deps.identity, asked, "created_at"));
  return http::json(deps.database.read([&](db::Tx& tx) {
    AccountPage users{.data = wire::WrittenList<identity::AccountView>{static_cast<std::size_t>(query.limit)}};
    const auto next = identity::list(tx, query.order, query.after, query.limit, [&](const identity::Listed& account) {
      users.data.add(identity::view(account, deps.identity));
    });
    if (next) users.next_cursor = identity::to_cursor(*next);
    users.has_more = next.has_value();
    return users;
  }));
}

Result<http::Response> get_user(const account::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  const auto account = id ? account::find(deps, call.context, *id) : std::nullopt;
  if (!account) return not_found;
  const bool sees_all = call.context.may(account::users_read);
  const auto viewer = sees_all ? identity::Viewer::admin : identity::Viewer::everyone;
  return http::json(identity::view(*account, deps.identity, viewer));
}

// Where the list is off: whoever may read users still sees them; for the others nobody is there.
Result<http::Response> get_user_if_permitted(const account::Deps& deps, const http::Call& call) {
  if (!call.context.may(account::users_read)) return not_found;
  return get_user(deps, call);
}

Result<http::Response> patch_user(const account::Deps& deps, const http::Call& call) {
  std::vector<FieldError> unread;
  auto body = TRY(wire::read<Change>(call.request.body, unread));
  const auto id = AccountId::parse(call.param(0));
  if (!id) return not_found;
  const auto is_as_expected = [&](const identity::Account& account) {
    return call.check_condition(wire::write(identity::view(account, deps.identity, identity::Viewer::admin)));
  };
  const auto account = TRY(account::change_profile(
      deps, call.context, *id,
      {.name = body.name.or_empty(), .profile = std::move(body.fields), .unread = std::move(unread)}, is_as_expected));
  return http::json(identity::view(account, deps.identity, identity::Viewer::admin));
}

}  // namespace

Result<Query> read_query(const identity::Settings& settings, const ListQuery& asked, std::string_view default_sort) {
  Query query{.limit = asked.limit};
  const auto order = identity::parse_order(settings, asked.sort.value_or(std::string{default_sort}));
  if (!order)
    return wrong("sort", "not_sortable", "Sort by created_at or a public number, with - in front for descending.");
  query.order = *order;
  if (asked.cursor) {
    query.after = identity::parse_cursor(*asked.cursor);
    if (!query.after) return wrong("cursor", "cursor_invalid", "Use the next_cursor of a page as it is.");
  }
  return query;
}

FeatureEntry entry() {
  return {.switch_name = "people",
          .switch_doc = "The list of people: its page, and /v1/users for everybody and for administrators.",
          .describe =
              [](config::Section& root, FeatureSettings& settings) {
                identity::describe_listing(root.section("directory"), settings.of<identity::ListingSettings>());
              },
          .for_development =
              [](FeatureSettings& settings) {
                settings.of<identity::ListingSettings>().visible = identity::ListedFor::everyone;
              },
          .make =
              [](const Host& host) {
                return feature({.account = host.authn.account,
                                .settings = host.settings.of<identity::ListingSettings>(),
                                .pages = host.pages,
                                .authn = host.authn});
              }};
}

Feature feature(const Deps& deps) {
  const auto& account = deps.account;
  Feature feature{.name = "people"};
  feature.routes = page_routes(deps);
  for (auto& route : deletion_routes(deps)) feature.routes.push_back(std::move(route));
  feature.errors = {&validation_failed, &not_found, &http::forbidden, &account::not_waiting};
  using http::Lane;
  http::Routes api{http::api_surface(), feature.routes, &tag};
  api.patch("/v1/users/{id}", Lane::quick, or_token(holder_of(account::users_update)),
            [&account](const http::Call& call) { return patch_user(account, call); },
            {.summary = "Change another account's profile, as an administrator.",
             .params = {http::schema_of<AccountId>()},
             .request = &wire::schema<Change>,
             .bounds = {{.member = "name", .max = identity::longest_name}},
             .response = &wire::schema<identity::AccountView>,
             .errors = {&validation_failed, &not_found, &http::forbidden, &http::session_cookie_required}})
      .has_etag = true;
  if (deps.settings.is_off()) {
    api.get("/v1/users/{id}", Lane::quick, or_token(signed_in),
            [&account](const http::Call& call) { return get_user_if_permitted(account, call); },
            {.summary = "One user, for administrators.",
             .params = {http::schema_of<AccountId>()},
             .response = &wire::schema<identity::AccountView>,
             .errors = {&not_found}})
        .has_etag = true;
    return feature;
  }
  feature.navigation = {{.menu = page::Menu::site, .key = "users", .href = "/users", .page = "users"}};
  api.get("/v1/users", Lane::quick, or_token(deps.settings.requirement()),
          [&account](const http::Call& call) { return list_users(account, call); },
          {.summary = "The users, with their public fields, in keyset pages.",
           .response = &wire::schema<AccountPage>,
           .errors = {&validation_failed},
           .choices = {{"sort", identity::orders(account.identity)}}})
      .query = &http::query_of<ListQuery>();
  api.get("/v1/users/{id}", Lane::quick, or_token(deps.settings.requirement()),
          [&account](const http::Call& call) { return get_user(account, call); },
          {.summary = "One user's public fields; everything for administrators.",
           .params = {http::schema_of<AccountId>()},
           .response = &wire::schema<identity::AccountView>,
           .errors = {&not_found}})
      .has_etag = true;
  return feature;
}

}  // namespace cardea::people
