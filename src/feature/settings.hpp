#pragma once
// The settings structs of the features, by their type: who hosts features keeps their settings without naming them.

#include <any>
#include <map>
#include <typeindex>
#include <typeinfo>

namespace cardea {

class FeatureSettings {
 public:
  /// The one `S` in here, to be read and changed; made with its defaults when it is first asked for. Stays where it is
  /// as long as this object.
  template <class S>
  [[nodiscard]] S& of() {
    auto& held = held_[typeid(S)];
    if (!held.has_value()) held.emplace<S>();
    return *std::any_cast<S>(&held);
  }

  /// The same to be read; the defaults when nobody has asked for it yet.
  template <class S>
  [[nodiscard]] const S& of() const {
    static const S defaults{};
    const auto found = held_.find(typeid(S));
    return found == held_.end() ? defaults : *std::any_cast<S>(&found->second);
  }

 private:
  std::map<std::type_index, std::any> held_;
};

}  // namespace cardea
