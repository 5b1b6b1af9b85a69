// A surface nobody thought of when the pipeline was written: an OAuth 2.0 token endpoint (RFC 6749 §3.2), with a form
// body, client authentication by Basic, errors of its own and no form token. Adding it needs nothing but this.

#include "encoding/base64.hpp"
#include "http/pipeline_fixture.hpp"

namespace cardea::http {
namespace {

constexpr CredentialSource client_secret{.place = CredentialPlace::basic};
constexpr std::array client_credentials{client_secret};

int oauth_status(const ErrorKind& kind) { return kind.status == 401 ? 401 : kind.status < 500 ? 400 : kind.status; }

/// RFC 6749 §5.2.
Response oauth_error(const Call&, const Error& error) {
  const bool is_client = error.kind->status == 401;
  Response response = json(oauth_status(*error.kind),
                           wire::to_json(wire::Object{{"error", is_client ? "invalid_client" : "invalid_request"}}));
  if (is_client) response.headers.add("WWW-Authenticate", "Basic realm=\"clients\"");
  return response;
}

const Surface& token_surface() {
  static const Surface surface{.name = "oauth",
                               .body = BodyKind::form,
                               .credentials = client_credentials,
                               .cross_site = CrossSite::open,
                               .write_error = &oauth_error,
                               .status_of = &oauth_status,
                               .root = "/oauth/"};
  return surface;
}

/// Knows one client, by Basic, and nothing else.
class Clients : public Authenticator {
 public:
  std::optional<Result<Authentication>> recall(const Request&, const Surface&, Time) override { return std::nullopt; }
  Result<Authentication> identify(const Request& request, const Surface&, Time) override {
    const std::string good = "Basic " + encoding::base64(as_bytes(std::string_view{"app:secret"}));
    if (request.headers.get("Authorization") != good) return unauthenticated;
    Authentication client{.place = CredentialPlace::basic};
    client.principal.client = ClientId{RawId{7}};
    client.principal.assurance.add(AuthMethod::federated, noon);
    return client;
  }
};

class TokenEndpoint : public PipelineTest {
 protected:
  TokenEndpoint() {
    const Handler handler = [](const Call& call) -> Result<Response> {
      if (!call.context.principal->client || call.context.principal->account) return internal_error;
      const auto* grant = call.form.find("grant_type");
      if (grant == nullptr) return validation_failed;
      return json(200, wire::to_json(wire::Object{{"grant", *grant}}));
    };
    pipeline_ = std::make_unique<Pipeline>(
        std::vector<Route>{route(Method::post, "/oauth/token", token_surface(), handler, signed_in)}, default_policy(),
        Pipeline::Tools{clients_, tokens_, random_, log_, metrics_});
  }
  Response post(std::string body, std::string_view authorization, std::string_view type = form_type) {
    return respond(*pipeline_,
                   request(Method::post, "/oauth/token",
                           {{"Content-Type", type},
                            {"Authorization", authorization},
                            {"Origin", "https://anywhere.example"},
                            {"Sec-Fetch-Site", "cross-site"}},
                           std::move(body)),
                   noon);
  }

  static constexpr std::string_view form_type = "application/x-www-form-urlencoded";
  std::string good_ = "Basic " + encoding::base64(as_bytes(std::string_view{"app:secret"}));
  Clients clients_;
  std::unique_ptr<Pipeline> pipeline_;
};

TEST_F(TokenEndpoint, takes_a_form_from_a_client_of_any_origin_without_a_form_token) {
  const Response response = post("grant_type=client_credentials", good_);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"grant":"client_credentials"})");
}

TEST_F(TokenEndpoint, answers_errors_in_the_words_of_its_rfc) {
  const Response stranger = post("grant_type=x", "Basic eDp5");
  EXPECT_EQ(stranger.status, 401);
  EXPECT_EQ(stranger.body, R"({"error":"invalid_client"})");
  EXPECT_EQ(stranger.headers.get("WWW-Authenticate"), "Basic realm=\"clients\"");
  EXPECT_EQ(post("scope=x", good_).body, R"({"error":"invalid_request"})");
  EXPECT_EQ(post("{}", good_, "application/json").status, 400);
  const Response unknown = respond(*pipeline_, request(Method::get, "/oauth/nothing"), noon);
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.body, R"({"error":"invalid_request"})");
}

TEST_F(TokenEndpoint, looks_at_no_bearer_and_no_cookie) {
  EXPECT_EQ(post("grant_type=x", "Bearer fresh").status, 401);
  const Response with_cookie = respond(
      *pipeline_,
      request(Method::post, "/oauth/token", {{"Content-Type", form_type}, {"Cookie", "s=fresh"}}, "grant_type=x"),
      noon);
  EXPECT_EQ(with_cookie.status, 401);
}

}  // namespace
}  // namespace cardea::http
