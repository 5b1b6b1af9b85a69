#pragma once
// The names a template sees while it renders. Only for .cpp files: includes Mustache.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <kainjow/mustache.hpp>

#include "encoding/value.hpp"

namespace cardea::page {

namespace mustache = kainjow::mustache;

/// Copies a value into Mustache's shape. Whatever should make a section false becomes false, because Mustache itself
/// takes empty text and empty objects for true.
[[nodiscard]] mustache::data to_mustache(const wire::Value& value);

/// Looks names up from the innermost section outwards; keeps those that must have a value and have none.
class Scope final : public mustache::basic_context<std::string> {
 public:
  /// `form_token` is asked only when a template prints `csrf`, so that a page without a form sets no cookie.
  Scope(const mustache::data& root, const std::set<std::string, std::less<>>& required,
        std::function<std::string()> form_token);

  void push(const mustache::data* data) override { items_.push_back(data); }
  void pop() override { items_.pop_back(); }
  const mustache::data* get(const std::string& name) const override;
  const mustache::data* get_partial(const std::string&) const override { return nullptr; }

  [[nodiscard]] const std::set<std::string, std::less<>>& missing() const { return missing_; }

 private:
  std::vector<const mustache::data*> items_;
  const std::set<std::string, std::less<>>& required_;
  std::function<std::string()> form_token_;
  mutable mustache::data csrf_{false};
  mutable std::set<std::string, std::less<>> missing_;  // `get` is const in Mustache's interface
};

}  // namespace cardea::page
