#include "base/secret.hpp"

#include <cstring>
#include <utility>

namespace cardea {

void wipe(void* data, std::size_t size) {
  if (size > 0) explicit_bzero(data, size);
}

void wipe(std::string& text) {
  text.resize(text.capacity());
  wipe(text.data(), text.size());
  text.clear();
}

Secret::Secret(std::string_view text) : text_(std::make_unique<char[]>(text.size())), size_(text.size()) {
  if (size_ > 0) std::memcpy(text_.get(), text.data(), size_);
}

Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(text_, other.text_);
  std::swap(size_, other.size_);
  return *this;
}

Secret::~Secret() {
  if (text_) wipe(text_.get(), size_);
}

}  // namespace cardea
