#include "authn/factors.hpp"
#include "http/problem.hpp"
#include "passkey/passkey_store.hpp"
#include "passkey/passkey_wire.hpp"

namespace cardea::passkey {

struct NameBody {
  static constexpr std::string_view schema_name = "PasskeyName";
  static constexpr std::string_view schema_example = R"({"name":"Work laptop"})";
  std::string name;
};
template <class D>
void describe(D& d, wire::Of<D, NameBody>& body) {
  d.required("name", body.name, {.min = 1, .max = 64});
}

namespace {

constexpr http::Tag tag{"Passkeys", "Signing in without a password, and security keys as the second step."};

/// What is no id is that of no passkey.
PasskeyId id_of(const http::Call& call) { return PasskeyId::parse(call.param(0)).value_or(PasskeyId{}); }

Result<http::Response> get_all(const Deps& deps, const http::Call& call) {
  PasskeyList all{.party = deps.party.id, .user_handle = user_handle(call.account())};
  for (const auto& each : list_own(deps, call.context)) all.data.push_back(view(each));
  return http::json(all);
}

Result<http::Response> get_one(const Deps& deps, const http::Call& call) {
  const auto id = id_of(call);
  const auto found = deps.authn.database.read([&](db::Tx& tx) { return find(tx, call.account(), id); });
  if (!found) return not_found;
  return http::json(view(*found));
}

Result<http::Response> patch_one(const Deps& deps, const http::Call& call) {
  const auto id = id_of(call);
  const auto body = TRY(wire::read<NameBody>(call.request.body));
  return http::json(view(TRY(rename(deps, call.context, id, body.name))));
}

Result<http::Response> delete_one(const Deps& deps, const http::Call& call) {
  const auto id = id_of(call);
  TRY(remove(deps, call.context, id));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> own_routes(const Deps& deps) {
  using http::Lane;
  constexpr std::string_view all = "/v1/me/passkeys", one = "/v1/me/passkeys/{id}";
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  const auto with = [&deps](Result<http::Response> (*handler)(const Deps&, const http::Call&)) {
    return [deps, handler](const http::Call& call) { return handler(deps, call); };
  };
  const Requirement recent = shown_within(deps.authn.account.recent);
  api.get(
      all, Lane::quick, signed_in, with(get_all),
      {.summary = "The caller's passkeys and security keys, oldest first.", .response = &wire::schema<PasskeyList>});
  api.get(one, Lane::quick, signed_in, with(get_one),
          {.summary = "One of the caller's passkeys or security keys.",
           .params = {http::schema_of<PasskeyId>()},
           .response = &wire::schema<PasskeyView>,
           .errors = {&not_found}});
  api.patch(one, Lane::quick, recent, with(patch_one),
            {.summary = "Give a passkey or security key another name.",
             .params = {http::schema_of<PasskeyId>()},
             .request = &wire::schema<NameBody>,
             .response = &wire::schema<PasskeyView>,
             .errors = {&http::reauth_required, &not_found, &validation_failed}});
  api.del(one, Lane::quick, recent, with(delete_one),
          {.summary = "Remove a passkey or security key, and end every other session. The last way into the account "
                      "stays, and the last second factor where one is required.",
           .params = {http::schema_of<PasskeyId>()},
           .status = 204,
           .errors = {&http::reauth_required, &not_found, &last_way_in, &authn::last_factor}});
  return routes;
}

}  // namespace cardea::passkey
