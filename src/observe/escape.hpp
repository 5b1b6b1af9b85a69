#pragma once
// Internal to observe: text made inert for one line of a log.

#include <string>
#include <string_view>

namespace cardea::observe {

/// Appends `text` as a JSON string, quotes included. What could end the line, drive a terminal or reorder what a
/// reader sees (C0, C1, DEL, line separators, bidirectional and other invisible marks, tag characters) becomes \uXXXX;
/// octets that are not UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

/// Appends `text` bare when it is one plain word, else as append_quoted does.
void append_word(std::string& out, std::string_view text);

}  // namespace cardea::observe
