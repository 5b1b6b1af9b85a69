#include "http/proxy_warning.hpp"

namespace cardea::http {

bool ProxyWarning::Gate::opens(Time now) {
  Time next = next_.load();
  const bool is_due = now >= next || next - now > pause;
  return is_due && next_.compare_exchange_strong(next, now + pause);
}

void ProxyWarning::look(const Request& request, const Proxies::Client& client, Time now) const {
  constexpr std::size_t most = 60;  // bytes of what somebody else wrote
  switch (client.naming) {
    case Proxies::Naming::known: return;
    case Proxies::Naming::unreadable:
      if (!unreadable_.opens(now)) return;
      log_.warn("proxy.client_unreadable",
                {{"proxy", request.peer},
                 {"header", client.header},
                 {"item", client.item.substr(0, most)},
                 {"hint", "it is no address; until the proxy sends one, all such clients share the budgets of one"}});
      return;
    case Proxies::Naming::missing:
      if (is_safe(request.method) || !missing_.opens(now)) return;
      log_.warn("proxy.client_missing",
                {{"proxy", request.peer},
                 {"header", "X-Forwarded-For"},
                 {"hint", "a trusted proxy does not send it, so everybody behind it shares the budgets of one"}});
      return;
    case Proxies::Naming::unheard:
      if (!unheard_.opens(now)) return;
      log_.warn("proxy.not_trusted",
                {{"proxy", request.peer},
                 {"hint",
                  "it names its clients, but they share the budgets of one until server.trusted_proxies has "
                  "\"unix:\" in it"}});
      return;
  }
}

}  // namespace cardea::http
