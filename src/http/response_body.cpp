#include "http/response_body.hpp"

#include <ostream>

namespace cardea::http {

std::ostream& operator<<(std::ostream& out, const ResponseBody& body) {
  return body.producer() == nullptr ? out << body.text() : out << "(made by a producer)";
}

}  // namespace cardea::http
