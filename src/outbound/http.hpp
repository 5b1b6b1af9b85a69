#pragma once
// A request to another server over HTTP, by libcurl.
//
// Never: follows a redirect; asks a proxy because the environment names one; trusts a certificate that the machine does
// not; reads more of an answer than it was told to; connects to an address that is not public unless it may. Which
// address that is, is judged when the connection is opened, on what the name has just been resolved to: a name that
// answers differently the second time (DNS rebinding) gains nothing.

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"

namespace cardea::outbound {

/// Where requests may lead.
enum class Reach {
  public_only,
  anywhere,  // this machine and private networks as well
};

struct HttpSettings {
  Reach reach = Reach::public_only;
  std::string ca_file = {};  // certificates to trust besides the machine's; empty: none
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{10'000};  // for everything, from the name to the last byte
  std::size_t max_answer = 65'536;  // bytes of a body
};

struct HttpRequest {
  std::string method = "GET";
  Secret url;  // which may hold a key, as some services want it
  std::vector<Secret> headers = {};  // "Authorization: Bearer …"
  Secret body = {};
};

struct HttpOutcome {
  enum class Kind {
    answered,  // whatever the status
    forbidden,  // it leads to an address that is not public
    too_large,  // the answer
    failed,
  } kind = Kind::failed;
  int status = 0;
  std::string body = {};
  std::string reason = {};  // for the operator: what failed, without anything secret; empty when it was answered
};

/// What is wrong with a URL to send requests to; empty: nothing.
[[nodiscard]] std::string problem_with_http_url(std::string_view url);
/// "gateway.example.com", "[::1]": the host of a URL without a problem.
[[nodiscard]] std::string_view host_of_http_url(std::string_view url);
/// What is wrong with a header line; empty: nothing.
[[nodiscard]] std::string problem_with_header(std::string_view line);

/// Sends one request on a connection of its own. Blocks for the timeouts at most, and ends soon when `stop` is
/// requested. Any thread.
[[nodiscard]] HttpOutcome send(const HttpSettings& settings, const HttpRequest& request,
                               const std::stop_token& stop = {});

}  // namespace cardea::outbound
