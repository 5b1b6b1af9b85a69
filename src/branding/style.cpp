#include "branding/style.hpp"

#include <fmt/format.h>

namespace cardea::branding {
namespace {

std::string variable(std::string_view name, const Rgb& light, const Rgb& dark) {
  return fmt::format("--{}:light-dark({},{});", name, to_text(light), to_text(dark));
}

std::string icon_colors(const Tones& tones) {
  return fmt::format("path{{stroke:{0}}}.s{{fill:{1}}}circle{{fill:{0}}}", to_text(tones.accent), to_text(tones.soft));
}

}  // namespace

std::string style_of(const Tones& light, const Tones& dark) {
  return ":root{" + variable("accent", light.accent, dark.accent) + variable("accent-hover", light.hover, dark.hover) +
         variable("accent-soft", light.soft, dark.soft) + variable("on-accent", light.on_accent, dark.on_accent) +
         "}\n";
}

std::string icon_of(const Tones& light, const Tones& dark) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><style>path{fill:none;stroke-linecap:round}" +
         icon_colors(light) + ".s{stroke:none}@media(prefers-color-scheme:dark){" + icon_colors(dark) +
         ".s{stroke:none}}</style><path class=\"s\" d=\"M7 25V5a20 20 0 0 1 20 20z\"/>"
         "<path d=\"M7 5a20 20 0 0 1 20 20\" stroke-width=\"2\"/><path d=\"M7 25V5\" stroke-width=\"4\"/>"
         "<circle cx=\"7\" cy=\"25\" r=\"4\"/></svg>\n";
}

}  // namespace cardea::branding
