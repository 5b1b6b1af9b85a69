#include "crypto/openssl_errors.hpp"

#include <openssl/err.h>

#include <new>
#include <stdexcept>

namespace cardea::crypto {

bool found_no_memory() {
  bool is_so = false;
  while (const unsigned long error = ERR_get_error()) {
    is_so = is_so || ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
  }
  return is_so;
}

void fail_for_memory() {
  ERR_clear_error();
  throw std::bad_alloc{};
}

void fail(const char* what) {
  // It always says why, unless there is no memory for that either.
  const bool is_silent = ERR_peek_error() == 0;
  if (found_no_memory() || is_silent) throw std::bad_alloc{};
  throw std::runtime_error{what};
}

}  // namespace cardea::crypto
