#include <algorithm>

#include "base/text.hpp"
#include "classic/classic.hpp"
#include "identity/directory.hpp"

namespace cardea::classic {
namespace {

constexpr std::int64_t most_users = 200;

// The member that a failed check is about decides which of the contract's sentences is the message.
Error to_classic(const Error& error, const wire::Value& body) {
  if (error.fields.empty()) return error;
  const auto about = [&](std::string_view field, std::string_view code = {}) {
    return std::any_of(error.fields.begin(), error.fields.end(), [&](const FieldError& problem) {
      return problem.field == field && (code.empty() || problem.code == code);
    });
  };
  if (about("name", "name_missing") || about("name", "name_short")) return name_missing;
  if (about("uid", "uid_missing") || about("uid", "uid_short")) return uid_missing;
  if (about("dob")) {
    return with_message(dob_format, "dob",
                        "Date of birth format error " + text_of(body, "dob") + ", must be yyyy-mm-dd");
  }
  if (about("password") || about("password_confirm")) return error;
  if (about("name") || about("uid") || about("email")) {
    return with_message(not_processed, error.fields.front().field,
                        "Processed " + text_of(body, "name") + ", either a format error or User ID " +
                            text_of(body, "uid") + " is duplicate");
  }
  return error;
}

http::Response user_response(const entry::Deps& deps, const identity::Account& account, identity::Viewer viewer) {
  return http::json(200, wire::to_json(identity::to_wire(account, deps.identity, viewer)));
}

Result<http::Response> create_user(const entry::Deps& deps, const http::Call& call) {
  const auto body = TRY(read_object(call));
  entry::Enrolment enrolment{.password = Secret{text_of(body, "password")}};
  for (const auto& [name, value] : *body.get<wire::Object>()) {
    // A front end may send back the whole user it showed; `coins` is ours to set, so what it says is not looked at.
    if (name == "coins" || name == "password") continue;
    if (name == "name" || name == "uid" || name == "email") {
      auto& target = name == "name" ? enrolment.who.name : name == "uid" ? enrolment.who.uid : enrolment.who.email;
      target = text_of(body, name);
    } else {
      enrolment.who.profile.push_back({name, value});
    }
  }
  const auto account = entry::enrol(deps, call, enrolment);
  if (!account) return to_classic(account.error(), body);
  return user_response(deps, *account, identity::Viewer::self);
}

// A parameter that is there and empty, as forms and link builders write it, is not there.
std::optional<std::string> asked(const http::Call& call, std::string_view name) {
  auto value = call.query(name);
  if (value && value->empty()) value.reset();
  return value;
}

Result<http::Response> list_users(const entry::Deps& deps, const http::Call& call) {
  const auto order = identity::parse_order(deps.identity, asked(call, "sort").value_or("created_at"));
  const auto limit = text::parse_integer(asked(call, "limit").value_or(std::to_string(most_users)));
  if (!order || !limit || *limit < 1) {
    return Error{validation_failed, std::vector<FieldError>{{order ? "limit" : "sort", "out_of_range",
                                                             "Sort by a public number, and use a limit of 1 to 200."}}};
  }
  const auto after = asked(call, "after");
  const auto id = after ? AccountId::parse(*after) : std::nullopt;
  if (after && !id) return user_not_found;
  wire::Array users;
  const auto page = deps.database.read([&](db::Tx& tx) -> Result<identity::Page> {
    const auto position = id ? identity::position_of(tx, *order, *id) : std::nullopt;
    if (id && !position) return user_not_found;
    return identity::list(tx, *order, position, std::min(*limit, most_users));
  });
  if (!page) return page.error();
  for (const auto& account : page->accounts) {
    users.emplace_back(identity::to_wire(account, deps.identity, identity::Viewer::everyone));
  }
  return http::json(200, wire::to_json(std::move(users)));
}

Result<http::Response> get_user(const entry::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  const auto account = id ? deps.database.read([&](db::Tx& tx) { return identity::find(tx, *id); }) : std::nullopt;
  if (!account || account->status != identity::Status::active) return user_not_found;
  const bool own = call.caller && call.caller->account == account->id;
  return user_response(deps, *account, own ? identity::Viewer::self : identity::Viewer::everyone);
}

// Where the list is off: everybody is alone here.
Result<http::Response> get_own_user(const entry::Deps& deps, const http::Call& call) {
  if (call.param(0) != call.who().account.text()) return user_not_found;
  return get_user(deps, call);
}

Result<http::Response> update_user(const entry::Deps& deps, const http::Call& call) {
  const auto body = TRY(read_object(call));
  const auto id = AccountId::parse(call.param(0));
  if (!id || text_of(body, "id") != call.param(0)) return id_not_found;
  if (*id != call.who().account && !call.who().is_admin) return http::forbidden;
  identity::Submitted submitted;
  for (const auto& [name, value] : *body.get<wire::Object>()) {
    if (name == "id") continue;
    if (name != "tracking" && name != "exercise") return update_refused;
    submitted.profile.push_back({name, value});
  }
  std::vector<FieldError> problems;
  const auto change = identity::check_change(deps.identity, submitted, identity::Editor::user, call.now, problems);
  if (!problems.empty()) return Error{validation_failed, std::move(problems)};
  const auto account = deps.database.write([&](db::Tx& tx) -> Result<identity::Account> {
    auto updated = TRY(identity::update(tx, *id, change, call.now));
    deps.trail.record(
        tx, {.kind = "user.updated", .account = *id, .actor = call.who().account, .session = call.who().session},
        audit::origin(call), call.now);
    return updated;
  });
  if (!account) return id_not_found;
  return user_response(deps, *account, identity::Viewer::self);
}

Result<http::Response> delete_user(const entry::Deps& deps, const http::Call& call) {
  const auto id = AccountId::parse(call.param(0));
  if (!id) return user_not_found;
  const bool own = *id == call.who().account;
  if (!own && !call.who().is_admin) return http::forbidden;
  if (own && call.who().authenticated_at + deps.session.recent <= call.now) return http::reauth_required;
  TRY(deps.database.write([&](db::Tx& tx) -> Result<Done> {
    session::revoke_all(tx, deps.cache, *id);
    if (!identity::remove(tx, *id)) return user_not_found;
    deps.trail.record(
        tx, {.kind = "user.deleted", .account = *id, .actor = call.who().account, .session = call.who().session},
        audit::origin(call), call.now);
    return done;
  }));
  return http::json(200, wire::to_json(wire::Object{{"message", "Deleted user " + id->text()}}));
}

wire::Schema users_schema() { return wire::Object{{"type", "array"}, {"items", identity::account_schema()}}; }

}  // namespace

std::vector<http::Route> user_routes(const Deps& deps) {
  using http::Access;
  using http::Lane;
  const auto& entry = deps.entry;
  std::vector<http::Route> routes;
  http::Routes classic{http::Style::classic, routes};
  classic.post("/api/users", Lane::heavy, Access::anyone,
               [&entry](const http::Call& call) { return create_user(entry, call); },
               {.summary = "Create a user.",
                .response = &identity::account_schema,
                .errors = {&name_missing, &uid_missing, &dob_format, &not_processed, &throttle::rate_limited}});
  classic.put("/api/users/{id}", Lane::quick, Access::signed_in,
              [&entry](const http::Call& call) { return update_user(entry, call); },
              {.summary = "Update tracking or exercise; by the owner or an administrator.",
               .response = &identity::account_schema,
               .errors = {&update_refused, &id_not_found, &http::forbidden}});
  classic.del("/api/users/{id}", Lane::quick, Access::signed_in,
              [&entry](const http::Call& call) { return delete_user(entry, call); },
              {.summary = "Delete a user; by the owner who signed in recently, or an administrator.",
               .errors = {&user_not_found, &http::forbidden, &http::reauth_required}});
  if (deps.directory.is_off()) {
    classic.get(
        "/api/users/{id}", Lane::quick, Access::signed_in,
        [&entry](const http::Call& call) { return get_own_user(entry, call); },
        {.summary = "The caller's own user.", .response = &identity::account_schema, .errors = {&user_not_found}});
    return routes;
  }
  classic.get("/api/users", Lane::quick, deps.directory.access(),
              [&entry](const http::Call& call) { return list_users(entry, call); },
              {.summary = "The users with their public fields.",
               .response = &users_schema,
               .errors = {&validation_failed},
               .query = {"sort", "limit", "after"}});
  classic.get("/api/users/{id}", Lane::quick, deps.directory.access(),
              [&entry](const http::Call& call) { return get_user(entry, call); },
              {.summary = "One user.", .response = &identity::account_schema, .errors = {&user_not_found}});
  return routes;
}

}  // namespace cardea::classic
