#pragma once
// Owners of C objects, such as OpenSSL's, for those who include its headers: this one does not.

#include <memory>

namespace cardea::crypto {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

/// Owns what a C function frees: Owner<EVP_PKEY, EVP_PKEY_free>.
template <class T, auto release>
using Owner = std::unique_ptr<T, Releaser<release>>;

}  // namespace cardea::crypto
