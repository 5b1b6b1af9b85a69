#include "page/client_words.hpp"

#include "base/user_agent.hpp"

namespace cardea::page {

std::string browser_text(const Words& words, std::string_view user_agent) {
  const auto browser = describe_browser(user_agent);
  const std::string program{browser.program.empty() ? words.text("device.unknown") : browser.program};
  if (browser.system.empty()) return program;
  return words.text("device.on", {{"program", program}, {"system", std::string{browser.system}}});
}

}  // namespace cardea::page
