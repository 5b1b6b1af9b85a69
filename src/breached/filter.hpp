#pragma once
// A filter file that is open; private to this module.

#include <string>

#include "breached/filter_layout.hpp"

namespace cardea::breached {

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

/// Look-ups from any thread.
class Filter {
 public:
  /// Checks the head and the index, which takes milliseconds. Errors: breached.unusable.
  static Result<Filter> open(const std::string& path);

  /// Whether the key is in it; absent when its place cannot be read or is damaged.
  [[nodiscard]] std::optional<bool> holds(const Key& key) const;
  [[nodiscard]] Facts facts() const;

 private:
  Filter(Descriptor file, const Head& head) : file_(std::move(file)), head_(head) {}

  Descriptor file_;
  Head head_;
};

}  // namespace cardea::breached
