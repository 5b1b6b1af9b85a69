#pragma once
// A vector whose first elements lie in itself, for what is made and copied with every request.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace cardea {

/// Of values that can be copied as bytes. Up to `inside` of them need no allocation.
template <class T, std::size_t inside>
  requires std::is_trivially_copyable_v<T>
class SmallVector {
 public:
  using value_type = T;

  SmallVector() = default;
  SmallVector(std::initializer_list<T> values) { append({values.begin(), values.size()}); }
  SmallVector(const SmallVector& other) { append(other); }
  SmallVector(SmallVector&& other) noexcept { take(other); }
  SmallVector& operator=(const SmallVector& other) {
    if (this == &other) return *this;
    clear();
    append(other);
    return *this;
  }
  SmallVector& operator=(SmallVector&& other) noexcept {
    if (this != &other) take(other);
    return *this;
  }
  ~SmallVector() = default;

  void push_back(const T& value) {
    if (size_ == capacity_) grow();
    data()[size_++] = value;
  }
  /// Removes what stands from `first` on.
  void erase_from(T* first) { size_ = static_cast<std::size_t>(first - begin()); }
  void clear() { size_ = 0; }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] T* begin() { return data(); }
  [[nodiscard]] T* end() { return data() + size_; }
  [[nodiscard]] const T* begin() const { return data(); }
  [[nodiscard]] const T* end() const { return data() + size_; }
  [[nodiscard]] const T& front() const { return data()[0]; }
  [[nodiscard]] const T& back() const { return data()[size_ - 1]; }
  [[nodiscard]] operator std::span<const T>() const { return {data(), size_}; }  // NOLINT(google-explicit-constructor)

  friend bool operator==(const SmallVector& a, const SmallVector& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  [[nodiscard]] T* data() { return more_ ? more_.get() : reinterpret_cast<T*>(inside_); }
  [[nodiscard]] const T* data() const { return more_ ? more_.get() : reinterpret_cast<const T*>(inside_); }
  void append(std::span<const T> values) {
    for (const T& value : values) push_back(value);
  }
  void grow() {
    const std::size_t capacity = capacity_ * 2;
    auto more = std::make_unique<T[]>(capacity);
    std::copy(begin(), end(), more.get());
    more_ = std::move(more);
    capacity_ = capacity;
  }
  void take(SmallVector& other) noexcept {
    more_ = std::move(other.more_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, inside);
    if (!more_) std::memcpy(inside_, other.inside_, size_ * sizeof(T));
  }

  std::size_t size_ = 0;
  std::size_t capacity_ = inside;
  std::unique_ptr<T[]> more_;
  alignas(T) std::byte inside_[inside * sizeof(T)];  // unset until it is used
};

}  // namespace cardea
