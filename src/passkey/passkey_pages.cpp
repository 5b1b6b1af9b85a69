#include <algorithm>

#include "encoding/base64.hpp"
#include "http/cookie.hpp"
#include "http/problem.hpp"
#include "page/form.hpp"
#include "page/lead.hpp"
#include "passkey/passkey_store.hpp"
#include "passkey/passkey_wire.hpp"

namespace cardea::passkey {
namespace {

constexpr std::string_view list_path = "/account/security/passkeys";

/// Remembers that somebody wanted no passkey now; on that browser alone, and of nobody in particular.
constexpr std::string_view later_cookie = "__Host-cardea-passkey-later";
constexpr std::chrono::seconds later{30 * 24 * 3600};

std::string name_of(const page::Words& words, const Passkey& passkey) {
  auto name = view(passkey).name;
  if (!name.empty()) return name;
  return std::string{words.text("method." + std::string{enum_text(passkey.kind)})};
}

wire::Object row_of(const page::Words& words, const Passkey& passkey) {
  wire::Value used = false;
  if (passkey.last_used_at) used = page::instant(words, *passkey.last_used_at);
  return {{"id", passkey.id.text()},
          {"name", name_of(words, passkey)},
          {"is_key", passkey.kind == Kind::security_key},
          {"synced", passkey.backed_up},
          {"created", page::instant(words, passkey.created_at)},
          {"used", std::move(used)}};
}

/// What the Signal API of browsers is told, so that they forget what is gone here and rename what has another name.
wire::Object signals_of(const Deps& deps, const http::Call& call, const std::vector<Passkey>& all) {
  std::string ids;
  for (const auto& each : all) (ids += ids.empty() ? "" : " ") += encoding::base64url(each.credential_id);
  const auto account = deps.authn.database.read([&](db::Tx& tx) { return identity::find(tx, call.account()); });
  const std::string name = account ? identity::account_label(*account) : std::string{};
  return {{"party", deps.party.id},
          {"handle", user_handle(call.account())},
          {"ids", ids},
          {"account_name", name},
          {"display_name", account && !account->name.empty() ? account->name : name}};
}

Result<http::Response> show_list(const Deps& deps, const http::Call& call, const Error* error) {
  const auto words = deps.pages.words(call);
  const auto all = list_own(deps, call.context);
  wire::Array rows;
  for (const auto& each : all) rows.emplace_back(row_of(words, each));
  auto data = signals_of(deps, call, all);
  data.push_back({"passkeys", std::move(rows)});
  data.push_back({"takes_keys", deps.authn.policy.mfa != authn::Mfa::off});
  return page::render_form(deps.pages, call, {.page = "account_passkeys", .error = error, .data = std::move(data)});
}

/// The problem of a row's input stands above the list: the inputs of all rows have one name.
Error above(const Error& error) {
  if (error.fields.empty()) return error;
  auto fields = error.fields;
  for (auto& field : fields) field.field.clear();
  return {*error.kind, std::move(fields)};
}

Result<http::Response> answer(const Deps& deps, const http::Call& call, const Result<Done>& outcome,
                              std::string_view said) {
  if (outcome) return page::redirect(list_path, said);
  const auto& error = outcome.error();
  if (page::is_beyond_form(error) || error.is(http::reauth_required)) return error;
  // One that has just been removed elsewhere is as gone.
  if (error.is(not_found)) return page::redirect(list_path);
  const auto shown = above(error);
  return show_list(deps, call, &shown);
}

/// What is no id is that of no passkey.
PasskeyId id_of(const http::Call& call) { return PasskeyId::parse(page::typed(call.form, "id")).value_or(PasskeyId{}); }

Result<http::Response> post_name(const Deps& deps, const http::Call& call) {
  const auto named = rename(deps, call.context, id_of(call), page::typed(call.form, "name"));
  return answer(deps, call, named ? Result<Done>{done} : Result<Done>{named.error()}, "account_passkeys.renamed");
}

Result<http::Response> post_remove(const Deps& deps, const http::Call& call) {
  return answer(deps, call, remove(deps, call.context, id_of(call)), "account_passkeys.removed");
}

page::Lead next_of(const Deps& deps, const http::Call& call) { return page::lead_of_form(call, deps.front_ends); }

// Offered to who has none, and not again to who wanted none.
Result<http::Response> show_offer(const Deps& deps, const http::Call& call) {
  const auto next = next_of(deps, call);
  const auto all = list_own(deps, call.context);
  const bool has_one =
      std::any_of(all.begin(), all.end(), [](const Passkey& each) { return each.kind == Kind::passkey; });
  if (has_one || http::cookie(call.request, later_cookie)) return page::go(next, "/account");
  auto response = deps.pages.render("passkey_new", call, wire::Object{{"next", next.place}});
  page::permit(response, next);
  return response;
}

Result<http::Response> post_offer(const Deps& deps, const http::Call& call) {
  TRY(deps.authn.database.read([&](db::Tx& tx) { return session::confirm(tx, call.context); }));
  auto response = page::go(next_of(deps, call), "/account");
  response.headers.add("Set-Cookie",
                       http::set_cookie(later_cookie, "1", {.max_age = later, .same_site = http::SameSite::lax}));
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  const Requirement recent = shown_within(deps.authn.account.recent);
  pages.get(list_path, Lane::quick, signed_in,
            [deps](const http::Call& call) { return show_list(deps, call, nullptr); });
  pages.post("/account/security/passkeys/name", Lane::quick, recent,
             [deps](const http::Call& call) { return post_name(deps, call); });
  pages.post("/account/security/passkeys/remove", Lane::quick, recent,
             [deps](const http::Call& call) { return post_remove(deps, call); });
  pages.get("/passkey/new", Lane::quick, signed_in, [deps](const http::Call& call) { return show_offer(deps, call); })
      .query = &http::query_of<page::NextQuery>();
  pages.post("/passkey/new", Lane::quick, signed_in, [deps](const http::Call& call) { return post_offer(deps, call); })
      .query = &http::query_of<page::NextQuery>();
  return routes;
}

}  // namespace cardea::passkey
