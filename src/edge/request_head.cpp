#include "edge/request_head.hpp"

#include <utility>

#include "edge/request_target.hpp"
#include "http/problem.hpp"

namespace cardea::edge {

Verdict read_request_head(const Head& head, http::Request& request) {
  request.method = http::parse_method(head.method).value_or(http::Method::get);
  auto target = read_target(head.method, head.target);
  const Verdict verdict = judge(head, target);
  request.target = target ? std::move(target->path_and_query) : std::string{head.target};
  // After the verdict, which counts the hosts. The target's own is the one that counts (RFC 9112 §3.2.2).
  if (target && !target->authority.empty()) request.headers.set("Host", target->authority);
  if (request.target == http::whole_server) {
    request.path = request.target;
  } else if (!http::parse_target(request.target, request.path, request.query) && verdict.refusal == nullptr) {
    return {.refusal = &http::malformed_request};
  }
  return verdict;
}

}  // namespace cardea::edge
