#include "observe/line.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "observe/escape.hpp"

namespace cardea::observe {
namespace {

struct Look {
  std::string_view mark;    // two columns, so that the level is seen without colour
  std::string_view colour;  // ANSI SGR
};

Look look_of(Level level) {
  switch (level) {
    case Level::debug: return {"- ", "\x1b[2m"};
    case Level::info: return {"  ", "\x1b[36m"};
    case Level::warn: return {"! ", "\x1b[33m"};
    case Level::error: return {"!!", "\x1b[1;31m"};
  }
  return {};
}

using AppendText = void (*)(std::string&, std::string_view);

void append_value(std::string& out, const Field& field, AppendText append_text) {
  if (const auto* text = std::get_if<std::string_view>(&field.value)) return append_text(out, *text);
  if (const auto* flag = std::get_if<bool>(&field.value)) {
    out += *flag ? "true" : "false";
  } else if (const auto* integer = std::get_if<std::int64_t>(&field.value)) {
    fmt::format_to(std::back_inserter(out), "{}", *integer);
  } else if (const auto* number = std::get_if<double>(&field.value)) {
    std::isfinite(*number) ? fmt::format_to(std::back_inserter(out), "{}", *number)
                           : fmt::format_to(std::back_inserter(out), "null");
  }
}

std::string time_of_day(Time time) {
  const std::string whole = rfc3339(time);  // yyyy-mm-ddThh:mm:ss.mmmZ
  return whole.substr(11, 8);
}

}  // namespace

std::string json_line(Time time, Level level, std::string_view event, std::span<const Field> fields) {
  std::string out = fmt::format(R"({{"time":"{}","level":"{}","event":)", rfc3339(time), enum_text(level));
  append_quoted(out, event);
  for (const auto& field : fields) {
    out += ',';
    append_quoted(out, field.name);
    out += ':';
    append_value(out, field, &append_quoted);
  }
  out += '}';
  return out;
}

std::string human_line(Time time, Level level, std::string_view event, std::span<const Field> fields, Colour colour) {
  constexpr std::size_t event_width = 24;
  const auto [mark, paint] = look_of(level);
  std::string word;
  append_word(word, event);
  const std::string padding(word.size() < event_width && fields.size() > 0 ? event_width - word.size() : 0, ' ');
  const bool coloured = colour == Colour::on;
  std::string out = fmt::format("{}{}  {}{}{}{}", mark, time_of_day(time), coloured ? paint : "", word,
                                coloured ? "\x1b[0m" : "", padding);
  for (const auto& field : fields) {
    out += ' ';
    append_word(out, field.name);
    out += '=';
    append_value(out, field, &append_word);
  }
  return out;
}

Colour colour_for(bool is_terminal, const char* no_color, const char* term) {
  const bool refused = no_color != nullptr && *no_color != '\0';
  const bool dumb = term != nullptr && std::string_view{term} == "dumb";
  return is_terminal && !refused && !dumb ? Colour::on : Colour::off;
}

}  // namespace cardea::observe
