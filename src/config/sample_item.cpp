#include "config/sample_item.hpp"

namespace cardea::config {

SampleItem::SampleItem(const Tables& tables, const std::string& path)
    : tables_(tables), is_made_(tables.size() == 0), section_(std::make_unique<Section>(path)) {
  if (is_made_) tables_.resize(1);
  tables_.describe(*section_, 0);
}

SampleItem::~SampleItem() {
  section_.reset();  // before the variables it is bound to go
  if (is_made_) tables_.resize(0);
}

}  // namespace cardea::config
