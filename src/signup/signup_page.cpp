#include "entry/profile_view.hpp"
#include "page/form_view.hpp"
#include "signup/signup.hpp"

namespace cardea::signup {
namespace {

http::Response show(const Deps& deps, const http::Call& call, const std::vector<FieldError>& problems, int status) {
  const auto& settings = deps.entry.identity;
  auto data = page::merged(page::form_view(call.form, problems), entry::profile_view(settings, call.form, problems));
  data.push_back({"password_min", deps.entry.password.min_length});
  const auto posted = page::typed(call.form, "next");
  data.push_back({"next", page::safe_next(posted.empty() ? call.query("next") : std::optional{posted}, "")});
  return deps.pages.render("signup", call, std::move(data), status);
}

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const entry::Enrolment enrolment{.who = entry::read_form(deps.entry.identity, call.form),
                                   .password = page::typed_secret(call.form, "password"),
                                   .confirmation = page::typed_secret(call.form, "password_confirm")};
  const auto admitted = sign_up(deps.entry, call, enrolment);
  if (!admitted) {
    auto response = show(deps, call, page::problems_of(admitted.error()), admitted.error().kind->status);
    http::add_error_headers(response, admitted.error(), http::Style::page);
    return response;
  }
  auto response = page::redirect(page::safe_next(page::typed(call.form, "next"), "/account"));
  entry::set_cookies(response, deps.entry, *admitted);
  return response;
}

}  // namespace

std::vector<http::Route> page_routes(const Deps& deps) {
  using http::Access;
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes pages{http::Style::page, routes};
  pages.get("/signup", Lane::quick, Access::optional,
            [deps](const http::Call& call) -> Result<http::Response> { return show(deps, call, {}, 200); });
  pages.post("/signup", Lane::heavy, Access::anyone, [deps](const http::Call& call) { return post(deps, call); });
  return routes;
}

}  // namespace cardea::signup
