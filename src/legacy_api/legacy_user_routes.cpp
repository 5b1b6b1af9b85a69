#include <algorithm>
#include <span>

#include "http/message_body.hpp"
#include "http/problem.hpp"
#include "identity/account_view.hpp"
#include "identity/listing.hpp"
#include "legacy_api/legacy_api.hpp"
#include "legacy_api/lenient.hpp"

namespace cardea::legacy_api {

// As in /v1, which members are needed is a setting, and identity says what is missing.
struct NewUser {
  static constexpr std::string_view schema_name = "LegacyNewUser";
  static constexpr std::string_view schema_example =
      R"({"name":"Carol","uid":"carol","password":"a river of nine lanterns"})";
  std::optional<std::string> name;
  std::optional<std::string> uid;
  std::optional<std::string> email;
  std::optional<Secret> password;
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, NewUser>& body) {
  d.optional("name", body.name, {.max = 400, .doc = "Display name, at least 2 characters."});
  d.optional("uid", body.uid, {.max = 400, .doc = "User id, at least 2 characters, without an @."});
  d.optional("email", body.email, {.max = 320, .doc = "E-mail address.", .format = "email"});
  d.expected("password", body.password, {.max = 100'000, .doc = "15 to 256 characters.", .format = "password"});
  d.rest(body.rest, "A declared profile field that users may edit; anything else is ignored.");
}

struct UserUpdate {
  static constexpr std::string_view schema_name = "LegacyUserUpdate";
  static constexpr std::string_view schema_example = R"({"tracking":"steps"})";
  wire::Value id;  // whatever is not the user's id is none, says the contract
  wire::Object rest;
};
template <class D>
void describe(D& d, wire::Of<D, UserUpdate>& body) {
  d.optional("id", body.id, {.doc = "The id in the address, again, or nothing."});
  d.rest(
      body.rest,
      "tracking, exercise or another declared field that users may edit. Members as GET shows them, and members that "
      "no user has, are ignored.");
}

constexpr std::int64_t most_users = 200;

// A parameter that is there and empty is not there, as on every surface that ignores those it does not know.
struct UserQuery {
  std::string sort = "created_at";
  std::int64_t limit = most_users;
  std::optional<std::string> after;
};
template <class D>
void describe(D& d, wire::Of<D, UserQuery>& query) {
  d.optional("sort", query.sort, {.max = 100, .doc = "The order; `-` in front for descending."});
  d.optional("limit", query.limit, {.min = 1, .doc = "Users in the answer; never more than 200."});
  d.optional("after", query.after, {.max = 100, .doc = "The id of the user behind whom the answer begins."});
}

namespace {

using IsDecisive = bool (*)(const FieldError&);

// A text that is missing, too short or no text at all.
bool is_missing(const FieldError& problem, std::string_view field) {
  return problem.field == field &&
         (problem.code == "wrong_type" || problem.code.ends_with("_missing") || problem.code.ends_with("_short"));
}

// What was sent as that member: a text as it is, anything else as JSON.
std::string sent(const wire::Object& members, std::string_view name) {
  const auto at = std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.name == name; });
  if (at == members.end()) return {};
  const auto* text = at->value.get<std::string>();
  return text != nullptr ? *text : wire::to_json(at->value);
}

// The problem that decides which of the contract's sentences is the message comes first, the others follow.
Error to_legacy(const Error& error, const identity::Submitted& who) {
  auto problems = error.fields;
  const auto has = [&](IsDecisive is_decisive) {
    const auto at = std::find_if(problems.begin(), problems.end(), is_decisive);
    if (at == problems.end()) return false;
    std::rotate(problems.begin(), at, at + 1);
    return true;
  };
  if (has([](const FieldError& problem) { return is_missing(problem, "name"); })) {
    return with_message(name_missing, std::move(problems), std::string{name_missing.title});
  }
  if (has([](const FieldError& problem) { return is_missing(problem, "uid"); })) {
    return with_message(uid_missing, std::move(problems), std::string{uid_missing.title});
  }
  if (has([](const FieldError& problem) { return problem.field == "dob" && problem.code != "unknown_field"; })) {
    return with_message(dob_format, std::move(problems),
                        "Date of birth format error " + sent(who.profile, "dob") + ", must be yyyy-mm-dd");
  }
  if (has([](const FieldError& problem) { return problem.field == "password"; })) {
    return Error{*error.kind, std::move(problems)};
  }
  const auto is_processed = [](const FieldError& problem) {
    return problem.field == "name" || problem.field == "uid" || problem.field == "email";
  };
  if (has(is_processed)) {
    return with_message(not_processed, std::move(problems),
                        "Processed " + who.name.value_or("") + ", either a format error or User ID " +
                            who.uid.value_or("") + " is duplicate");
  }
  return error;
}

// An input that is turned off is a member like any other that nobody knows.
void drop_what_is_off(const identity::Settings& settings, NewUser& body, std::vector<FieldError>& unread) {
  const auto drop = [&](std::string_view name, identity::Presence presence, std::optional<std::string>& member) {
    if (presence != identity::Presence::off) return;
    member.reset();
    std::erase_if(unread, [name](const FieldError& problem) { return problem.field == name; });
  };
  drop("name", settings.name, body.name);
  drop("uid", settings.uid, body.uid);
  drop("email", settings.email, body.email);
}

http::Response user_response(const authn::Deps& deps, const identity::Account& account, identity::Viewer viewer) {
  return http::json(identity::view(account, deps.identity, viewer));
}

Result<http::Response> create_user(const authn::Deps& deps, const http::Call& call) {
  std::vector<FieldError> unread;
  auto body = TRY(wire::read<NewUser>(call.request.body, unread));
  drop_what_is_off(deps.identity, body, unread);
  const authn::Registration registration{.who = {.name = std::move(body.name),
                                                 .uid = std::move(body.uid),
                                                 .email = std::move(body.email),
                                                 .profile = settable(deps.identity, std::move(body.rest)),
                                                 .unread = std::move(unread)},
                                         .password = body.password ? std::move(*body.password) : Secret{}};
  const auto account = authn::register_account(deps, call.context, registration);
  if (!account) return to_legacy(account.error(), registration.who);
  return user_response(deps, *account, identity::Viewer::self);
}

Result<http::Response> list_users(const authn::Deps& deps, const http::Call& call) {
  const auto query = TRY(call.query<UserQuery>());
  const auto order = identity::parse_order(deps.identity, query.sort);
  if (!order) {
    return Error{validation_failed,
                 std::vector<FieldError>{{"sort", "out_of_range", "Sort by created_at or a public number."}}};
  }
  const auto& after = query.after;
  const auto id = after ? AccountId::parse(*after) : std::nullopt;
  if (after && !id) return user_not_found;
  const auto most = std::min(query.limit, most_users);
  using Users = wire::WrittenList<identity::AccountView>;
  const auto users = TRY(deps.database.read([&](db::Tx& tx) -> Result<Users> {
    const auto position = id ? identity::position_of(tx, *order, *id) : std::nullopt;
    if (id && !position) return user_not_found;
    Users shown{static_cast<std::size_t>(most)};
    identity::list(tx, *order, position, most,
                   [&](const identity::Listed& user) { shown.add(identity::view(user, deps.identity)); });
    return shown;
  }));
  return http::json(users);
}

Result<http::Response> get_user(const authn::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  const auto account = id ? account::find(deps.account, call.context, *id) : std::nullopt;
  if (!account) return user_not_found;
  return user_response(deps, *account, account::viewer_of(call.context, account->id));
}

// Where the list is off: everybody is alone here, but for those who may read users.
Result<http::Response> get_own_user(const authn::Deps& deps, const http::Call& call) {
  if (call.param(0) != call.account().text() && !call.context.may(account::users_read)) return user_not_found;
  return get_user(deps, call);
}

Error no_such_id() { return with_message(id_not_found, {{"id", "id_not_found", {}}}, std::string{id_not_found.title}); }

// Whether an update names this user or, since the address does, nobody.
bool is_id_of(const AccountId& id, const wire::Value& sent) {
  return sent == wire::Value{id.text()} || sent == wire::Value{""} || sent.is<std::nullptr_t>();
}

// The contract's refusal, with everything else that is wrong besides.
Error update_refused_for(const authn::Deps& deps, const http::Call& call, Update&& update) {
  auto problems = std::move(update.refused);
  (void)identity::check_change(deps.identity, update.submitted, identity::Editor::admin, call.now(), problems);
  return with_message(update_refused, std::move(problems), std::string{update_refused.title});
}

Result<http::Response> update_user(const authn::Deps& deps, const http::Call& call) {
  auto body = TRY(wire::read<UserUpdate>(call.request.body));
  const auto id = AccountId::parse(call.param(0));
  if (!id || !is_id_of(*id, body.id)) return no_such_id();
  const bool by_permission = call.context.may(account::users_update);
  if (!call.context.is(*id) && !by_permission) return http::forbidden;
  const auto current = account::find(deps.account, call.context, *id);
  if (!current) return no_such_id();
  const auto viewer = account::viewer_of(call.context, *id);
  constexpr wire::Limits any_user{.depth = 32, .members = 100'000};
  const auto shown = TRY(wire::parse(wire::write(identity::view(*current, deps.identity, viewer)), any_user));
  auto update = read_update(deps.identity, shown, by_permission, std::move(body.rest));
  if (!update.refused.empty()) return update_refused_for(deps, call, std::move(update));
  if (update.submitted.profile.empty()) return user_response(deps, *current, viewer);
  const auto account = by_permission ? account::change_profile(deps.account, call.context, *id, update.submitted)
                                     : account::change_own_profile(deps.account, call.context, update.submitted);
  if (!account) return account.error().is(not_found) ? no_such_id() : account.error();
  return user_response(deps, *account, viewer);
}

Result<http::Response> delete_user(const authn::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  if (!id) return user_not_found;
  const auto removed = account::remove(deps.account, call.context, *id);
  if (!removed) return removed.error().is(not_found) ? Error{user_not_found} : removed.error();
  return http::json(http::MessageBody{"Deleted user " + id->text()});
}

}  // namespace

std::vector<http::Route> user_routes(const Deps& deps) {
  using http::Lane;
  const auto& authn = deps.authn;
  std::vector<http::Route> routes;
  http::Routes legacy{surface(), routes};
  legacy.post("/api/users", Lane::heavy, anyone, [&authn](const http::Call& call) { return create_user(authn, call); },
              {.summary = "Create a user.",
               .request = &wire::schema<NewUser>,
               .response = &wire::schema<identity::AccountView>,
               .errors = {&name_missing, &uid_missing, &dob_format, &not_processed, &throttle::rate_limited,
                          &authn::signup_closed, &authn::invitation_required, &authn::signup_proof_required}});
  legacy.put(
      "/api/users/{id}", Lane::quick, or_token(signed_in),
      [&authn](const http::Call& call) { return update_user(authn, call); },
      {.summary = "Update tracking, exercise or another field that users may edit; by the owner or an administrator.",
       .params = {http::schema_of<AccountId>()},
       .request = &wire::schema<UserUpdate>,
       .response = &wire::schema<identity::AccountView>,
       .errors = {&validation_failed, &update_refused, &id_not_found, &http::forbidden, &throttle::rate_limited}});
  legacy.del("/api/users/{id}", Lane::quick, or_token(signed_in),
             [&authn](const http::Call& call) { return delete_user(authn, call); },
             {.summary = "Delete a user; by the owner who signed in recently, or an administrator.",
              .params = {http::schema_of<AccountId>()},
              .response = &wire::schema<http::MessageBody>,
              .errors = {&user_not_found, &http::forbidden, &http::reauth_required}});
  if (deps.listing.is_off()) {
    // The address takes POST; without this, GET would be a wrong method instead of nothing that is there.
    legacy.get("/api/users", Lane::instant, anyone,
               [](const http::Call&) -> Result<http::Response> { return user_not_found; });
    legacy.get("/api/users/{id}", Lane::quick, or_token(signed_in),
               [&authn](const http::Call& call) { return get_own_user(authn, call); },
               {.summary = "The caller's own user.",
                .params = {http::schema_of<AccountId>()},
                .response = &wire::schema<identity::AccountView>,
                .errors = {&user_not_found}});
    return routes;
  }
  legacy
      .get("/api/users", Lane::quick, or_token(deps.listing.requirement()),
           [&authn](const http::Call& call) { return list_users(authn, call); },
           {.summary = "The users with their public fields.",
            .response = &wire::schema<std::vector<identity::AccountView>>,
            .errors = {&validation_failed, &user_not_found},
            .choices = {{"sort", identity::orders(authn.identity)}}})
      .query = &http::query_of<UserQuery>();
  legacy.get("/api/users/{id}", Lane::quick, or_token(deps.listing.requirement()),
             [&authn](const http::Call& call) { return get_user(authn, call); },
             {.summary = "One user.",
              .params = {http::schema_of<AccountId>()},
              .response = &wire::schema<identity::AccountView>,
              .errors = {&user_not_found}});
  return routes;
}

}  // namespace cardea::legacy_api
