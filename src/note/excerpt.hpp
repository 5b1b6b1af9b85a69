#pragma once
// The beginning of a long text, for where many are listed.

#include <string>
#include <string_view>

namespace cardea::note {

/// The first line with anything in it, cut after 60 code points: what a link or a picture is called by.
[[nodiscard]] std::string first_words(std::string_view text);

struct Excerpt {
  std::string text;
  bool is_cut = false;
};
/// At most 600 code points and 12 lines, so that a list of notes stays a list.
[[nodiscard]] Excerpt excerpt_of(std::string_view text);

}  // namespace cardea::note
