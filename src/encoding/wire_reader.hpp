#pragma once
// The visitor that reads a described type. What does not depend on the type is in wire_reader.cpp, to keep every
// includer quick to compile.

#include "encoding/wire.hpp"

namespace cardea::wire {

namespace detail {

/// The problems found so far and the path of the member being read.
struct Report {
  std::vector<FieldError> errors;
  std::string path;

  void add(std::string_view code, std::string detail);
};

/// Lengthens the path of a report while it lives.
class Step {
 public:
  Step(Report& report, std::string_view name);
  Step(Report& report, std::size_t index) : Step(report, std::to_string(index)) {}
  ~Step() { report_.path.resize(size_); }
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

 private:
  Report& report_;
  std::size_t size_;
};

}  // namespace detail

/// Reads one object; collects every problem instead of stopping at the first.
class Reader {
 public:
  static constexpr bool writes = false;

  Reader(const Value& value, detail::Report& report);

  template <class T>
  void required(std::string_view name, T& member, const detail::Bounds<T>& bounds = {}) {
    if (const Value* value = need(name)) read_member(name, *value, member, bounds);
  }
  template <class T>
  void expected(std::string_view name, T& member, const detail::Bounds<T>& bounds = {}) {
    optional(name, member, bounds);
  }
  template <class T>
  void optional(std::string_view name, T& member, const detail::Bounds<T>& bounds = {}) {
    if (const Value* value = find(name)) read_member(name, *value, member, bounds);
  }
  template <class T>
  void if_present(std::string_view name, std::optional<T>& member, const detail::Bounds<T>& bounds = {}) {
    if (const Value* value = find(name)) read_member(name, *value, member.emplace(), bounds);
  }
  /// Must come after all named members.
  void rest(Object& members, std::string_view doc = {});

  /// Reports the members nobody asked for.
  void finish();

  /// Reads any readable type.
  template <class T>
  static void read_any(const Value& value, T& out, detail::Report& report) {
    Reader{value, report, nullptr}.get(value, out, detail::Bounds<T>{});
  }

 private:
  Reader(const Value& value, detail::Report& report, std::nullptr_t) : object_(value.get<Object>()), report_(report) {}

  /// Finds a member and remembers that it is known.
  const Value* find(std::string_view name);
  const Value* need(std::string_view name);

  template <class T>
  void read_member(std::string_view name, const Value& value, T& member, const detail::Bounds<T>& bounds) {
    const detail::Step step{report_, name};
    get(value, member, bounds);
  }

  void get(const Value& value, bool& out, const Limit& limit);
  void get(const Value& value, std::int64_t& out, const Range& range);
  void get(const Value& value, int& out, const Range& range);
  void get(const Value& value, std::string& out, const Limit& limit);
  void get(const Value& value, Secret& out, const Limit& limit);
  void get(const Value& value, Time& out, const Limit& limit);
  void get(const Value& value, Date& out, const Limit& limit);
  void get(const Value& value, Value& out, const Limit&) { out = value; }
  void get(const Value& value, std::string_view& out, const Limit& limit) = delete;  // owns nothing to read into

  template <class Tag>
  void get(const Value& value, Id<Tag>& out, const Limit&) {
    const auto* text = value.get<std::string>();
    const auto id = text != nullptr ? Id<Tag>::parse(*text) : std::nullopt;
    if (id)
      out = *id;
    else
      wrong_type("This is not a valid id.");
  }
  template <TextEnum E>
  void get(const Value& value, E& out, const Limit&) {
    const auto* text = value.get<std::string>();
    const auto known = text != nullptr ? parse_enum<E>(*text) : std::nullopt;
    if (known)
      out = *known;
    else
      none_of(detail::texts_of<E>());
  }
  template <class T, class B>
  void get(const Value& value, std::optional<T>& out, const B& bounds) {
    out.reset();
    if (!value.is<std::nullptr_t>()) get(value, out.emplace(), bounds);
  }
  template <class T, class B>
  void get(const Value& value, Patch<T>& out, const B& bounds) {
    out = Patch<T>::cleared();
    if (value.is<std::nullptr_t>()) return;
    T replacement{};
    get(value, replacement, bounds);
    out = Patch<T>{std::move(replacement)};
  }
  template <class T>
  void get(const Value& value, std::vector<T>& out, const Limit& limit) {
    const Array* items = list(value, limit);
    if (items == nullptr) return;
    out.clear();
    for (std::size_t i = 0; i < items->size(); ++i) {
      const detail::Step step{report_, i};
      T item{};
      get((*items)[i], item, detail::Bounds<T>{});
      out.push_back(std::move(item));
    }
  }
  template <class T, class B>
  void get(const Value& value, T& out, const B&) {
    Reader inner{value, report_};
    describe(inner, out);
    inner.finish();
  }

  /// The items of a list of permitted size, otherwise null and a report.
  const Array* list(const Value& value, const Limit& limit);
  const std::string* text(const Value& value, const Limit& limit);
  void none_of(const std::vector<std::string_view>& texts);
  void wrong_type(std::string_view detail) { report_.add("wrong_type", std::string{detail}); }

  const Object* object_;  // null when the value was none, which is reported once
  detail::Report& report_;
  std::vector<bool> known_;
};

template <class T>
Result<T> from_value(const Value& value) {
  detail::Report report;
  T object{};
  Reader::read_any(value, object, report);
  if (!report.errors.empty()) return Error{validation_failed, std::move(report.errors)};
  return object;
}

template <class T>
Result<T> read(std::string_view json) {
  const auto value = TRY(parse(json));
  return from_value<T>(value);
}

template <class T>
Result<T> read(std::string_view json, std::vector<FieldError>& problems) {
  const auto value = TRY(parse(json));
  if (!value.template is<Object>()) return from_value<T>(value);
  detail::Report report;
  T object{};
  Reader::read_any(value, object, report);
  problems.insert(problems.end(), report.errors.begin(), report.errors.end());
  return object;
}

}  // namespace cardea::wire
