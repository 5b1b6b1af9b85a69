#include "app/proxy_text.hpp"

namespace cardea::app {

std::string span_text(Duration span) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(span).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

std::size_t longest_body_mib(const ProxyPlan& plan) {
  constexpr std::size_t mebibyte = 1024 * 1024;
  return (plan.longest_body + mebibyte - 1) / mebibyte;
}

std::string certificate_of(const ProxyPlan& plan, const Site& site, std::string_view ending) {
  return plan.certificate.empty() ? "/etc/ssl/" + site.host + std::string{ending} : plan.certificate;
}

std::string key_of(const ProxyPlan& plan, const Site& site) {
  return plan.key.empty() ? "/etc/ssl/" + site.host + ".key" : plan.key;
}

}  // namespace cardea::app
