#include "page/form.hpp"
#include "password_reset/recovery.hpp"

namespace cardea::password_reset {

namespace {

http::Response show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto link = page::asked_link(call);
  const auto account = holder(deps.authn, call.context, link);
  if (!account) {
    // Used, expired, replaced or never made: which of these is nobody's business.
    return deps.pages.render("password_reset", call, wire::Object{{"usable", false}}, challenge::not_valid.status);
  }
  return page::render_form(deps.pages, call,
                           {.page = "password_reset",
                            .error = error,
                            .data = {{"usable", true},
                                     {"link", link},
                                     {"username", identity::account_label(*account)},
                                     {"password_min", deps.authn.password.min_length},
                                     {"password_max", deps.authn.password.max_length}}});
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto set = set_password(deps, call.context,
                                {.token = page::asked_link(call),
                                 .password = page::typed_secret(call.form, "password"),
                                 .confirmation = page::typed_secret(call.form, "password_confirm")});
  if (!set) return show(deps, call, &set.error());
  return page::redirect("/signin", "signin.password_set");
}

Result<http::Response> show_wish(const Deps& deps, const http::Call& call, const Error* error) {
  if (!deps.outbox.is_on()) return not_found;
  return page::render_form(deps.pages, call, {.page = "recover", .error = error});
}

// The same words whatever was typed.
Result<http::Response> post_wish(const Deps& deps, const http::Call& call) {
  const auto typed = page::typed(call.form, "uid");
  if (typed.empty()) {
    const Error missing{validation_failed, std::vector<FieldError>{{"uid", "recover_missing", ""}}};
    return show_wish(deps, call, &missing);
  }
  const auto asked = ask(deps, call.context, typed, deps.pages.words(call).language().tag);
  if (!asked) return show_wish(deps, call, &asked.error());
  return deps.pages.render("recover_sent", call, wire::Object{{"identifier", typed}});
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages.get("/recover", Lane::quick, if_signed_in,
            [deps](const http::Call& call) { return show_wish(deps, call, nullptr); });
  pages.post("/recover", Lane::quick, if_signed_in, [deps](const http::Call& call) { return post_wish(deps, call); });
  pages
      .get("/password-reset", Lane::quick, if_signed_in,
           [deps](const http::Call& call) -> Result<http::Response> { return show(deps, call, nullptr); })
      .query = &http::query_of<page::LinkQuery>();
  pages.post("/password-reset", Lane::heavy, if_signed_in, [deps](const http::Call& call) { return post(deps, call); })
      .query = &http::query_of<page::LinkQuery>();
  return routes;
}

}  // namespace cardea::password_reset
