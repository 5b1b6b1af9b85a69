#pragma once
// Internal to config: an item of a list of tables to document, also when the list is empty.

#include <memory>
#include <string>

#include "config/entry.hpp"

namespace cardea::config {

/// One item of `tables`, described: the first one, or a blank one that is made here.
class SampleItem {
 public:
  SampleItem(const Tables& tables, const std::string& path);
  ~SampleItem();
  SampleItem(const SampleItem&) = delete;
  SampleItem& operator=(const SampleItem&) = delete;
  [[nodiscard]] const Section& section() const { return *section_; }

 private:
  const Tables& tables_;
  bool is_made_;
  std::unique_ptr<Section> section_;
};

}  // namespace cardea::config
