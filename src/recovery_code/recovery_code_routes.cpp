#include "http/problem.hpp"
#include "recovery_code/recovery_code.hpp"

namespace cardea::recovery_code {

struct CodesView {
  static constexpr std::string_view schema_name = "RecoveryCodes";
  static constexpr std::string_view schema_example =
      R"({"codes":["7k3q-9xwm-2hbd","m4tz-0c8v-rn6j","1ge5-yhq7-s3xk","x9bd-k2wp-6fva","8nrc-5t0m-zq4h",)"
      R"("e3hy-v7gs-j1dk","q6wx-2mnb-9crt","0zaf-p8ke-h5vy","d2jq-6sgt-w4mx","t7bn-c1rz-3kpe"]})";
  std::vector<std::string> codes;
};
template <class D>
void describe(D& d, wire::Of<D, CodesView>& body) {
  d.required("codes", body.codes, {.max = wire::unlimited, .doc = "Each works once. They are not to be had again."});
}

namespace {

constexpr http::Tag tag{"Second factors", "What somebody shows besides the password."};

Result<http::Response> post(const Deps& deps, const http::Call& call) {
  const auto codes = TRY(replace(deps, call.context));
  return http::json(CodesView{.codes = {codes.begin(), codes.end()}}, 201);
}

}  // namespace

std::vector<http::Route> api_routes(std::shared_ptr<const Deps> deps) {
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.post("/v1/me/recovery-codes", http::Lane::quick, shown_within(deps->authn.session.recent),
           [deps](const http::Call& call) { return post(*deps, call); },
           {.summary = "Make ten recovery codes, in place of all older ones.",
            .response = &wire::schema<CodesView>,
            .status = 201,
            .errors = {&http::reauth_required, &authn::mfa_off, &no_factor}});
  return routes;
}

}  // namespace cardea::recovery_code
