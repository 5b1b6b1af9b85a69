#include "app/build_info.hpp"

#include <string>

namespace cardea::app {

void measure_build(observe::Metrics& metrics, std::string_view engine) {
  metrics.gauge("cardea_build_info", "Always 1; the labels say which program this is.", [] { return 1.0; },
                {{"version", CARDEA_VERSION}, {"compiler", __VERSION__}, {"engine", std::string{engine}}});
}

}  // namespace cardea::app
