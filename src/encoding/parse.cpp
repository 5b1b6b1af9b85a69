// Boost.JSON is used here only, header-only, and only its SAX parser: its DOM keeps the last of duplicate names and
// reads 1e999 as infinity.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include <algorithm>
#include <charconv>

#include "encoding/value.hpp"

namespace cardea::wire {
namespace {

namespace json = boost::json;

/// Appends without leaving copies of the text in freed memory.
void append_wiping(std::string& text, std::string_view more) {
  if (text.size() + more.size() > text.capacity()) {
    std::string larger;
    larger.reserve(std::max(2 * text.capacity(), text.size() + more.size()));
    larger = text;
    wipe(text);
    text = std::move(larger);
  }
  text += more;
}

/// Receives the parser's events and builds the value. Names are those basic_parser calls.
class Builder {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Code = boost::system::error_code;
  using View = json::string_view;

  explicit Builder(std::size_t members) : members_left_(members) {}
  ~Builder() { wipe(text_); }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code&) { return open(Object{}); }
  bool on_array_begin(Code&) { return open(Array{}); }
  bool on_array_end(std::size_t, Code&) { return close(); }
  bool on_object_end(std::size_t, Code& code) { return has_distinct_names() ? close() : fail("duplicate name", code); }

  bool on_key_part(View part, std::size_t, Code&) { return collect(part); }
  bool on_key(View part, std::size_t, Code& code) {
    collect(part);
    if (!count()) return fail("too many members", code);
    if (!is_clean()) return fail("NUL in a name", code);
    open_.back().get<Object>()->push_back({text_, {}});
    clear();
    return true;
  }

  bool on_string_part(View part, std::size_t, Code&) { return collect(part); }
  bool on_string(View part, std::size_t, Code& code) {
    collect(part);
    if (!is_clean()) return fail("NUL in text", code);
    Value value{std::string_view{text_}};
    clear();
    return add(std::move(value), code);
  }

  bool on_number_part(View part, Code&) { return collect(part); }
  bool on_int64(std::int64_t number, View, Code& code) {
    clear();
    return add(number, code);
  }
  bool on_uint64(std::uint64_t, View part, Code& code) { return add_double(part, code); }
  bool on_double(double, View part, Code& code) { return add_double(part, code); }
  bool on_bool(bool flag, Code& code) { return add(flag, code); }
  bool on_null(Code& code) { return add(nullptr, code); }
  bool on_comment_part(View, Code&) { return true; }
  bool on_comment(View, Code&) { return true; }

  [[nodiscard]] std::string_view problem() const { return problem_; }
  [[nodiscard]] Value take() { return std::move(result_); }

 private:
  bool collect(View part) {
    append_wiping(text_, {part.data(), part.size()});
    return true;
  }
  void clear() {
    wipe(text_.data(), text_.size());
    text_.clear();
  }
  [[nodiscard]] bool is_clean() const { return text_.find('\0') == std::string::npos; }

  bool fail(std::string_view problem, Code& code) {
    problem_ = problem;
    code = boost::system::errc::make_error_code(boost::system::errc::invalid_argument);
    return false;
  }

  bool count() {
    if (members_left_ == 0) return false;
    --members_left_;
    return true;
  }

  bool open(Value container) {
    open_.push_back(std::move(container));
    return true;
  }

  bool close() {
    Value value = std::move(open_.back());
    open_.pop_back();
    Code code;
    add(std::move(value), code);
    return !code;
  }

  /// Puts a finished value into the innermost open container; a member's name is there already.
  bool add(Value value, Code& code) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (auto* members = open_.back().get<Object>()) {
      members->back().value = std::move(value);
    } else if (count()) {
      open_.back().get<Array>()->push_back(std::move(value));
    } else {
      return fail("too many members", code);
    }
    return true;
  }

  /// Boost.JSON's own conversion may be off in the last place, so the text is read again.
  bool add_double(View part, Code& code) {
    collect(part);
    double number = 0;
    const auto [end, problem] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (problem != std::errc{} || end != text_.data() + text_.size()) return fail("number out of range", code);
    clear();
    return add(number, code);
  }

  [[nodiscard]] bool has_distinct_names() const {
    std::vector<std::string_view> names;
    for (const auto& member : *open_.back().get<Object>()) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
  }

  std::vector<Value> open_;
  std::string text_;
  Value result_;
  std::size_t members_left_;
  std::string_view problem_;
};

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  json::parse_options options;
  options.max_depth = limits.depth;
  json::basic_parser<Builder> parser{options, limits.members};
  boost::system::error_code code;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), code);
  auto& builder = parser.handler();
  if (code) {
    const auto problem = builder.problem().empty() ? code.message() : std::string{builder.problem()};
    return Error{malformed_json, problem + " near byte " + std::to_string(used)};
  }
  if (used != text.size()) return Error{malformed_json, "data after the end"};
  return builder.take();
}

}  // namespace cardea::wire
