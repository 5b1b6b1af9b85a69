#include "http/origin_notice.hpp"

#include "http/origin.hpp"

namespace cardea::http {
namespace {

constexpr std::size_t longest = 200;  // bytes of what somebody else wrote

std::string setting_for(std::string_view origin) { return "cors.origins = [\"" + std::string{origin} + "\"]"; }

}  // namespace

OriginNotice::OriginNotice(observe::Log& log, observe::Metrics& metrics, observe::Level level)
    : log_(log),
      refused_(metrics.counter("cardea_http_unlisted_origin_total",
                               "Requests of pages on other origins that are not in cors.origins.")),
      level_(level) {}

bool OriginNotice::is_new(const std::string& origin) const {
  const std::lock_guard lock{mutex_};
  return told_.size() < most && told_.insert(origin).second;
}

void OriginNotice::look(const Request& request) const {
  refused_.add();
  const std::string origin{request.headers.get("Origin").substr(0, longest)};
  if (!is_new(origin)) return;
  if (!canonical_origin(origin)) {
    log_.write(level_, "cors.refused",
               {{"origin", origin},
                {"hint",
                 "a page without an origin of its own, such as one opened as a file, cannot be let in; serve "
                 "it, for example with `python3 -m http.server 4100`"}});
    return;
  }
  log_.write(level_, "cors.refused",
             {{"origin", origin},
              {"setting", setting_for(origin)},
              {"hint",
               "its browser keeps the answer from the page; put the setting into the file of --config to let "
               "it in"}});
}

}  // namespace cardea::http
