#include "feature/settings.hpp"

#include <gtest/gtest.h>

namespace cardea {
namespace {

struct Size {
  int most = 10;
};
struct Colour {
  int most = 3;
};

TEST(FeatureSettings, each_type_has_settings_of_its_own_that_stay_where_they_are) {
  FeatureSettings settings;
  auto& size = settings.of<Size>();
  EXPECT_EQ(size.most, 10);
  size.most = 11;
  settings.of<Colour>().most = 4;
  EXPECT_EQ(&settings.of<Size>(), &size);
  EXPECT_EQ(std::as_const(settings).of<Size>().most, 11);
  EXPECT_EQ(std::as_const(settings).of<Colour>().most, 4);
}

TEST(FeatureSettings, what_nobody_changed_has_its_defaults) {
  const FeatureSettings settings;
  EXPECT_EQ(settings.of<Size>().most, 10);
}

}  // namespace
}  // namespace cardea
