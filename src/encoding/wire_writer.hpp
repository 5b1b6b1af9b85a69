#pragma once
// The visitor that writes a described type, as text at once: nothing but the text is copied on the way.

#include "encoding/wire.hpp"

namespace cardea::wire {

/// Writes one object at the end of a text.
class Writer {
 public:
  static constexpr bool writes = true;

  explicit Writer(std::string& out) : out_(out) { out_ += '{'; }

  template <class T>
  void required(const Name& name, const T& member, const detail::Bounds<T>& = {}) {
    out_ += is_empty_ ? name.first() : name.after_another();
    is_empty_ = false;
    append(out_, member);
  }
  template <class T>
  void expected(const Name& name, const T& member, const detail::Bounds<T>& bounds = {}) {
    required(name, member, bounds);
  }
  template <class T>
  void optional(const Name& name, const T& member, const detail::Bounds<T>& bounds = {}) {
    if (is_present(member)) required(name, member, bounds);
  }
  template <class T>
  void if_present(const Name& name, const std::optional<T>& member, const detail::Bounds<T>& bounds = {}) {
    if (member) required(name, *member, bounds);
  }
  void rest(const Object& members, std::string_view doc = {});
  template <class Members>
  void rest(const Members& members, std::string_view = {}) {
    write_members(*this, members);
  }
  /// A member of the rest.
  template <class T>
  void member(std::string_view name, const T& value) {
    begin(name);
    append(out_, value);
  }

  void finish() { out_ += '}'; }

  static void append(std::string& out, bool flag) { out += flag ? "true" : "false"; }
  static void append(std::string& out, std::nullptr_t) { out += "null"; }
  static void append(std::string& out, std::int64_t number) { append_json_integer(out, number); }
  static void append(std::string& out, int number) { append(out, std::int64_t{number}); }
  static void append(std::string& out, const std::string& text) { append_json_string(out, text); }
  static void append(std::string& out, std::string_view text) { append_json_string(out, text); }
  static void append(std::string& out, Time time) {
    const auto text = rfc3339(time);
    append_quoted(out, {text.data(), text.size()});
  }
  static void append(std::string& out, Date date) { append_json_string(out, to_text(date)); }
  static void append(std::string& out, const Value& value) { append_json(out, value); }
  static void append(std::string& out, const WrittenJson& json) { out += json.text; }
  static void append(std::string& out, const Secret&) = delete;  // secrets come in, they never go out

  template <class Tag>
  static void append(std::string& out, const Id<Tag>& id) {
    const auto characters = id.characters();
    append_quoted(out, {characters.data(), characters.size()});
  }
  template <TextEnum E>
  static void append(std::string& out, const E& value) {
    append_json_string(out, enum_text(value));
  }
  template <class T>
  static void append(std::string& out, const std::optional<T>& member) {
    member ? append(out, *member) : void(out += "null");
  }
  template <class T>
  static void append(std::string& out, const Patch<T>& member) {
    member.value() != nullptr ? append(out, *member.value()) : void(out += "null");
  }
  template <class T>
  static void append(std::string& out, const std::vector<T>& items) {
    out += '[';
    const std::size_t begun = out.size();
    for (const T& item : items) {
      if (&item != items.data()) out += ',';
      append(out, item);
      if (&item == items.data()) out.reserve(begun + items.size() * (out.size() - begun + 8));  // alike, mostly
    }
    out += ']';
  }
  template <class T>
  static void append(std::string& out, const WrittenList<T>& list) {
    out.reserve(out.size() + list.text().size() + 80);  // and what follows
    out += '[';
    out += list.text();
    out += ']';
  }
  template <class... Ts>
  static void append(std::string& out, const std::variant<Ts...>& one) {
    std::visit([&out](const auto& held) { append(out, held); }, one);
  }
  template <class T>
  static void append(std::string& out, const T& object) {
    Writer writer{out};
    describe(writer, object);
    writer.finish();
  }

 private:
  template <class T>
  static bool is_present(const T&) {
    return true;
  }
  template <class T>
  static bool is_present(const std::optional<T>& member) {
    return member.has_value();
  }
  template <class T>
  static bool is_present(const Patch<T>& member) {
    return !member.is_absent();
  }

  /// A text without anything to escape.
  static void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    out += text;
    out += '"';
  }
  /// The comma, the name and the colon.
  void begin(std::string_view name);

  std::string& out_;
  bool is_empty_ = true;
};

template <class T>
void WrittenList<T>::add(const T& item) {
  const bool is_first = text_.empty();
  if (!is_first) text_ += ',';
  Writer::append(text_, item);
  if (is_first) text_.reserve(expected_ * (text_.size() + 8));  // alike, mostly
}

template <class T>
std::string write(const T& object) {
  std::string out;
  Writer::append(out, object);
  return out;
}

}  // namespace cardea::wire
