#pragma once
// The visitor that prints the schema of a described type. What does not depend on the type is in wire_schemer.cpp.

#include <algorithm>

#include "encoding/wire.hpp"

namespace cardea::wire {

namespace detail {

/// What OpenAPI lets the name of a component be.
constexpr bool is_schema_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

/// A described type that names itself.
template <class T>
concept Named = requires { std::string_view{T::schema_name}; };

}  // namespace detail

/// Prints the schema of one object.
class Schemer {
 public:
  static constexpr bool writes = true;

  /// Named types go to `definitions`.
  explicit Schemer(Object& definitions) : definitions_(definitions) {}

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
  template <class T>
  void if_present(std::string_view name, const std::optional<T>&, const detail::Bounds<T>& bounds = {}) {
    add(name, schema_of(T{}, bounds), bounds.doc);
  }
  template <class Members>
  void rest(const Members&, std::string_view doc = {}) {
    take_others(doc);
  }

  [[nodiscard]] Schema take();

  Schema schema_of(bool, const Limit&);
  Schema schema_of(std::int64_t, const Range& range);
  Schema schema_of(int, const Range& range) { return schema_of(std::int64_t{0}, range); }
  Schema schema_of(const std::string&, const Limit& limit) { return schema_of(std::string_view{}, limit); }
  Schema schema_of(std::string_view, const Limit& limit);
  Schema schema_of(const Secret&, const Limit& limit);
  Schema schema_of(Time, const Limit&);
  Schema schema_of(Date, const Limit&);
  Schema schema_of(const Value&, const Limit&) { return Object{}; }

  template <class Tag>
  Schema schema_of(const Id<Tag>&, const Limit&) {
    return id_schema(Tag::prefix);
  }
  template <TextEnum E>
  Schema schema_of(const E&, const Limit&) {
    return enum_schema(detail::texts_of<E>());
  }
  template <class T, class B>
  Schema schema_of(const std::optional<T>&, const B& bounds) {
    return nullable(schema_of(T{}, bounds));
  }
  template <class T, class B>
  Schema schema_of(const Patch<T>&, const B& bounds) {
    return nullable(schema_of(T{}, bounds));
  }
  template <class T>
  Schema schema_of(const std::vector<T>&, const Limit& limit) {
    return list_schema(schema_of(T{}, detail::Bounds<T>{}), limit);
  }
  template <class T>
  Schema schema_of(const WrittenList<T>&, const Limit& limit) {
    return list_schema(schema_of(T{}, detail::Bounds<T>{}), limit);
  }
  template <class... Ts, class B>
  Schema schema_of(const std::variant<Ts...>&, const B&) {
    return Object{{"oneOf", Array{schema_of(Ts{}, Limit{})...}}};
  }
  template <class T, class B>
  Schema schema_of(const T& object, const B&) {
    Schemer inner{definitions_};
    describe(inner, object);
    if constexpr (detail::Named<T>) {
      static_assert(detail::is_schema_name(T::schema_name));
      Schema schema = inner.take();
      if constexpr (requires { T::schema_example; }) add_example(schema, T::schema_example);
      return define(T::schema_name, std::move(schema));
    } else {
      return inner.take();
    }
  }

 private:
  static Schema id_schema(std::string_view prefix);
  static Schema enum_schema(const std::vector<std::string_view>& texts);
  static void add_example(Schema& schema, std::string_view json);
  static Schema nullable(Schema schema);
  static Schema list_schema(Schema item, const Limit& limit);
  void add(std::string_view name, Schema schema, std::string_view doc);
  void take_others(std::string_view doc);
  /// Keeps a named schema, and refers to it.
  Schema define(std::string_view name, Schema schema);

  Object& definitions_;
  Object properties_;
  Array required_;
  Value others_ = false;  // "additionalProperties"
};

template <class T>
Schema schema() {
  Object definitions;
  Schema root = Schemer{definitions}.schema_of(T{}, detail::Bounds<T>{.max = unlimited});
  if (!definitions.empty()) root.get<Object>()->push_back({"$defs", std::move(definitions)});
  return root;
}

}  // namespace cardea::wire
