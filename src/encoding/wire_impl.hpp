#pragma once
// The visitors behind wire.hpp. What does not depend on a type is in wire.cpp, to keep every includer quick to compile.

#include <concepts>

#include "encoding/wire.hpp"

namespace cardea::wire {

namespace detail {

template <class T>
struct Plain {
  using type = T;
};
template <class T>
struct Plain<std::optional<T>> {
  using type = T;
};
template <class T>
struct Plain<Patch<T>> {
  using type = T;
};

template <class T>
concept Whole = std::same_as<typename Plain<std::remove_const_t<T>>::type, std::int64_t> ||
                std::same_as<typename Plain<std::remove_const_t<T>>::type, int>;

/// What bounds a member of type T.
template <class T>
using Bounds = std::conditional_t<Whole<T>, Range, Limit>;

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
  /// Must come after all named members.
  void rest(Object& members);

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

  template <class Tag>
  void get(const Value& value, Id<Tag>& out, const Limit&) {
    const auto* text = value.get<std::string>();
    const auto id = text != nullptr ? Id<Tag>::parse(*text) : std::nullopt;
    if (id)
      out = *id;
    else
      wrong_type("This is not a valid id.");
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
  void wrong_type(std::string_view detail) { report_.add("wrong_type", std::string{detail}); }

  const Object* object_;  // null when the value was none, which is reported once
  detail::Report& report_;
  std::vector<bool> known_;
};

/// Writes one object.
class Writer {
 public:
  static constexpr bool writes = true;

  template <class T>
  void required(std::string_view name, const T& member, const detail::Bounds<T>& = {}) {
    put(name, value_of(member));
  }
  template <class T>
  void expected(std::string_view name, const T& member, const detail::Bounds<T>& bounds = {}) {
    required(name, member, bounds);
  }
  template <class T>
  void optional(std::string_view name, const T& member, const detail::Bounds<T>& = {}) {
    if (is_present(member)) put(name, value_of(member));
  }
  void rest(const Object& members);

  [[nodiscard]] Value take() { return Value{std::move(members_)}; }

  static Value value_of(bool flag) { return flag; }
  static Value value_of(std::int64_t number) { return number; }
  static Value value_of(int number) { return number; }
  static Value value_of(const std::string& text) { return text; }
  static Value value_of(Time time);
  static Value value_of(Date date);
  static Value value_of(const Value& value) { return value; }
  static Value value_of(const Secret&) = delete;  // secrets come in, they never go out

  template <class Tag>
  static Value value_of(const Id<Tag>& id) {
    return id.text();
  }
  template <class T>
  static Value value_of(const std::optional<T>& member) {
    return member ? value_of(*member) : Value{};
  }
  template <class T>
  static Value value_of(const Patch<T>& member) {
    return member.value() ? value_of(*member.value()) : Value{};
  }
  template <class T>
  static Value value_of(const std::vector<T>& items) {
    Array list;
    list.reserve(items.size());
    for (const T& item : items) list.push_back(value_of(item));
    return list;
  }
  template <class T>
  static Value value_of(const T& object) {
    Writer writer;
    describe(writer, object);
    return writer.take();
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

  void put(std::string_view name, Value value);

  Object members_;
};

/// Prints the schema of one object.
class Schemer {
 public:
  static constexpr bool writes = true;

  template <class T>
  void required(std::string_view name, const T& member, const detail::Bounds<T>& bounds = {}) {
    required_.push_back(Value{name});
    add(name, schema_of(member, bounds), bounds.doc);
  }
  template <class T>
  void expected(std::string_view name, const T& member, const detail::Bounds<T>& bounds = {}) {
    required(name, member, bounds);
  }
  template <class T>
  void optional(std::string_view name, const T& member, const detail::Bounds<T>& bounds = {}) {
    add(name, schema_of(member, bounds), bounds.doc);
  }
  void rest(const Object&) { open_ = true; }

  [[nodiscard]] Schema take();

  static Schema schema_of(bool, const Limit&);
  static Schema schema_of(std::int64_t, const Range& range);
  static Schema schema_of(int, const Range& range) { return schema_of(std::int64_t{0}, range); }
  static Schema schema_of(const std::string&, const Limit& limit);
  static Schema schema_of(const Secret&, const Limit& limit);
  static Schema schema_of(Time, const Limit&);
  static Schema schema_of(Date, const Limit&);
  static Schema schema_of(const Value&, const Limit&) { return Object{}; }

  template <class Tag>
  static Schema schema_of(const Id<Tag>&, const Limit&) {
    return id_schema(Tag::prefix);
  }
  template <class T, class B>
  static Schema schema_of(const std::optional<T>&, const B& bounds) {
    return nullable(schema_of(T{}, bounds));
  }
  template <class T, class B>
  static Schema schema_of(const Patch<T>&, const B& bounds) {
    return nullable(schema_of(T{}, bounds));
  }
  template <class T>
  static Schema schema_of(const std::vector<T>&, const Limit& limit) {
    return list_schema(schema_of(T{}, detail::Bounds<T>{}), limit);
  }
  template <class T, class B>
  static Schema schema_of(const T& object, const B&) {
    Schemer inner;
    describe(inner, object);
    return inner.take();
  }

 private:
  static Schema id_schema(std::string_view prefix);
  static Schema nullable(Schema schema);
  static Schema list_schema(Schema item, const Limit& limit);
  void add(std::string_view name, Schema schema, std::string_view doc);

  Object properties_;
  Array required_;
  bool open_ = false;
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

template <class T>
Value to_value(const T& object) {
  return Writer::value_of(object);
}

template <class T>
std::string write(const T& object) {
  return to_json(Writer::value_of(object));
}

template <class T>
Schema schema() {
  return Schemer::schema_of(T{}, detail::Bounds<T>{});
}

}  // namespace cardea::wire
