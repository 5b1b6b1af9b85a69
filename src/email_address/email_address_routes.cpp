#include "authn/credentials.hpp"
#include "email_address/email_address.hpp"
#include "email_address/wire.hpp"
#include "http/problem.hpp"
#include "identity/account_view.hpp"

namespace cardea::email_address {

struct LinkBody {
  static constexpr std::string_view schema_name = "EmailLink";
  static constexpr std::string_view schema_example = R"({"link":"6Zt5nqv1rB0w0m8m3c1iYcY1v2vQ3o5o9mJx0b3r7Xk"})";
  std::string link;
  Secret password;
};
template <class D>
void describe(D& d, wire::Of<D, LinkBody>& body) {
  d.required("link", body.link, {.max = 200, .doc = "The secret of the link: its query parameter `link`."});
  d.optional("password", body.password,
             {.max = 100'000,
              .doc = "The account's password, where the caller is not signed in to it.",
              .format = "password"});
}

namespace {

constexpr http::Tag tag{"Oneself", "The account of the caller, its password and its sessions."};

Result<http::Response> answer_with(const Deps& deps, const identity::Account& account) {
  return http::json(identity::view(account, deps.authn.identity, identity::Viewer::self));
}

Result<http::Response> post_code(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<Code>(call.request.body));
  return answer_with(deps, TRY(confirm_by_code(deps, call.context, call.account(), body.code)));
}

Result<http::Response> post_resend(const Deps& deps, const http::Call& call) {
  TRY(resend(deps, call.context, call.account()));
  return http::no_content();
}

Result<http::Response> post_link(const Deps& deps, const http::Call& call) {
  const auto body = TRY(wire::read<LinkBody>(call.request.body));
  TRY(confirm_by_link(deps, call.context, authn::browser_of(deps.authn, call),
                      {.token = body.link,
                       .known = call.is_signed_in() ? std::optional{call.account()} : std::nullopt,
                       .password = body.password.copy()}));
  return http::no_content();
}

}  // namespace

std::vector<http::Route> api_routes(const Deps& deps) {
  using http::Lane;
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.post("/v1/verify", Lane::quick, signed_in, [deps](const http::Call& call) { return post_code(deps, call); },
           {.summary = "Confirm the caller's pending e-mail address by the code that was sent to it.",
            .request = &wire::schema<Code>,
            .response = &wire::schema<identity::AccountView>,
            .errors = {&nothing_to_confirm, &challenge::wrong_code, &challenge::not_valid, &throttle::rate_limited,
                       &validation_failed}});
  api.post("/v1/verify/resend", Lane::quick, signed_in,
           [deps](const http::Call& call) { return post_resend(deps, call); },
           {.summary = "Send the code and the link again; those sent before no longer work.",
            .status = 204,
            .errors = {&nothing_to_confirm, &throttle::rate_limited}});
  api.post(
      "/v1/verify/link", Lane::heavy, if_signed_in, [deps](const http::Call& call) { return post_link(deps, call); },
      {.summary = "Confirm an e-mail address by the link that was sent to it, as its account or with its password.",
       .request = &wire::schema<LinkBody>,
       .status = 204,
       .errors = {&challenge::not_valid, &password_needed, &authn::invalid_credentials, &throttle::rate_limited,
                  &validation_failed}});
  return routes;
}

FeatureEntry entry() {
  return {.describe =
              [](config::Section& root, FeatureSettings& all) {
                auto& settings = all.of<Settings>();
                auto& throttle = root.section("throttle");
                throttle::describe(throttle.section("email_resend"), settings.resend);
                throttle::describe(throttle.section("email_code"), settings.guess);
                throttle::describe(throttle.section("email_link"), settings.address);
              },
          .make =
              [](const Host& host) {
                const Deps deps{.authn = host.authn,
                                .pages = host.pages,
                                .outbox = host.outbox,
                                .queue = host.queue,
                                .challenges = host.challenges,
                                .settings = host.settings.of<Settings>(),
                                .front_ends = host.front_ends};
                Feature feature{.name = "email_address"};
                feature.routes = page_routes(deps);
                for (auto& route : api_routes(deps)) feature.routes.push_back(std::move(route));
                for (auto& route : signin_routes(deps)) feature.routes.push_back(std::move(route));
                feature.workers = {{.kind = "email_address.write",
                                    .work = [deps, &clock = host.clock](const jobs::Item& item) -> Result<Done> {
                                      const auto id = AccountId::parse(item.payload);
                                      return id ? write_to(deps, *id, clock.now()) : Result<Done>{done};
                                    }}};
                feature.on_address_pending = [deps](db::Tx& tx, const identity::Account& account, Time now,
                                                    account::Occasion occasion) {
                  if (occasion == account::Occasion::sign_in && was_written_to(tx, deps, account, now)) return;
                  deps.queue.put(tx, "email_address.write", account.id.text(), now);
                };
                feature.errors = {&nothing_to_confirm, &password_needed, &challenge::wrong_code, &challenge::not_valid};
                feature.events = {confirmed, refused, undone};
                return feature;
              }};
}

}  // namespace cardea::email_address
