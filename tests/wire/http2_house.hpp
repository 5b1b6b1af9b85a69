#pragma once
// A house that speaks TLS, for tests of HTTP/2.

#include "tests/wire/certificate.hpp"
#include "tests/wire/house.hpp"
#include "tests/wire/http2_client.hpp"

namespace cardea::wire_tests {

class Http2House {
 public:
  explicit Http2House(edge::Settings settings = House::small(), const std::vector<http::Route>& more_routes = {})
      : house_(with(settings, certificate_), more_routes) {}

  House* operator->() { return &house_; }
  [[nodiscard]] std::string trusted() const { return certificate_.file(); }
  [[nodiscard]] Http2Client client(std::string_view settings = {}) {
    return Http2Client{house_.port(), certificate_.file(), settings};
  }
  [[nodiscard]] TlsTerms terms(std::string protocol) const {
    return {.trusted_file = certificate_.file(), .protocol = std::move(protocol)};
  }
  /// A gauge or counter without labels.
  [[nodiscard]] double measured(const std::string& name) const {
    const std::string page = house_.metrics.prometheus_text();
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::stod(page.substr(at + name.size() + 2));
  }

 private:
  static edge::Settings with(edge::Settings settings, const Certificate& certificate) {
    settings.public_host = "localhost";
    settings.certificate_file = certificate.file();
    settings.key_file = certificate.key();
    return settings;
  }

  Certificate certificate_;
  House house_;
};

}  // namespace cardea::wire_tests
