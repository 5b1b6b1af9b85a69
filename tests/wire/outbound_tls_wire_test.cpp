// Requests that this program sends over TLS: whom it takes the other end for.

#include <chrono>

#include "outbound/http.hpp"
#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"

namespace cardea::wire_tests {
namespace {

using namespace std::chrono_literals;
using Kind = outbound::HttpOutcome::Kind;

/// A house that serves a certificate for localhost, which this machine does not know.
class OutboundTls : public ::testing::Test {
 protected:
  OutboundTls() {
    auto settings = House::small();
    settings.public_host = "localhost";
    settings.certificate_file = certificate_.file();
    settings.key_file = certificate_.key();
    house_ = std::make_unique<House>(settings);
  }
  [[nodiscard]] outbound::HttpOutcome ask(std::string_view host, const std::string& trusted) const {
    const outbound::HttpSettings settings{
        .reach = outbound::Reach::anywhere, .ca_file = trusted, .connect_timeout = 5s, .timeout = 5s};
    const auto url = "https://" + std::string{host} + ":" + std::to_string(house_->port()) + "/instant";
    return outbound::send(settings, {.url = Secret{url}});
  }

  Certificate certificate_;
  std::unique_ptr<House> house_;
};

TEST_F(OutboundTls, certificate_that_nobody_vouches_for_is_refused) {
  const auto outcome = ask("localhost", "");
  EXPECT_EQ(outcome.kind, Kind::failed) << outcome.status;
  EXPECT_EQ(ask("localhost", certificate_.file()).kind, Kind::answered) << "it is trusted now";
}

}  // namespace
}  // namespace cardea::wire_tests
