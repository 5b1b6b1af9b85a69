#include "app/config_text.hpp"

#include <algorithm>

namespace cardea::app {

bool is_plain_path(std::string_view path) {
  return std::ranges::all_of(path, [](char c) {
    constexpr std::string_view marks = "/.-_@+";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           marks.find(c) != std::string_view::npos;
  });
}

void ConfigText::open(std::string_view head) {
  line(std::string{head} + (head.empty() ? "{" : " {"));
  ++depth_;
}

void ConfigText::close() {
  --depth_;
  line("}");
}

void ConfigText::line(std::string_view text) {
  for (int i = 0; i < depth_; ++i) text_ += step_;
  text_.append(text) += '\n';
}

}  // namespace cardea::app
