#include "http/problem.hpp"
#include "proof_of_work/proof_of_work.hpp"

namespace cardea::proof_of_work {

struct Asking {
  static constexpr std::string_view schema_name = "SignUpChallenge";
  static constexpr std::string_view schema_example =
      R"({"asked":true,"challenge":{"algorithm":"sha-256",)"
      R"("text":"AZy7mJkWf1eLxq3pTn5CNAAGYNmvWqQAEqkM3bXv0sJtq8uYH2dQf4rGzK6wLpE9oVhTiUxNc1B7",)"
      R"("difficulty":18,"expires_at":"2026-11-23T12:30:00Z"}})";
  bool asked = false;
  http::ProblemChallenge challenge;
};
template <class D>
void describe(D& d, wire::Of<D, Asking>& asking) {
  d.required("asked", asking.asked, {.doc = "Whether a sign-up needs a proof now. That may change at any time."});
  d.required("challenge", asking.challenge);
}

namespace {

constexpr http::Tag tag{"Signing in", "Accounts are made, and sessions begin and end."};

}  // namespace

std::vector<http::Route> routes(std::shared_ptr<Guard> guard) {
  std::vector<http::Route> routes;
  http::Routes api{http::api_surface(), routes, &tag};
  api.get("/v1/signup/challenge", http::Lane::instant, anyone,
          [guard](const http::Call& call) -> Result<http::Response> {
            return http::json(Asking{.asked = guard->is_asking(call.now()), .challenge = guard->challenge(call.now())});
          },
          {.summary = "A challenge whose solution is the proof of a sign-up, to be worked out while somebody fills in "
                      "the form.",
           .response = &wire::schema<Asking>});
  return routes;
}

}  // namespace cardea::proof_of_work
