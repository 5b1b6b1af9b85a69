#include "db/migration_text.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cardea::db {
namespace {

std::string_view without_blanks_at_end(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r");
  return last == std::string_view::npos ? std::string_view{} : line.substr(0, last + 1);
}

bool says_nothing(std::string_view line) {
  const auto words = text::trim(line);
  return words.empty() || words.starts_with("--");
}

}  // namespace

std::vector<std::string_view> split_statements(std::string_view sql) {
  std::vector<std::string_view> statements;
  std::size_t begin = 0;
  bool is_empty = true;
  for (std::size_t at = 0; at < sql.size();) {
    const auto end = std::min(sql.find('\n', at), sql.size());
    const auto line = without_blanks_at_end(sql.substr(at, end - at));
    if (is_empty && says_nothing(line)) {
      begin = end + 1;  // comments before a statement are not part of it
    } else {
      is_empty = false;
    }
    if (!is_empty && line.ends_with(';') && !says_nothing(line)) {
      statements.push_back(sql.substr(begin, at + line.size() - begin));
      begin = end + 1;
      is_empty = true;
    }
    at = end + 1;
  }
  if (!is_empty) statements.push_back(sql.substr(begin));
  return statements;
}

std::string for_engine(std::string_view statement, std::string_view engine) {
  const std::string begin = fmt::format("/* {}: ", engine);
  constexpr std::string_view end = " */";
  std::string text;
  for (;;) {
    const auto from = statement.find(begin);
    const auto to = from == std::string_view::npos ? from : statement.find(end, from);
    if (to == std::string_view::npos) return text.append(statement);
    text.append(statement.substr(0, from));
    text.append(statement.substr(from + begin.size(), to - from - begin.size()));
    statement.remove_prefix(to + end.size());
  }
}

std::string checksum(std::string_view sql) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : sql) {
    hash ^= static_cast<std::uint8_t>(c);
    hash *= 0x100000001b3;
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace cardea::db
