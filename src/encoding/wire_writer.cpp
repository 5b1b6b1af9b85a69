#include "encoding/wire_writer.hpp"

namespace cardea::wire {

void Writer::begin(std::string_view name) {
  if (!is_empty_) out_ += ',';
  is_empty_ = false;
  append_json_string(out_, name);
  out_ += ':';
}

void Writer::rest(const Object& members, std::string_view) {
  for (const auto& [name, value] : members) member(name, value);
}

}  // namespace cardea::wire
