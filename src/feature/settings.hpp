#pragma once
// The settings structs of the features, by their type: who hosts features keeps their settings without naming them.

#include <map>
#include <memory>
#include <typeindex>
#include <typeinfo>

namespace cardea {

/// Cannot be copied: settings may hold secrets.
class FeatureSettings {
 public:
  FeatureSettings() = default;
  FeatureSettings(FeatureSettings&&) = default;
  FeatureSettings& operator=(FeatureSettings&&) = default;
  FeatureSettings(const FeatureSettings&) = delete;
  FeatureSettings& operator=(const FeatureSettings&) = delete;
  ~FeatureSettings() = default;

  /// The one `S` in here, to be read and changed; made with its defaults when it is first asked for. Stays where it is
  /// as long as this object.
  template <class S>
  [[nodiscard]] S& of() {
    auto& held = held_[typeid(S)];
    if (held == nullptr) held = std::make_shared<S>();
    return *static_cast<S*>(held.get());
  }

  /// The same to be read; the defaults when nobody has asked for it yet.
  template <class S>
  [[nodiscard]] const S& of() const {
    static const S defaults{};
    const auto found = held_.find(typeid(S));
    return found == held_.end() ? defaults : *static_cast<const S*>(found->second.get());
  }

 private:
  std::map<std::type_index, std::shared_ptr<void>> held_;  // which know how to delete what they hold
};

}  // namespace cardea
