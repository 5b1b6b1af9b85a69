#pragma once
// What several operations of an OpenAPI document share. Internal to it.

#include <map>
#include <string>
#include <string_view>

#include "http/route.hpp"

namespace cardea::http::openapi_detail {

enum class Direction { request, response };

/// The named schemas of all bodies, and the security schemes of all surfaces, by name.
class Components {
 public:
  /// The schema with its "$defs" moved here, and its references turned to where they now are. Throws std::logic_error
  /// when a name stands for two shapes, which it does too when a type with that name is both sent and answered.
  wire::Value hoist(wire::Value schema, Direction direction);
  /// The body that is sent: a reference, and the component with the bounds that the room behind it has.
  wire::Value request(const Doc& doc);

  /// The name of the scheme for credentials that a surface takes.
  std::string scheme(const Surface& surface, const CredentialSource& source);

  [[nodiscard]] wire::Value take();

 private:
  void add(const std::string& name, wire::Value schema);

  std::map<std::string, wire::Value> schemas_;
  std::map<std::string, wire::Value> schemes_;
};

}  // namespace cardea::http::openapi_detail
