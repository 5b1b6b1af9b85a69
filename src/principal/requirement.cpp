#include "principal/requirement.hpp"

namespace cardea {

std::string to_text(const Requirement& requirement) {
  if (requirement.who == Who::anyone) return "anyone";
  const std::string_view who = requirement.who == Who::optional ? "optional" : "signed_in";
  std::string out{requirement.permission != nullptr ? requirement.permission->name : who};
  if (requirement.level != Level::aal1) out.append("+").append(enum_text(requirement.level));
  if (requirement.max_age != Duration::max()) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(requirement.max_age);
    out.append("<").append(std::to_string(seconds.count())).append("s");
  }
  if (requirement.bearer == Bearer::accepted) out.append("|token");
  return out;
}

}  // namespace cardea
