#include "app/talk.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "app/say.hpp"
#include "encoding/unicode.hpp"
#include "http/problem.hpp"

namespace cardea::app {
namespace {

int code_for(const Error& error) {
  const bool is_taken = std::any_of(error.fields.begin(), error.fields.end(),
                                    [](const auto& field) { return field.code.ends_with("_taken"); });
  if (error.is(not_found)) return exit_code::not_found;
  if (error.is(http::forbidden) || error.is(http::unauthenticated)) return exit_code::not_permitted;
  if (is_taken || error.kind->status == 409) return exit_code::conflict;
  return exit_code::failed;
}

std::size_t width_of(const std::string& cell) { return unicode::is_utf8(cell) ? unicode::length(cell) : cell.size(); }

}  // namespace

int fail_with(const Error& error) {
  complain(error.kind->title);
  for (const auto& field : error.fields) fmt::print(stderr, "  {}: {}\n", field.field, field.detail);
  if (!error.detail.empty()) fmt::print(stderr, "{}\n", error.detail);
  return code_for(error);
}

std::optional<int> confirm(const Manner& manner, std::string_view question) {
  if (manner.yes) return std::nullopt;
  if (manner.no_input || ::isatty(STDIN_FILENO) == 0) {
    complain(std::string{question} + " Nobody can be asked here: pass --yes to agree. Nothing was changed.");
    return exit_code::usage;
  }
  fmt::print(stderr, "{} [y/N] ", question);
  const auto answer = read_line();
  if (answer.starts_with('y') || answer.starts_with('Y')) return std::nullopt;
  complain("nothing was changed");
  return exit_code::failed;
}

std::string read_line() {
  std::array<char, 1024> line{};
  if (std::fgets(line.data(), static_cast<int>(line.size()), stdin) == nullptr) return {};
  std::string text{line.data()};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
    const bool is_c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;  // U+0080 to U+009F
    if (is_c1) ++i;
    out += byte < 0x20 || byte == 0x7f || is_c1 ? '?' : text[i];
  }
  return unicode::is_utf8(out) ? out : std::string(out.size(), '?');
}

void Table::add(std::vector<std::string> row) {
  for (auto& cell : row) cell = printable(cell);
  rows_.push_back(std::move(row));
}

void Table::print() const {
  if (::isatty(STDOUT_FILENO) == 0) {
    for (const auto& row : rows_) fmt::print("{}\n", fmt::join(row, "\t"));
    return;
  }
  std::vector<std::size_t> widths(head_.size());
  const auto measure = [&widths](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  };
  const auto print_row = [&widths](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool is_last = i + 1 == row.size();
      fmt::print("{}{}", row[i], is_last ? "\n" : std::string(widths[i] - width_of(row[i]) + 2, ' '));
    }
  };
  measure(head_);
  for (const auto& row : rows_) measure(row);
  print_row(head_);
  for (const auto& row : rows_) print_row(row);
}

}  // namespace cardea::app
