#include "page/form.hpp"
#include "password_reset/password_reset.hpp"

namespace cardea::password_reset {

struct LinkQuery {
  std::string link;
};
template <class D>
void describe(D& d, wire::Of<D, LinkQuery>& query) {
  d.optional("link", query.link, {.max = 200});
}

namespace {

std::string link_of(const http::Call& call) {
  auto posted = page::typed(call.form, "link");
  if (!posted.empty()) return posted;
  const auto query = call.query<LinkQuery>();
  return query ? query->link : std::string{};
}

http::Response show(const Deps& deps, const http::Call& call, const Error* error) {
  const auto link = link_of(call);
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
                                     {"username", account->uid.value_or(account->email.value_or(account->name))},
                                     {"password_min", deps.authn.password.min_length},
                                     {"password_max", deps.authn.password.max_length}}});
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto set = set_password(deps.authn, deps.settings, call.context,
                                {.token = link_of(call),
                                 .password = page::typed_secret(call.form, "password"),
                                 .confirmation = page::typed_secret(call.form, "password_confirm")});
  if (!set) return show(deps, call, &set.error());
  return page::redirect("/signin", "signin.password_set");
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{deps.pages.surface(), routes};
  pages
      .get("/password-reset", Lane::quick, if_signed_in,
           [deps](const http::Call& call) -> Result<http::Response> { return show(deps, call, nullptr); })
      .query = &http::query_of<LinkQuery>();
  pages.post("/password-reset", Lane::heavy, if_signed_in, [deps](const http::Call& call) { return post(deps, call); })
      .query = &http::query_of<LinkQuery>();
  return routes;
}

}  // namespace cardea::password_reset
